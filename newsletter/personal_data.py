"""What the newsletter keeps of a person: an address, and that it said yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import rows
from collectievekracht.common.registry import (
    ConsentSource,
    GivenConsent,
    PersonalData,
    consent_sources,
    personal_data,
)
from newsletter.models import Subscriber


def register() -> None:
    """Tell the registries of it; called once at start-up."""
    personal_data.add(NEWSLETTER)
    consent_sources.add(ConsentSource("newsletter", _given, _withdraw))


def _list(user_id: int | None, email: str) -> Iterator[Mapping[str, Any]]:
    if email:
        yield from rows(
            Subscriber.objects.filter(email__iexact=email),
            *("email", "language", "channel", "text_version", "asked_at", "confirmed_at", "left_at"),
        )


def _erase(user_id: int | None, email: str) -> None:
    if email:
        Subscriber.objects.filter(email__iexact=email).delete()


def _known() -> Iterator[tuple[str, datetime]]:
    yield from Subscriber.objects.values_list("email", "asked_at")


def _given(user_id: int, email: str) -> Iterator[GivenConsent]:
    if not email:
        return
    for one in Subscriber.objects.filter(email__iexact=email).exclude(confirmed_at=None):
        assert one.confirmed_at is not None
        yield GivenConsent(
            key=str(one.pk),
            title=_("The newsletter"),
            text=str(_("Yes, send me the newsletter once a month.")),
            version=one.text_version,
            given_at=one.confirmed_at,
            withdrawn_at=one.left_at,
            about=one.email,
        )


def _withdraw(user_id: int, email: str, key: str) -> bool:
    if not (email and key.isdecimal() and len(key) < 19):
        return False
    mine = Subscriber.objects.filter(pk=int(key), email__iexact=email, left_at=None).exclude(
        confirmed_at=None
    )
    return bool(mine.update(left_at=timezone.now()))


NEWSLETTER = PersonalData(
    "newsletter",
    _("The newsletter"),
    _list,
    _erase,
    models=("newsletter.Subscriber",),
    what=_("Whether you subscribed, when, and in which language."),
    known=_known,
)
