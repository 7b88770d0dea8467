"""Changes of a page: proposed by its people, taken back by them, decided by the team, or small enough to pass at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from members import emails, page_text
from members.choices import ConsentKind, Decision, PinPrecision, ReviewState, WorkKind
from members.gazetteer import PlaceProblem, gazetteer
from members.models import Collective, CollectiveProfile, MapPin, Membership, StateChange, User, WorkItem
from members.notifications import notify
from members.page_news import PAGE_APPROVED, PAGE_REFUSED
from members.services.activity import looked
from members.services.collectives import ProfileFacts, decide_profile, place_pin, propose_profile, publish
from members.services.holding import hold
from members.services.work import close_work, due_at, open_work
from members.small_changes import is_small


class Outcome(StrEnum):
    """What became of a change that somebody sent."""

    UNCHANGED = "unchanged"
    WAITS = "waits"
    PUBLIC = "public"


class ChangedMeanwhile(Exception):
    """The text is not the one that was looked at any more; `now` is how it stands."""

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__("changed meanwhile")
        self.now = now


def facts_of(profile: CollectiveProfile | None) -> dict[str, Any]:
    """The text of a revision as plain values; nothing for no revision."""
    return {name: getattr(profile, name) for name in page_text.FIELDS} if profile else {}


def text_to_edit(collective: Collective) -> CollectiveProfile | None:
    """The text on which a change goes on: the one that waits, else the newest that was approved, else the newest."""
    texts = list(collective.profiles.order_by("-revision"))
    for state in (ReviewState.PENDING, ReviewState.APPROVED):
        for text in texts:
            if text.state == state:
                return text
    return texts[0] if texts else None


def waiting_text(collective: Collective) -> CollectiveProfile | None:
    """The text that waits for the team."""
    return collective.profiles.filter(state=ReviewState.PENDING).select_related("proposed_by").first()


@transaction.atomic
def propose_change(collective: Collective, facts: ProfileFacts, *, by: User, seen: str) -> Outcome:
    """Let a change of the page wait for the team, or pass when it is small and the platform lets small ones pass.

    The public text stays until then. Raises `ChangedMeanwhile` when the text isn't the one of the mark `seen`: nobody
    overwrites what they haven't seen.
    """
    hold(collective)
    collective.refresh_from_db()
    before, after = facts_of(text_to_edit(collective)), asdict(facts)
    if before and page_text.mark(before) != seen:
        raise ChangedMeanwhile(before)
    if before and page_text.same(before, after):
        return Outcome.UNCHANGED
    looked(collective)
    if settings.SMALL_CORRECTIONS_PASS and _may_pass(collective, after):
        _pass(propose_profile(collective, facts, proposed_by=by), by)
        return Outcome.PUBLIC
    profile = propose_profile(collective, facts, proposed_by=by)
    open_work(WorkKind.REVISION, profile.pk, title=profile.name, collective=collective)
    audit.record(by.pk, "profile.proposed", profile)
    return Outcome.WAITS


def _may_pass(collective: Collective, after: Mapping[str, Any]) -> bool:
    """Whether the text differs by a small correction from the one that the team read last; nothing else may wait."""
    if collective.published_profile_id is None or waiting_text(collective):
        return False
    passed = WorkItem.objects.filter(kind=WorkKind.REVISION, collective=collective, facts__small=True)
    read = collective.profiles.filter(state=ReviewState.APPROVED).exclude(pk__in=passed.values("target_id"))
    return is_small(facts_of(read.order_by("-revision").first()), after)


def _pass(profile: CollectiveProfile, by: User) -> None:
    """Make a small correction public, with its line in the history and one among the team's decided work."""
    collective, now = profile.collective, timezone.now()
    decide_profile(collective, ReviewState.APPROVED)
    publish(collective)
    StateChange.objects.create(
        collective=collective,
        from_state=collective.state,
        to_state=collective.state,
        decision=Decision.APPROVED,
        reason="small_correction",
        actor=by,
    )
    WorkItem.objects.create(
        kind=WorkKind.REVISION,
        target_id=profile.pk,
        collective=collective,
        title=profile.name[:200],
        facts={"small": True},
        opened_at=now,
        due_at=due_at(now),
        decision=Decision.APPROVED,
        decided_by=by,
        decided_at=now,
    )
    audit.record(by.pk, "profile.passed", profile)


