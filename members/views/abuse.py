"""Reporting that something is not right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collectievekracht.common import form_keys, limits
from members.choices import AbuseReason
from members.forms.abuse import AbuseForm
from members.services.abuse import report_abuse

AN_HOUR = 5  # of one visitor


class _TooMany(Exception):
    """This visitor reported enough for now."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Report a page to the team, signed in or not."""
    user: Any = request.user
    page = request.GET.get("pagina", "")[:300]
    form = AbuseForm(request.POST or None, initial={"pagina": page}, signed_in=user.is_authenticated)
    context = {"form": form, "sent": request.GET.get("verstuurd") == "ja" and not form.is_bound}
    if request.method != "POST" or not form.is_valid():
        return render(request, "members/abuse.html", context)
    given = form.cleaned_data

    def act() -> bool:
        if not limits.hit("abuse", limits.client_ip(request), AN_HOUR, 3600):
            raise _TooMany
        report_abuse(
            form.thing,
            address=given["pagina"],
            reason=AbuseReason(given["reason"]),
            text=given["text"],
            reporter=user if user.is_authenticated else None,
            email=given.get("email", ""),
            language=get_language() or "nl",
        )
        return True

    try:
        form_keys.run_once(form_keys.of(given), act, scope=f"abuse:{user.pk}")
    except _TooMany:
        form.add_error(None, _("You have reported several things in a short time. Try again in an hour."))
        return render(request, "members/abuse.html", context, status=429)
    return redirect(f"{request.path}?verstuurd=ja")
