"""How a collective developed, in words and pictures, as its page shows it; pure but for the language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collectievekracht.common import charts
from collectievekracht.common.templatetags.ui_formats import format_day
from selfscan.development import Development, Line
from selfscan.instrument import Definition, text
from selfscan.report.build import decimal
from selfscan.report.repeat import step_words, verdict_words


@dataclass(frozen=True)
class Moment:
    """One scan in the line of an indicator: its day, its score in words, and what is said of the step towards it."""

    day: date
    score: str
    remarks: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over the scans, oldest first, with its picture; `latest` says the last step in words."""

    code: str
    name: str
    definition: str
    chart: SafeString
    moments: tuple[Moment, ...]
    latest: str
    tone: str


@dataclass(frozen=True)
class LensPart:
    """The indicators of one way of looking."""

    code: str
    title: str
    lines: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class DevelopmentPage:
    """What stands on the page; `scans` are the days, `remarks` hold for all indicators."""

    scans: tuple[date, ...]
    parts: tuple[LensPart, ...]
    remarks: tuple[str, ...]
    threshold: str
    months: int

    @property
    def compares(self) -> bool:
        """Whether there is anything to lay side by side."""
        return len(self.scans) > 1


def development_page(development: Development, definition: Definition, language: str) -> DevelopmentPage:
    """The page in this language, which is switched on, by the words of this questionnaire."""
    return _Maker(development, definition, language).page()


class _Maker:
    def __init__(self, development: Development, definition: Definition, language: str) -> None:
        self.development, self.definition, self.language = development, definition, language
        self.rules = definition.versioning.repeat_scan
        self.days = tuple(scan.on for scan in development.scans)

    def say(self, words: dict[str, str] | None) -> str:
        return text(words, self.language)

    def day(self, day: date) -> str:
        return format_day(day, self.language)

    def page(self) -> DevelopmentPage:
        lines = {line.indicator: line for line in self.development.lines}
        titles = {
            "durability": _("The five conditions"),
            "resilience": _("Resilience"),
            "context": _("Relation with government"),
        }
        parts = tuple(
            LensPart(
                lens,
                title,
                tuple(
                    self.line(lines[each.code], each.construct_)
                    for each in self.definition.scoring.indicators
                    if each.lens == lens and each.code in lines
                ),
            )
            for lens, title in titles.items()
        )
        return DevelopmentPage(
            scans=self.days,
            parts=tuple(part for part in parts if part.lines),
            remarks=tuple(self.remarks()),
            threshold=decimal(float(self.rules.change_threshold)),
            months=self.rules.interval_months.minimum_for_trend,
        )

    def remarks(self) -> list[str]:
        """Who answered: once for the page, with the days where there are more than two scans."""
        found = []
        for (before, after), other in zip(pairwise(self.days), self.development.other_role, strict=True):
            if other:
                words = self.say(self.rules.texts["other_respondent"])
                days = _("%(before)s and %(after)s") % {"before": self.day(before), "after": self.day(after)}
                found.append(f"{days}: {words}")
        return found

    def line(self, line: Line, construct: str) -> IndicatorLine:
        about = self.definition.constructs[construct]
        name = self.say(about.label)
        moments = tuple(
            Moment(
                day,
                decimal(score) if score is not None else "",
                step_words(line.steps[number - 1], self.definition, self.language) if number else (),
            )
            for number, (day, score) in enumerate(zip(self.days, line.scores, strict=True))
        )
        last = line.steps[-1] if line.steps else None
        numbers = "; ".join(
            _("%(day)s: %(score)s") % {"day": self.day(moment.day), "score": moment.score or _("no score")}
            for moment in moments
        )
        return IndicatorLine(
            code=line.indicator,
            name=name,
            definition=self.say(about.definition),
            chart=charts.timeline(name, line.pieces, len(self.days), numbers),
            moments=moments,
            latest=verdict_words(last, self.definition, self.language) if last else "",
            tone=last.verdict if last else "",
        )
