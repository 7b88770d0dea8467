"""Asking for the newsletter, and confirming that one wants it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collectievekracht.common import form_keys, limits
from newsletter import services
from newsletter.forms import SubscribeForm
from newsletter.models import Subscriber

# The version of the words beside the form: what people said yes to.
TEXT_VERSION = "website-1"
FROM_HERE_AN_HOUR = 20
TO_ONE_A_DAY = 5


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter, and its archive. The answer never tells whether an address was known."""
    initial = {"language": get_language() or "nl"}
    form = SubscribeForm(request.POST or None, initial=initial)
    context = {"form": form, "sent": request.GET.get("verstuurd") == "ja"}
    if request.method != "POST" or not form.is_valid():
        return render(request, "newsletter/subscribe.html", context)
    if not limits.hit("newsletter.from", limits.client_ip(request), FROM_HERE_AN_HOUR, 3600):
        form.add_error(None, _("You asked for this many times. Please wait an hour."))
        return render(request, "newsletter/subscribe.html", context, status=429)
    form_keys.run_once(form_keys.of(form.cleaned_data), lambda: _ask(form), scope="newsletter.subscribe")
    return redirect(f"{request.path}?verstuurd=ja")


def _ask(form: SubscribeForm) -> bool:
    """Mail this address, unless it was mailed often today: the visitor is told the same."""
    email = form.cleaned_data["email"]
    if limits.hit("newsletter.to", email.lower(), TO_ONE_A_DAY, 86_400):
        services.subscribe(
            email, language=form.cleaned_data["language"], channel="website", text_version=TEXT_VERSION
        )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, so that a scanner that follows links confirms nothing."""
    if request.method == "POST" and services.confirm(token):
        return redirect(request.path)
    subscriber = Subscriber.objects.open_to(token).first()
    if subscriber is None:
        return render(request, "newsletter/gone.html", status=404)
    return render(request, "newsletter/confirm.html", {"subscriber": subscriber})
