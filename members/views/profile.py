"""A collective's page, and the two letters that can be written from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common.letters import LetterForm, letter_page
from members.forms.letters import AccessForm, ContactForm, NamelessAccessForm, SignedInAccessForm
from members.models import Collective
from members.profile_page import profile_page, shown_profile
from members.services import access

LETTERS_A_DAY = 30  # to one collective


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """A collective's page; one that isn't public yet for its own people and admins only."""
    visible = Collective.objects.visible_to(request.user).select_related(
        "published_profile", "pin", "merged_into"
    )
    collective = get_object_or_404(visible, slug=slug)
    if collective.merged_into:
        return redirect(collective.merged_into)
    shown = shown_profile(collective)
    if shown is None:
        return render(request, "members/profile_none.html", {"collective": collective})
    return render(request, "members/profile.html", {"page": profile_page(collective, shown)})


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to a collective, without seeing its address."""
    published = Collective.objects.visible_to(request.user).published()
    collective = get_object_or_404(published.exclude(contact_email=""), slug=slug)

    def send(given: dict[str, Any]) -> None:
        access.send_message(collective, name=given["name"], email=given["email"], message=given["message"])

    return _letter(request, collective, ContactForm, "members/contact.html", send)


@require_http_methods(["GET", "HEAD", "POST"])
def request_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for access to a collective that is here already; who is signed in isn't asked who they are."""
    collective = get_object_or_404(Collective.objects.visible_to(request.user).published(), slug=slug)
    user: Any = request.user if request.user.is_authenticated else None

    def send(given: dict[str, Any]) -> None:
        name = given.get("name") or user.name
        if user and not user.name:
            user.name = name
            user.save(update_fields=["name"])
        access.request_access(
            collective,
            name=name,
            email=user.email if user else given["email"],
            message=given["message"],
            language=get_language() or "nl",
            user=user,
        )

    form_class = (SignedInAccessForm if user.name else NamelessAccessForm) if user else AccessForm
    is_in = bool(user) and collective.memberships.filter(left_at=None, user=user).exists()
    return _letter(request, collective, form_class, "members/request_access.html", send, {"is_in": is_in})


def _letter(
    request: HttpRequest,
    collective: Collective,
    form_class: type[LetterForm],
    template: str,
    send: Callable[[dict[str, Any]], None],
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    return letter_page(
        request,
        form_class,
        template,
        {"collective": collective, **(more or {})},
        to=str(collective.pk),
        a_day=LETTERS_A_DAY,
        send=send,
    )
