"""From a scan's answers and scores to what the template sees; pure but for the language that is switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from selfscan.benchmark import Comparison
from selfscan.development import Development
from selfscan.feedback import Outcome, Suggestions, Theme
from selfscan.instrument import Definition, Question, text
from selfscan.report import pictures
from selfscan.report.comparing import comparison_view
from selfscan.report.model import (
    BalanceView,
    ChallengeGroup,
    ChallengeRow,
    IndicatorView,
    LevelView,
    Petal,
    RepeatRow,
    RepeatView,
    ReportView,
    SourceView,
    Statement,
    Talk,
    Tip,
)
from selfscan.report.repeat import step_words
from selfscan.report.words import LONGEST_NAME, answer_sections, clean, item_answer, severity
from selfscan.scoring import IndicatorScore, Scores

# The picture's names for the five conditions.
PICTURED = {
    "shared_culture": "culture",
    "collective_leadership": "leadership",
    "partner_network": "network",
    "business_model": "business",
    "community_engagement": "community",
}
FALLBACK_COLOUR = "brand"
SHORT_NAME = 60


@dataclass(frozen=True)
class LabTip:
    """A partner lab as the platform knows it, in the report's language."""

    code: str
    name: str
    purpose: str


@dataclass(frozen=True)
class Source:
    """Everything that a report is made from."""

    definition: Definition
    answers: Mapping[str, Any]
    scores: Scores
    language: str
    completed_on: date
    reference: str
    comparison: Comparison
    suggestions: Suggestions
    labs: Sequence[LabTip]
    development: Development | None = None


def build_view(source: Source) -> ReportView:
    """The report in the scan's language."""
    with override(source.language):
        return _Builder(source).view()


