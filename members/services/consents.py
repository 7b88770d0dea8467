"""Consents: given with their text and version, withdrawn as easily."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from members.choices import SCAN_CONSENTS, ConsentKind, PinPrecision, ReviewState
from members.models import Collective, Consent, MapPin, User
from members.queries_peers import rank_anew
from members.services.collectives import place_pin, publish, remove_pin
from members.services.contributions import record_research
from members.services.holding import hold


@dataclass(frozen=True)
class Yes:
    """A consent as it was given: the words that were agreed to, and how (for the map)."""

    text: str
    detail: str = ""


@transaction.atomic
def record_consents(collective: Collective, given: Mapping[ConsentKind, Yes], *, version: str) -> None:
    """Bring the consents that a scan asks to exactly `given`; what is no longer given is withdrawn, never erased."""
    hold(collective)
    now = timezone.now()
    in_force = {consent.kind: consent for consent in collective.consents.in_force().select_for_update()}
    for kind in SCAN_CONSENTS:
        old, new = in_force.get(kind), given.get(kind)
        if old and new and (old.detail, old.text, old.text_version) == (new.detail, new.text, version):
            record_research(old, now)
            continue
        if old:
            Consent.objects.filter(pk=old.pk).update(withdrawn_at=now)
        if new:
            consent = Consent.objects.create(
                collective=collective,
                kind=kind,
                detail=new.detail,
                text=new.text,
                text_version=version,
                given_at=now,
            )
            record_research(consent, now)


@transaction.atomic
def withdraw_consent(collective: Collective, kind: ConsentKind) -> None:
    """Take one consent back; a page or a pin that hung on it is gone at once."""
    hold(collective)
    collective.consents.in_force().filter(kind=kind).update(withdrawn_at=timezone.now())
    if kind in (ConsentKind.PROFILE, ConsentKind.MAP):
        remove_pin(collective)
    publish(collective)


@transaction.atomic
def give_consent(collective: Collective, kind: ConsentKind, yes: Yes, *, version: str, by: User) -> bool:
    """Write down a yes that somebody gave for their collective; a page that is approved is public at once.

    The same yes again changes nothing (False); other words, or another way, take the place of the older yes.
    """
    hold(collective)
    collective.refresh_from_db()
    old = collective.consents.in_force().filter(kind=kind).first()
    if old and (old.detail, old.text, old.text_version) == (yes.detail, yes.text, version):
        return False
    now = timezone.now()
    if old:
        Consent.objects.filter(pk=old.pk).update(withdrawn_at=now)
    given = Consent.objects.create(
        collective=collective,
        kind=kind,
        detail=yes.detail,
        text=yes.text,
        text_version=version,
        given_at=now,
    )
    audit.record(by.pk, f"consent.given.{kind}", given)
    record_research(given, now)
    if kind == ConsentKind.PROFILE:
        publish(collective)
    elif kind == ConsentKind.ALIKE:
        rank_anew()
    return True


@transaction.atomic
def take_back_consent(collective: Collective, kind: ConsentKind, by: User) -> bool:
    """Withdraw a yes for one's own collective, and write down who did; False when it wasn't in force.

    Without a page there is no pin, so the yes to the map goes with the yes to a page.
    """
    hold(collective)
    collective.refresh_from_db()
    kinds = (ConsentKind.PROFILE, ConsentKind.MAP) if kind == ConsentKind.PROFILE else (kind,)
    found = list(collective.consents.in_force().filter(kind__in=kinds))
    if not any(consent.kind == kind for consent in found):
        return False
    for consent in found:
        withdraw_consent(collective, ConsentKind(consent.kind))
        audit.record(by.pk, f"consent.withdrawn.{consent.kind}", consent)
    return True


class NoPage(Exception):
    """A pin leads to a page, and this collective has none."""


@transaction.atomic
def put_on_map(
    collective: Collective,
    precision: PinPrecision,
    *,
    latitude: float,
    longitude: float,
    yes: Yes,
    version: str,
    by: User,
) -> MapPin:
    """Put the pin here, with the yes to it. Raises `NoPage` for a collective without a public page."""
    hold(collective)
    collective.refresh_from_db()
    if collective.state != ReviewState.APPROVED or collective.published_profile_id is None:
        raise NoPage
    give_consent(collective, ConsentKind.MAP, yes, version=version, by=by)
    pin = place_pin(collective, latitude=latitude, longitude=longitude, precision=precision)
    audit.record(by.pk, "pin.placed", pin, after=str(precision))
    return pin
