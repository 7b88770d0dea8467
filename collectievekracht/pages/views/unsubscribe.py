"""Turning off one kind of mail, without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from collectievekracht.common import registry, suppressions


@csrf_exempt  # a mail program posts here without our page, a cookie or a session; the token's signature is the secret
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def turn_off(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; looking turns nothing off. POST turns this kind of mail off for the token's address.

    A POST answers at once, never with a redirect, which mail programs don't follow (RFC 8058).
    """
    read = suppressions.read_turn_off_token(token)
    kind = registry.mail_kinds.get(read[0]) if read else None
    if read is None or kind is None or kind.turn_off is None:
        raise Http404
    address = read[1]
    is_on = kind.is_on or kind.may_receive
    was_off = suppressions.is_suppressed(address, "mail", f"mail:{kind.code}") or not is_on(address)
    if request.method == "POST" and not was_off:
        kind.turn_off(address)
    state = "already" if was_off else "done" if request.method == "POST" else "on"
    context = {"kind": kind.name, "address": address, "state": state}
    return render(request, "pages/unsubscribe.html", context)
