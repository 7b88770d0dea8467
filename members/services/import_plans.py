"""What an import would do with each row, looked up in pieces of two hundred; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from collectievekracht.common import audit
from members import vocabulary
from members.choices import Activity, ConsentKind, ImportOutcome, ReviewState, TermKind
from members.gazetteer import fold
from members.import_problems import Problem
from members.import_rows import Row, RowFacts, Vocabulary, read_row
from members.models import Collective, CollectiveProfile, Consent, ImportedCollective
from members.text import sort_key

PIECE = 200
VERSION = "import"  # what the version of a consent begins with that came by a file
EMPTY: dict[str, Any] = {
    "name": "", "description": "", "website": "", "contact_email": "", "language": "nl", "activity": Activity.ACTIVE.value,
    "founding_year": None, "sectors": [], "legal_form": "", "geo_scale": "", "place": None,
}  # fmt: skip
OF_COLLECTIVE = frozenset({"contact_email", "language", "activity"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one row; `changes` and `consents` are what would be written."""

    number: int
    name: str
    outcome: ImportOutcome
    problems: tuple[Problem, ...] = ()
    facts: RowFacts | None = None
    link: ImportedCollective | None = None
    collective_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    consents: dict[ConsentKind, bool] = field(default_factory=dict)


def known_words() -> Vocabulary:
    """The questionnaire's words, by code and by label in both languages."""

    def read(kind: str) -> dict[str, str]:
        labels = [vocabulary.labels(kind, language) for language in ("nl", "en")]
        found = {fold(label): code for one in labels for code, label in one.items()}
        return found | {fold(code): code for one in labels for code in one}

    return Vocabulary(read(TermKind.SECTOR), read(TermKind.LEGAL_FORM), read(TermKind.SCALE))


