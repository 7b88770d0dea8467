"""How a collective's indicators developed over its last scans; pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from selfscan.schema.after_the_scan import Migration
from selfscan.versions import comparability, way_between

MOST_SCANS = 4
Verdict = Literal["same", "up", "down", "break", "unknown", "too_soon"]


@dataclass(frozen=True, slots=True)
class SentScan:
    """One sent scan: when, on which version, by whom, its scores as people see them, and what feeds each of them."""

    key: int
    on: date
    version: str
    scoring_version: str
    role: str
    scores: Mapping[str, float | None]
    feeds: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """From one scan to the next, for one indicator.

    `break`: the two can't be compared. `unknown`: one of them has no score. `too_soon`: too little time between them.
    The difference is there only for `same`, `up` and `down`.
    """

    verdict: Verdict
    difference: float | None = None
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator over the scans; a step between every two."""

    indicator: str
    scores: tuple[float | None, ...]
    steps: tuple[Step, ...]

    @property
    def pieces(self) -> tuple[tuple[tuple[int, float], ...], ...]:
        """What may be drawn as one line: scans with a score, cut at a break and where there is none."""
        pieces: list[list[tuple[int, float]]] = [[]]
        for number, score in enumerate(self.scores):
            if number and self.steps[number - 1].verdict in ("break", "unknown"):
                pieces.append([])
            if score is not None:
                pieces[-1].append((number, score))
        return tuple(tuple(piece) for piece in pieces if piece)


@dataclass(frozen=True, slots=True)
class Development:
    """The last scans, oldest first, and each indicator over them; `other_role` says for every step who answered."""

    scans: tuple[SentScan, ...]
    lines: tuple[Line, ...]
    other_role: tuple[bool, ...]


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def develop(
    scans: Iterable[SentScan],
    indicators: Sequence[str],
    migrations: Sequence[Migration],
    *,
    threshold: float,
    months: int,
) -> Development:
    """The last four of these scans, compared one by one; differences under the threshold are about the same."""
    last = tuple(sorted(scans, key=lambda scan: (scan.on, scan.key))[-MOST_SCANS:])
    return Development(
        scans=last,
        lines=tuple(
            Line(
                code,
                tuple(scan.scores.get(code) for scan in last),
                tuple(
                    _step(code, before, after, migrations, threshold, months)
                    for before, after in pairwise(last)
                ),
            )
            for code in indicators
            if any(code in scan.scores for scan in last)
        ),
        other_role=tuple(before.role != after.role for before, after in pairwise(last)),
    )


def _step(
    code: str,
    before: SentScan,
    after: SentScan,
    migrations: Sequence[Migration],
    threshold: float,
    months: int,
) -> Step:
    old, new = before.scores.get(code), after.scores.get(code)
    if old is None or new is None:
        return Step("unknown")
    kind = comparability(
        code,
        way_between(migrations, before.version, after.version),
        before=before.feeds.get(code, frozenset()),
        after=after.feeds.get(code, frozenset()),
        same_scoring=before.scoring_version == after.scoring_version,
    )
    if kind == "break":
        return Step("break")
    if add_months(before.on, months) > after.on:
        return Step("too_soon", caution=kind == "caution")
    difference = round(new - old, 1)
    verdict: Verdict = "same" if abs(difference) < threshold else "up" if difference > 0 else "down"
    return Step(verdict, difference, kind == "caution")
