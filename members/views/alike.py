"""Collectives like mine, and a message to one of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common.letters import letter_page
from members.alike_page import alike_page
from members.choices import ReviewState
from members.consent_texts import ASKED
from members.forms.alike import AlikeForm
from members.models import Collective
from members.services.alike import write_to_alike

LETTERS_A_DAY = 10  # to one collective, of all that are like it


@require_safe
@never_cache
@login_required
def alike(request: HttpRequest, slug: str) -> HttpResponse:
    """The collectives most like mine among those that agreed to be shown; for the people of an approved collective."""
    mine = Collective.objects.of(request.user).filter(state=ReviewState.APPROVED)
    collective = get_object_or_404(mine, slug=slug)
    context = {
        "page": alike_page(collective),
        "represents": Collective.objects.represented_by(request.user).filter(pk=collective.pk).exists(),
        "asked": ASKED,
    }
    return render(request, "members/alike.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def write(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """Write for my collective to one that is like it, whose address stays hidden; one that didn't agree isn't there."""
    mine = Collective.objects.represented_by(request.user).filter(state=ReviewState.APPROVED)
    sender = get_object_or_404(mine, slug=slug)
    reader = get_object_or_404(Collective.objects.shown_alike(sender).exclude(contact_email=""), slug=other)

    def send(given: dict[str, Any]) -> None:
        who = {key: given[key] for key in ("name", "email", "message")}
        write_to_alike(sender, reader, **who)

    return letter_page(
        request,
        AlikeForm,
        "members/alike_write.html",
        {"collective": sender, "other": reader},
        to=str(reader.pk),
        a_day=LETTERS_A_DAY,
        send=send,
    )