@transaction.atomic
def take_back_change(profile: CollectiveProfile, by: User, *, seen: str = "") -> None:
    """Take back a change that waits; the page stays as it is. Raises `AlreadyDecided` when the team was first.

    Raises `ChangedMeanwhile` when the text isn't the one of the mark `seen`, where one is given.
    """
    hold(profile.collective)
    _must_be_as_seen(profile, seen)
    close_work(WorkKind.REVISION, profile.pk, Decision.RETURNED, by)
    decide_profile(profile.collective, ReviewState.RETURNED)
    audit.record(by.pk, "profile.taken_back", profile)


@transaction.atomic
def approve_revision(profile: CollectiveProfile, by: User, *, seen: str = "") -> None:
    """Make a changed text public in place of the one that stood there, and tell its people.

    Without consent to a page it is kept until there is one. Raises `ChangedMeanwhile` when the text isn't the one of
    the mark `seen`, where one is given.
    """
    hold(profile.collective)
    _must_be_as_seen(profile, seen)
    close_work(WorkKind.REVISION, profile.pk, Decision.APPROVED, by)
    decide_profile(profile.collective, ReviewState.APPROVED)
    publish(profile.collective)
    follow_place(profile)
    audit.record(by.pk, "profile.approved", profile)
    _tell(profile, PAGE_APPROVED)


@transaction.atomic
def refuse_revision(profile: CollectiveProfile, by: User, reason: str = "", *, seen: str = "") -> None:
    """Leave the page as it is, and tell its people why.

    Raises `ChangedMeanwhile` when the text isn't the one of the mark `seen`, where one is given.
    """
    hold(profile.collective)
    _must_be_as_seen(profile, seen)
    close_work(WorkKind.REVISION, profile.pk, Decision.REFUSED, by)
    decide_profile(profile.collective, ReviewState.REFUSED)
    audit.record(by.pk, "profile.refused", profile)
    _tell(profile, PAGE_REFUSED, reason)


def _must_be_as_seen(profile: CollectiveProfile, seen: str) -> None:
    """Asked under the lock: nobody decides about words that they haven't read."""
    profile.refresh_from_db()
    if seen and profile.state == ReviewState.PENDING and page_text.mark(facts_of(profile)) != seen:
        raise ChangedMeanwhile(facts_of(profile))


def follow_place(profile: CollectiveProfile) -> None:
    """A pin in the middle of the place moves along when the place on the page is another one."""
    collective = profile.collective
    pin = MapPin.objects.filter(collective=collective, precision=PinPrecision.PLACE).first()
    agreed = collective.consents.in_force().filter(kind=ConsentKind.MAP).exists()
    if pin is None or not agreed:
        return
    try:
        place = gazetteer.resolve(profile.country, profile.place_name, profile.place_id)
    except PlaceProblem:
        return
    if (pin.latitude, pin.longitude) != (place.latitude, place.longitude):
        place_pin(
            collective, latitude=place.latitude, longitude=place.longitude, precision=PinPrecision.PLACE
        )


def _tell(profile: CollectiveProfile, kind: str, reason: str = "") -> None:
    """Tell the proposer and the representatives; where nobody has an account, the collective's address."""
    collective = profile.collective
    people = set(
        Membership.objects.representatives().filter(collective=collective).values_list("user", flat=True)
    )
    if profile.proposed_by_id:
        people.add(profile.proposed_by_id)
    facts = {
        "collective": collective.pk,
        "slug": collective.slug,
        "name": collective.name,
        "reason": reason,
        "public": collective.published_profile_id is not None,
    }
    if people:
        notify(kind, sorted(people), key=f"{kind}:{profile.pk}", facts=facts)
    elif collective.contact_email:
        emails.send_revision_decided(profile, approved=kind == PAGE_APPROVED, reason=reason)
