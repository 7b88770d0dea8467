"""What representatives see of their own collective's page: what waits, what was agreed to, where the pin can stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from members import page_text
from members.choices import ConsentKind, ReviewState, WorkKind
from members.consent_texts import ASKED, Asked
from members.gazetteer import Place, PlaceProblem, gazetteer
from members.models import Collective, CollectiveProfile, Consent, WorkItem
from members.profile_words import FIELD_NAMES, Line, compare
from members.services.revisions import facts_of, waiting_text


@dataclass(frozen=True)
class Waiting:
    """A change that waits for the team, beside what is public; a change that came with a self-scan alone can't be taken back.

    `seen` is the mark of its text: what is taken back is what was read.
    """

    profile: CollectiveProfile
    seen: str
    lines: list[Line]
    has_public: bool
    may_take_back: bool


def waiting_change(collective: Collective) -> Waiting | None:
    """The change that waits, where there is one."""
    profile = waiting_text(collective)
    if profile is None:
        return None
    public = collective.published_profile
    lines = compare(public, profile)
    open_work = WorkItem.objects.open().filter(kind=WorkKind.REVISION, target_id=profile.pk)
    return Waiting(
        profile=profile,
        seen=page_text.mark(facts_of(profile)),
        lines=[line for line in lines if line.changed] if public else lines,
        has_public=public is not None,
        may_take_back=open_work.exists(),
    )


def differing_lines(collective: Collective, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Line]:
    """Two texts of a page in words, the lines in which they differ."""
    texts = [CollectiveProfile(collective=collective, **text) for text in (theirs, mine)]
    return [line for line in compare(*texts) if line.changed]


def part_names(parts: Iterable[str]) -> list[str]:
    """What the parts of a text are called."""
    return [str(FIELD_NAMES["place_name" if part == "place" else part]) for part in parts]


@dataclass(frozen=True)
class ConsentRow:
    """One question for a yes, with the yes in force, and whether it can be given now."""

    asked: Asked
    given: Consent | None
    may_give: bool


def consent_rows(collective: Collective) -> list[ConsentRow]:
    """What the collective may agree to, with what it agreed to; a pin is asked about on a page of its own."""
    in_force = {consent.kind: consent for consent in collective.consents.in_force()}
    approved = collective.state == ReviewState.APPROVED
    return [
        ConsentRow(asked, in_force.get(kind), may_give=approved and kind != ConsentKind.MAP)
        for kind, asked in ASKED.items()
    ]


def middle_of_place(profile: CollectiveProfile | None) -> Place | None:
    """The place on the public page, where it is one that we know."""
    if profile is None:
        return None
    try:
        return gazetteer.resolve(profile.country, profile.place_name, profile.place_id)
    except PlaceProblem:
        return None
