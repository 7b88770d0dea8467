"""The answers of a repeat scan beside those of the scan before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from selfscan.report.model import AnswerRow, AnswerSection


@dataclass(frozen=True)
class Pair:
    """A question or a statement with its two answers in words."""

    label: str
    old: str
    new: str
    part: bool = False  # a statement, under its question

    @property
    def changed(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True)
class ComparedSection:
    """The pairs of one part of the questionnaire."""

    title: str
    pairs: tuple[Pair, ...]

    @property
    def changes(self) -> int:
        """How many answers are other ones."""
        return sum(pair.changed for pair in self.pairs)


def compare_answers(
    old: Iterable[AnswerSection], new: Iterable[AnswerSection]
) -> tuple[ComparedSection, ...]:
    """Every question of the new scan, by section; what was not asked before says so."""
    before = {row.code: row for section in old for row in section.rows}
    return tuple(
        ComparedSection(
            section.title, tuple(pair for row in section.rows for pair in _pairs(before.get(row.code), row))
        )
        for section in new
    )


def _pairs(old: AnswerRow | None, new: AnswerRow) -> Iterator[Pair]:
    if not new.statements:
        yield Pair(new.question, _words(old), _words(new))
        return
    answers = {each.text: each.answer for each in old.statements} if old else {}
    for each in new.statements:
        yield Pair(each.text, answers.get(each.text, _("Not asked")), each.answer, part=True)


def _words(row: AnswerRow | None) -> str:
    if row is None:
        return _("Not asked")
    return "; ".join(row.lines) or "; ".join(f"{each.text} {each.answer}" for each in row.statements)
