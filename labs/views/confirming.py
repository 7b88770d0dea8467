"""The mailed "is this still right?": a page with one button, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from labs.services import confirmations


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, so that a scanner that follows links confirms nothing."""
    found = confirmations.read_token(token)
    if found is None:
        return render(request, "labs/confirm_gone.html", status=404)
    membership, due = found
    if request.method == "POST":
        confirmations.confirm(membership, membership.user, due=due)
        return redirect(request.path)
    context = {"membership": membership, "lab": membership.lab, "waits": membership.confirm_by == due}
    return render(request, "labs/confirm.html", context)
