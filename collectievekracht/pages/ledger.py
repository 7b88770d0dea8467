"""What somebody's collectives and they themselves gave and received: by year, never counted against anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db.models import Q
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import ContributionKind, Text, contribution_kinds
from members.choices import Direction, ReviewState
from members.models import Collective, Contribution

if TYPE_CHECKING:
    from members.models import User

log = structlog.get_logger("collectievekracht.ledger")
INVITATION = "pages.invitation"
MOST = 2_000  # lines of one person's page; some centuries of a busy collective


@dataclass(frozen=True, slots=True)
class Line:
    """One line in words."""

    name: Text
    text: str
    link: str
    direction: str
    at: datetime

    @property
    def day(self) -> date:
        """The day on which it was, in Amsterdam."""
        return timezone.localdate(self.at)


@dataclass(frozen=True, slots=True)
class Year:
    """What was given and received in a year, the newest first."""

    year: int
    gave: list[Line]
    got: list[Line]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a collective (with its `slug`), or of the person themselves (without)."""

    owner: str  # "collective" or "person"
    pk: int
    name: str
    slug: str
    years: list[Year]

    def of_year(self, year: int) -> Year | None:
        """What this ledger says of a year; None when that is nothing."""
        return next((one for one in self.years if one.year == year), None)


def _invitation(facts: Mapping[str, Any]) -> Text:
    return _("An invitation of yours led to a new collective on the platform.")


def register() -> None:
    """Tell the ledger of the kinds that these pages write; called once at start-up."""
    contribution_kinds.add(ContributionKind(INVITATION, _("Invitations"), _invitation))


def in_words(contribution: Contribution) -> Line | None:
    """What this line says; None when its kind is no more, or can't read facts as old as these."""
    kind = contribution_kinds.get(contribution.kind)
    if kind is None:
        return None
    try:
        text = str(kind.text(contribution.facts))
        link = kind.link(contribution.facts) if kind.link else ""
    except (LookupError, TypeError, ValueError, NoReverseMatch) as error:
        log.warning("ledger_unreadable", line=contribution.pk, error_class=type(error).__name__)
        return None
    return Line(kind.name, text, link, contribution.direction, contribution.at)


def ledgers_of(user: User) -> list[Ledger]:
    """Of each of the person's collectives that was let in, by name, and their own when it holds anything: two queries."""
    mine = list(
        Collective.objects.of(user)
        .filter(state=ReviewState.APPROVED)
        .only("name", "slug")
        .order_by("sort_name", "pk")
    )
    lines = _lines(Q(collective__in=mine) | Q(collective=None, user_id=user.pk))
    found = [Ledger("collective", one.pk, one.name, one.slug, by_year(lines.get(one.pk, ()))) for one in mine]
    if own := lines.get(None):
        found.append(Ledger("person", user.pk, user.get_short_name(), "", by_year(own)))
    return found


def ledger_of_collective(collective: Collective) -> Ledger:
    """The ledger of one collective."""
    lines = _lines(Q(collective=collective)).get(collective.pk, ())
    return Ledger("collective", collective.pk, collective.name, collective.slug, by_year(lines))


def ledger_of_person(user: User) -> Ledger:
    """What a person gave and received outside any collective."""
    lines = _lines(Q(collective=None, user=user)).get(None, ())
    return Ledger("person", user.pk, user.get_short_name(), "", by_year(lines))


def _lines(wanted: Q) -> dict[int | None, list[Line]]:
    """Lines in words by collective (None: of a person), the newest first."""
    found: dict[int | None, list[Line]] = {}
    for row in Contribution.objects.filter(wanted).order_by("-at", "-pk")[:MOST]:
        if line := in_words(row):
            found.setdefault(row.collective_id, []).append(line)
    return found


def by_year(lines: Iterable[Line]) -> list[Year]:
    """The lines by the year in which they were, the newest first."""
    years: dict[int, Year] = {}
    for line in lines:
        year = years.setdefault(line.day.year, Year(line.day.year, [], []))
        (year.gave if line.direction == Direction.GAVE else year.got).append(line)
    return sorted(years.values(), key=lambda one: -one.year)
