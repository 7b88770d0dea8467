"""Services on offer: what collectives have for hire, and where the platform's team looks first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from collectievekracht.common import audit
from members.models import Collective, ServiceOffer, User
from members.services.contributions import record_offer
from members.services.holding import hold

MOST = 50  # of one collective


class TooMany(Exception):
    """The collective offers more than anybody reads."""


@transaction.atomic
def add_offer(collective: Collective, facts: Mapping[str, Any], by: User) -> ServiceOffer:
    """Something new on offer. Raises `TooMany` at some number of them."""
    hold(collective)
    if collective.offers.count() >= MOST:
        raise TooMany
    offer = ServiceOffer.objects.create(collective=collective, **facts)
    record_offer(offer)
    audit.record(by.pk, "offer.added", offer)
    return offer


class ChangedMeanwhile(Exception):
    """Somebody else changed the offer since it was looked at."""


def mark_of(offer: ServiceOffer) -> str:
    """A mark of the offer as it stands: another one after every change."""
    return offer.changed_at.isoformat()


@transaction.atomic
def change_offer(offer: ServiceOffer, facts: Mapping[str, Any], by: User, *, seen: str = "") -> None:
    """Other words for something on offer.

    Raises `ChangedMeanwhile` when it isn't as with the mark `seen`, where one is given; `offer` is then as it stands.
    """
    hold(offer.collective)
    offer.refresh_from_db()
    if seen and seen != mark_of(offer):
        raise ChangedMeanwhile
    for name, value in facts.items():
        setattr(offer, name, value)
    offer.save(update_fields=[*facts, "changed_at"])
    audit.record(by.pk, "offer.changed", offer)


@transaction.atomic
def open_offer(offer: ServiceOffer, by: User, *, is_open: bool) -> None:
    """Take something off the offer, or back on; asking for what is so already changes nothing."""
    if ServiceOffer.objects.filter(pk=offer.pk).exclude(is_open=is_open).update(is_open=is_open):
        audit.record(by.pk, "offer.opened" if is_open else "offer.closed", offer)