def pieces(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows in lists of two hundred."""
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        yield piece


class Planner:
    """Plans the rows of one file; remembers only which keys and names it saw."""

    def __init__(self, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        self.words = known_words()
        self.keys: dict[str, int] = {}
        self.names: dict[str, int] = {}

    def plan(self, rows: list[Row]) -> list[Plan]:
        """What becomes of these rows, in their order."""
        read = [(row, read_row(row, self.words, self.today)) for row in rows]
        known = _Known([facts for _row, facts in read if isinstance(facts, RowFacts)])
        return [
            self._one(facts, known)
            if isinstance(facts, RowFacts)
            else refused(row.number, row.cells.get("name", ""), facts)
            for row, facts in read
        ]

    def _one(self, facts: RowFacts, known: _Known) -> Plan:
        name = facts.values["name"]
        if twice := self._twice(facts):
            return refused(facts.number, name, [twice])
        link = known.by_key.get(facts.key)
        same = known.by_name.get(facts.name_place)
        if link is None and same is not None:
            if facts.key != facts.name_place and same.key != same.name_place:
                return refused(facts.number, name, [Problem("other_key", "key", {"key": same.key})])
            link = same
        if link is not None:
            return _update(facts, link, known)
        if found := known.by_itself(facts):
            return Plan(
                facts.number, name, ImportOutcome.UNCHANGED, (Problem("here_already"),), collective_id=found
            )
        consents = {kind: True for kind, yes in _wanted(facts).items() if yes}
        return Plan(
            facts.number,
            name,
            ImportOutcome.MADE,
            facts=facts,
            changes=EMPTY | facts.values,
            consents=consents,
        )

    def _twice(self, facts: RowFacts) -> Problem | None:
        """A remark when an earlier row of the file is the same collective."""
        first = self.keys.setdefault(facts.key, facts.number)
        if first != facts.number:
            return Problem("double_key", "key", {"row": first})
        first = self.names.setdefault(facts.name_place, facts.number)
        return None if first == facts.number else Problem("double_name", "name", {"row": first})


def refused(number: int, name: str, problems: list[Problem]) -> Plan:
    """A row that is left out, with the reasons."""
    shown = "".join(letter for letter in name[:120] if letter.isprintable())
    return Plan(number, shown, ImportOutcome.REFUSED, tuple(problems))


def _wanted(facts: RowFacts) -> dict[ConsentKind, bool | None]:
    return {ConsentKind.PROFILE: facts.page, ConsentKind.MAP: facts.on_map}


class _Known:
    """What the database knows of a piece of rows, in five queries."""

    def __init__(self, rows: list[RowFacts]) -> None:
        same = Q(key__in=[row.key for row in rows]) | Q(name_place__in=[row.name_place for row in rows])
        links = list(ImportedCollective.objects.filter(same).select_related("collective", "profile"))
        self.by_key = {link.key: link for link in links}
        self.by_name = {link.name_place: link for link in links}
        ids = [link.collective_id for link in links]
        self.newest: dict[int, CollectiveProfile] = {}
        texts = CollectiveProfile.objects.filter(collective__in=ids).exclude(state=ReviewState.REFUSED)
        for profile in texts.order_by("revision"):
            self.newest[profile.collective_id] = profile
        self.consents: dict[tuple[int, str], list[Consent]] = {}
        for consent in Consent.objects.filter(collective__in=ids).order_by("pk"):
            self.consents.setdefault((consent.collective_id, consent.kind), []).append(consent)
        self._own: dict[str, list[tuple[Any, ...]]] = {}
        names = {sort_key(row.values["name"]) for row in rows}
        own = Collective.objects.filter(sort_name__in=names, merged_into=None, imported=None)
        found = own.order_by("pk").values_list("sort_name", "pk", "contact_email", "profiles__place_id")
        for sort_name, *rest in found:
            self._own.setdefault(sort_name, []).append(tuple(rest))

    def by_itself(self, facts: RowFacts) -> int | None:
        """The collective that is here without any import and is most likely this one."""
        email = facts.values.get("contact_email", "")
        for pk, address, place_id in self._own.get(sort_key(facts.values["name"]), ()):
            if place_id in (None, facts.place.geonames_id) or (email and email == address.lower()):
                return int(pk)
        return None


def mark_of(value: Any) -> str:
    """What is kept of a written value: enough to see whether it still stands there, too little to read it."""
    return audit.mark(json.dumps(value, sort_keys=True))


def is_still(value: Any, kept: Any) -> bool:
    """Whether this is the value of which `kept` was kept."""
    return kept in (mark_of(value), value)


def values_of(collective: Collective, profile: CollectiveProfile | None) -> dict[str, Any]:
    """What stands here now, by the names of an import."""
    found: dict[str, Any] = {name: getattr(collective, name) for name in OF_COLLECTIVE}
    if profile is None:
        return EMPTY | found
    place = [profile.country, profile.place_name, profile.place_id, profile.region]
    for name in EMPTY.keys() - OF_COLLECTIVE - {"place"}:
        found[name] = getattr(profile, name)
    return found | {"place": place}


def _update(facts: RowFacts, link: ImportedCollective, known: _Known) -> Plan:
    """What an import may still change: fields that nobody touched since the last one."""
    collective, name = link.collective, facts.values["name"]
    if collective.merged_into_id:
        return Plan(
            facts.number, name, ImportOutcome.UNCHANGED, (Problem("merged"),), collective_id=collective.pk
        )
    newest = known.newest.get(collective.pk)
    ours = newest is not None and newest.pk == link.profile_id
    now = values_of(collective, newest)
    problems, changes = [], {}
    for column, new in facts.values.items():
        if new == now[column]:
            continue
        if now[column] == link.values.get(column, EMPTY[column]) and (ours or column in OF_COLLECTIVE):
            changes[column] = new
        else:
            problems.append(Problem("kept", column))
    consents = {}
    for kind, yes in _wanted(facts).items():
        given = known.consents.get((collective.pk, kind), [])
        in_force = next((one for one in given if one.withdrawn_at is None), None)
        if yes is None or yes == bool(in_force):
            continue
        if not given or (in_force and in_force.text_version.startswith(VERSION)):
            consents[kind] = yes
        else:
            problems.append(
                Problem("consent_kept", "consent_page" if kind == ConsentKind.PROFILE else "consent_map")
            )
    outcome = ImportOutcome.UPDATED if changes or consents else ImportOutcome.UNCHANGED
    before = {column: now[column] for column in changes}
    return Plan(
        facts.number, name, outcome, tuple(problems), facts, link, collective.pk, changes, before, consents
    )  # fmt: skip
