"""Consents: given with their text and version, withdrawn as easily."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from members.choices import ConsentKind
from members.models import Collective, Consent
from members.services.collectives import hold, publish, remove_pin


@dataclass(frozen=True)
class Yes:
    """A consent as it was given: the words that were agreed to, and how (for the map)."""

    text: str
    detail: str = ""


@transaction.atomic
def record_consents(collective: Collective, given: Mapping[ConsentKind, Yes], *, version: str) -> None:
    """Bring the consents in force to exactly `given`; what is no longer given is withdrawn, never erased."""
    hold(collective)
    now = timezone.now()
    in_force = {consent.kind: consent for consent in collective.consents.in_force().select_for_update()}
    for kind in ConsentKind:
        old, new = in_force.get(kind), given.get(kind)
        if old and new and (old.detail, old.text, old.text_version) == (new.detail, new.text, version):
            continue
        if old:
            Consent.objects.filter(pk=old.pk).update(withdrawn_at=now)
        if new:
            Consent.objects.create(
                collective=collective,
                kind=kind,
                detail=new.detail,
                text=new.text,
                text_version=version,
                given_at=now,
            )


@transaction.atomic
def withdraw_consent(collective: Collective, kind: ConsentKind) -> None:
    """Take one consent back; a page or a pin that hung on it is gone at once."""
    hold(collective)
    collective.consents.in_force().filter(kind=kind).update(withdrawn_at=timezone.now())
    if kind in (ConsentKind.PROFILE, ConsentKind.MAP):
        remove_pin(collective)
    publish(collective)