def decimal(value: float | None) -> str:
    """A score as people write it: one decimal, none where it is whole."""
    if value is None:
        return "–"
    return number_format(value, decimal_pos=0 if value == int(value) else 1)


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.definition = source.definition
        self.language = source.language
        self.scores = source.scores
        scoring = self.definition.scoring
        self.level_names: dict[str, dict[str, str]] = {
            "default": {level.code: self.say(level.label) for level in scoring.levels.default},
            "pressure": {level.code: self.say(level.label) for level in scoring.levels.pressure},
        }
        for named in (scoring.levels.insufficient, scoring.levels.not_applicable):
            for names in self.level_names.values():
                names[named.code] = self.say(named.label)
        outcomes = (*source.suggestions.indicators, *source.suggestions.pressure)
        self.outcomes = {outcome.code: outcome for outcome in outcomes}
        self.borders = tuple(sorted(level.min for level in scoring.levels.default if level.min is not None))
        self.constructs = {each.code: each.construct_ for each in scoring.indicators}
        self.constructs |= {each.code: each.construct_ for each in scoring.pressure_indicators.list}
        self.names = {
            code: self.say(self.definition.constructs[construct].label)
            for code, construct in self.constructs.items()
        }

    def say(self, words: Mapping[str, str] | None) -> str:
        return text(words, self.language)

    def view(self) -> ReportView:
        source, definition = self.source, self.definition
        general = definition.feedback.general
        indicators = {each.code: self.indicator(each) for each in self.scores.indicators.values()}
        by_lens = {
            lens: tuple(
                indicators[each.code] for each in self.scores.indicators.values() if each.lens == lens
            )
            for lens in ("durability", "resilience", "context")
        }
        groups = self.challenges()
        rows = {row.name: row for group in groups for row in group.rows}
        name = clean(source.answers.get("org_name", ""), LONGEST_NAME)
        return ReportView(
            language=self.language,
            name=name,
            short_name=clean(name, SHORT_NAME),
            logo=pictures.logo(),
            name_size="long" if len(name) > 60 else "middle" if len(name) > 28 else "short",
            date=date_format(source.completed_on, "DATE_FORMAT"),
            created=source.completed_on.isoformat(),
            reference=source.reference,
            instrument_version=definition.version,
            flower=self.flower(),
            petals=tuple(
                Petal(
                    picture,
                    self.names[code],
                    indicators[code].score,
                    indicators[code].level_name,
                )
                for code, picture in PICTURED.items()
                if code in indicators
            ),
            one_view=self.say(general.one_view),
            tone=self.say(definition.feedback.tone),
            levels=self.levels(),
            rule=self.say(definition.scoring.configurations.rule),
            combination=self.talk(source.suggestions.combination),
            lowest=tuple(indicators[code] for code in source.suggestions.lowest),
            durability=by_lens["durability"],
            resilience=by_lens["resilience"],
            balance=self.balance(),
            government=by_lens["context"],
            challenges=groups,
            top=tuple(rows[self.challenge_names()[code]] for code in self.scores.top_challenges),
            flags=tuple(self.say(flag.text) for flag in source.suggestions.flags),
            labs=self.labs(),
            labs_remark=self.labs_remark(),
            themes=self.themes(),
            comparison=comparison_view(
                definition, source.comparison, self.scores, source.answers, self.names, self.language
            ),
            answers=answer_sections(definition, source.answers, self.language),
            sources=self.sources(),
            method=self.say(general.method),
            repeat=self.repeat(),
        )

    def repeat(self) -> RepeatView | None:
        """Beside the scan before; nothing for a first one."""
        development = self.source.development
        if development is None or len(development.scans) < 2:
            return None
        texts = self.definition.versioning.repeat_scan.texts
        return RepeatView(
            day=date_format(development.scans[-2].on, "DATE_FORMAT"),
            remark=self.say(texts["other_respondent"]) if development.other_role[-1] else "",
            rows=tuple(
                RepeatRow(
                    self.names.get(line.indicator, line.indicator),
                    decimal(line.scores[-2]),
                    decimal(line.scores[-1]),
                    " ".join(step_words(line.steps[-1], self.definition, self.language)),
                )
                for line in development.lines
            ),
        )

    def talk(self, outcome: Outcome) -> Talk:
        return Talk(self.say(outcome.text), self.say(outcome.question))

    def indicator(self, each: IndicatorScore) -> IndicatorView:
        construct = self.definition.constructs[self.constructs[each.code]]
        talk = self.talk(self.outcomes[each.code])
        name, score = self.say(construct.label), decimal(each.display) if each.score is not None else ""
        colour = PICTURED.get(each.code, FALLBACK_COLOUR)
        level_name = self.level_names["default"][each.level]
        label = (
            _("%(name)s: %(score)s of 100") % {"name": name, "score": score}
            if each.score is not None
            else f"{name}: {level_name}"
        )
        return IndicatorView(
            code=each.code,
            name=name,
            definition=self.say(construct.definition),
            level=each.level,
            level_name=level_name,
            score=score,
            answered=_("%(answered)s of %(of)s answers") % {"answered": each.answered, "of": each.of},
            bar=pictures.score_bar(label, each.display, colour, self.borders),
            talk=talk,
        )

    def flower(self) -> SafeString:
        shown = {
            picture: self.scores.indicators[code].display
            for code, picture in PICTURED.items()
            if code in self.scores.indicators
        }
        numbers = ", ".join(
            f"{self.names[code]}: {decimal(self.scores.indicators[code].display)}"
            if self.scores.indicators[code].score is not None
            else f"{self.names[code]}: {self.level_names['default'][self.scores.indicators[code].level]}"
            for code in PICTURED
            if code in self.scores.indicators
        )
        return pictures.flower(shown, _("The five conditions. %(numbers)s") % {"numbers": numbers})

    def levels(self) -> tuple[LevelView, ...]:
        views = []
        for level in self.definition.scoring.levels.default:
            low, high = level.min, level.below
            if low is not None and high is not None:
                points = _("from %(low)s to %(high)s") % {"low": decimal(low), "high": decimal(high)}
            elif low is not None:
                points = _("%(low)s or more") % {"low": decimal(low)}
            else:
                points = _("below %(high)s") % {"high": decimal(high)}
            views.append(LevelView(level.code, self.say(level.label), points))
        return tuple(views)

    def balance(self) -> BalanceView:
        balance, rules = self.scores.balance, self.definition.scoring.balance
        points = []
        for kind, code in rules.talking_points.model_dump().items():
            question = self.question_of(code)
            item = next(each for each in question.items if each.code == code)
            points.append(
                Statement(
                    self.say(item.text), item_answer(question, balance.talking_points[kind], self.language)
                )
            )
        known = balance.gap is not None
        if not known:
            words = _(
                "Of one or more of the three there are too few answers, so nothing is said about the balance."
            )
        elif self.source.suggestions.balance_note:
            words = self.say(self.source.suggestions.balance_note)
        else:
            words = _("Your scores for members, agreements and resources lie close together.")
        return BalanceView(known, balance.flag, words, tuple(points))

    def short_name(self, code: str) -> str:
        """ "Veerkracht: leden" is "leden" where the heading says resilience already."""
        return self.names[code].partition(": ")[2] or self.names[code]

    def question_of(self, item: str) -> Question:
        return next(q for q in self.definition.questions if any(each.code == item for each in q.items))

    def challenge_names(self) -> dict[str, str]:
        return {
            item.code: self.say(item.text)
            for group in self.definition.scoring.pressure_indicators.list
            for item in self.definition.question(group.question).items
        }

    def challenges(self) -> tuple[ChallengeGroup, ...]:
        trends = {
            "rising": _("You expect more pressure in the next three years."),
            "falling": _("You expect less pressure in the next three years."),
            "steady": _("You expect about the same pressure in the next three years."),
        }
        groups = []
        for each in self.definition.scoring.pressure_indicators.list:
            pressure = self.scores.pressure[each.code]
            question = self.definition.question(each.question)
            groups.append(
                ChallengeGroup(
                    name=self.short_name(each.code).capitalize(),
                    level=pressure.level,
                    level_name=self.level_names["pressure"][pressure.level],
                    pressure=decimal(pressure.display),
                    trend=trends.get(pressure.trend_label or "", ""),
                    talk=self.talk(self.outcomes[each.code]),
                    rows=self.challenge_rows(question),
                )
            )
        return tuple(groups)

    def challenge_rows(self, question: Question) -> tuple[ChallengeRow, ...]:
        given = self.source.answers.get(question.code)
        given = given if isinstance(given, Mapping) else {}
        rows = []
        for item in question.items:
            cells = given.get(item.code)
            cells = cells if isinstance(cells, Mapping) else {}
            now, future = cells.get("now"), cells.get("future")
            words_now, words_future = (severity(question, value, self.language) for value in (now, future))
            rows.append(
                ChallengeRow(
                    name=self.say(item.text),
                    now=words_now,
                    now_dots=pictures.dots(now),
                    future=words_future,
                    future_dots=pictures.dots(future),
                    top=item.code in self.scores.top_challenges,
                )
            )
        return tuple(rows)

    def sources(self) -> tuple[SourceView, ...]:
        """Where the questions and the scores come from; sources of the platform's own workings stand in the file."""
        used = {
            code
            for construct in self.constructs.values()
            for code in self.definition.constructs[construct].sources
        }
        for origin in self.definition.scoring.provenance.get("from_source", ()):
            used |= {origin["source"], origin.get("also")}
        return tuple(
            _source(each.ref, each.doi, each.url) for each in self.definition.sources if each.id in used
        )

    def labs(self) -> tuple[Tip, ...]:
        given = self.source.answers.get("labs_wanted")
        wanted = given if isinstance(given, list | tuple) else ()
        return tuple(
            Tip(
                lab.name,
                lab.purpose,
                _("You asked for help from this lab.")
                if lab.code in wanted
                else _("It fits what you filled in."),
            )
            for lab in self.source.labs
        )

    def labs_remark(self) -> str:
        excluded = self.definition.vocabularies.labs_excluded_by_country.get(
            self.source.answers.get("country", ""), ()
        )
        if not excluded:
            return ""
        names = [self.say(self.definition.vocabularies.labs[code]) for code in excluded]
        return _("About the Netherlands only, so not listed here: %(labs)s.") % {"labs": ", ".join(names)}

    def themes(self) -> tuple[Tip, ...]:
        suggested = self.source.suggestions
        return tuple(self.theme(each) for each in suggested.themes[: suggested.most_items])

    def theme(self, theme: Theme) -> Tip:
        kinds = {kind for kind, _code in theme.reasons}
        if {"need", "challenge"} <= kinds:
            reason = _("You want to know more about it, and it is one of your biggest challenges.")
        elif "need" in kinds:
            reason = _("You want to know more about it.")
        elif "challenge" in kinds:
            reason = _("It is one of your biggest challenges.")
        else:
            about = [self.names[code] for kind, code in theme.reasons if kind == "indicator"][:2]
            reason = _("It fits: %(indicators)s.") % {"indicators": ", ".join(about)}
        return Tip(self.say(self.definition.vocabularies.tags[theme.code]), "", reason)


def _source(reference: str, doi: str | None, url: str | None) -> SourceView:
    address = f"https://doi.org/{doi}" if doi else url or ""
    return SourceView(reference, address.removeprefix("https://").removeprefix("http://"), address)
