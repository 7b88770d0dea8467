"""Confirming that one wants the newsletter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from newsletter import services
from newsletter.models import Subscriber


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, so that a scanner that follows links confirms nothing."""
    if request.method == "POST":
        if services.confirm(token) is None:
            raise Http404
        return redirect(request.path)
    subscriber = Subscriber.objects.open_to(token).first()
    if subscriber is None:
        raise Http404
    return render(request, "newsletter/confirm.html", {"subscriber": subscriber})
