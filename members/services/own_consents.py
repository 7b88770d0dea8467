"""Consents as their giver sees them: all of a person's, from every app, and each taken back by one act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collectievekracht.common import audit
from collectievekracht.common.registry import ConsentSource, GivenConsent, consent_sources
from members.choices import ConsentKind
from members.models import Collective, Consent, User
from members.services.consents import take_back_consent
from members.services.erasing import addresses_of


@dataclass(frozen=True)
class Own:
    """A consent, with the source that it comes from."""

    source: str
    given: GivenConsent

    @property
    def in_force(self) -> bool:
        """Whether it can still be taken back."""
        return self.given.withdrawn_at is None


def register() -> None:
    """Tell the registry of the consents of collectives; called once at start-up."""
    consent_sources.add(ConsentSource("collectives", _given, _withdraw))


def consents_of(user: User) -> list[Own]:
    """Those in force first, the newest first."""
    found = {
        (source.code, given.key): Own(source.code, given)
        for address in addresses_of(user) or ("",)
        for source in consent_sources
        for given in source.given(user.pk, address)
    }
    newest = sorted(found.values(), key=lambda own: own.given.given_at, reverse=True)
    return sorted(newest, key=lambda own: not own.in_force)


def withdraw(user: User, source: str, key: str) -> bool:
    """Take one consent back; False when it is none of theirs, or was taken back before."""
    asked = consent_sources.get(source)
    if asked is None:
        return False
    if not any(asked.withdraw(user.pk, address, key) for address in addresses_of(user) or ("",)):
        return False
    audit.record(user.pk, f"consent.withdrawn.{source}"[:40], user)
    return True


def _given(user_id: int, email: str) -> Iterator[GivenConsent]:
    """What was agreed to for the collectives that the person speaks for: whoever speaks for one may take it back."""
    mine = Collective.objects.represented_by(User(pk=user_id))
    for one in Consent.objects.filter(collective__in=mine).select_related("collective"):
        yield GivenConsent(
            key=str(one.pk),
            title=ConsentKind(one.kind).label,
            text=one.text,
            version=one.text_version,
            given_at=one.given_at,
            withdrawn_at=one.withdrawn_at,
            about=one.collective.name,
        )


def _withdraw(user_id: int, email: str, key: str) -> bool:
    if not (key.isdecimal() and len(key) < 19):
        return False
    mine = Collective.objects.represented_by(User(pk=user_id))
    one = (
        Consent.objects.in_force()
        .filter(pk=int(key), collective__in=mine)
        .select_related("collective")
        .first()
    )
    if one is None:
        return False
    by = User.objects.get(pk=user_id)
    return take_back_consent(one.collective, ConsentKind(one.kind), by)
