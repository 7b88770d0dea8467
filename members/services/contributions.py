"""The ledger: what collectives and people gave and received, one line an occasion, written by every app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from collectievekracht.common import registry
from members.choices import ConsentKind, Direction
from members.ledger import OFFER, RESEARCH
from members.models import Collective, Consent, Contribution, ServiceOffer


def record_contribution(
    kind: str,
    direction: Direction,
    *,
    key: str,
    collective_id: int | None = None,
    user_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write one line for a collective, a person, or both; part of the caller's transaction.

    The same key again writes nothing. `kind` is registered in `registry.contribution_kinds`; `facts` hold what the
    line says, never an answer of a scan or an address.
    """
    registry.contribution_kinds[kind]
    line = Contribution(
        kind=kind,
        direction=direction,
        key=key,
        collective_id=collective_id,
        user_id=user_id,
        facts=dict(facts or {}),
        at=at or timezone.now(),
    )
    Contribution.objects.bulk_create([line], ignore_conflicts=True)


def record_research(consent: Consent, now: datetime) -> None:
    """A collective agreed to research with its answers: one line in each year in which it says so, however often."""
    if consent.kind == ConsentKind.RESEARCH:
        year = timezone.localtime(now).year
        record_contribution(
            RESEARCH,
            Direction.GAVE,
            key=f"{RESEARCH}:{consent.collective_id}:{year}",
            collective_id=consent.collective_id,
            at=now,
        )


def record_offer(offer: ServiceOffer) -> None:
    """A collective offers something that the platform can hire."""
    record_contribution(
        OFFER,
        Direction.GAVE,
        key=f"{OFFER}:{offer.pk}",
        collective_id=offer.collective_id,
        facts={"title": offer.title},
        at=offer.made_at,
    )


def move_contributions(collective: Collective, into: Collective) -> None:
    """What a collective gave and received belongs to the one that it turned out to be."""
    Contribution.objects.filter(collective=collective).update(collective=into)
