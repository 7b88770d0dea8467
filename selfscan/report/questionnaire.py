"""The questionnaire to read beforehand: every question with its options, and branching told in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from selfscan.instrument import Condition, Definition, Question, text
from selfscan.report import pictures

# From this many on, options stand in two columns, and options with the same condition under one heading.
LONG_LIST = 9
LONG_RUN = 3


@dataclass(frozen=True)
class OptionView:
    """One option, with when it is offered if not always."""

    label: str
    when: str


@dataclass(frozen=True)
class OptionRun:
    """Options that are offered together; a longer run with a condition of its own has it as its heading."""

    when: str
    columns: tuple[tuple[OptionView, ...], ...]


@dataclass(frozen=True)
class QuestionView:
    """One question as it is asked, with when it is asked if not always."""

    number: int
    text: str
    help: str
    when: str
    kind: str
    optional: bool
    runs: tuple[OptionRun, ...]
    statements: tuple[str, ...]
    scale: str


@dataclass(frozen=True)
class SectionView:
    """One part of the questionnaire."""

    number: int
    title: str
    intro: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True)
class QuestionnaireView:
    """The whole questionnaire."""

    language: str
    title: str
    audience: str
    intro: str
    version: str
    minutes: tuple[int, int]
    logo: SafeString
    sections: tuple[SectionView, ...]
    question_count: int


def questionnaire_view(definition: Definition, language: str) -> QuestionnaireView:
    """The questionnaire in this language."""
    with override(language):
        return _Builder(definition, language).view()


class _Builder:
    def __init__(self, definition: Definition, language: str) -> None:
        self.definition, self.language = definition, language
        self.numbers = {question.code: place for place, question in enumerate(definition.questions, 1)}

    def view(self) -> QuestionnaireView:
        info = self.definition.instrument
        return QuestionnaireView(
            language=self.language,
            title=text(info.title, self.language),
            audience=text(info.audience, self.language),
            intro=text(info.intro, self.language),
            version=info.version,
            minutes=info.duration.promise_minutes,
            logo=pictures.logo(),
            sections=tuple(
                SectionView(
                    place,
                    text(section.title, self.language),
                    text(section.intro, self.language),
                    tuple(self.question(question) for question in section.questions),
                )
                for place, section in enumerate(self.definition.sections, 1)
            ),
            question_count=len(self.definition.questions),
        )

    def question(self, question: Question) -> QuestionView:
        options = self.options(question)
        scale = [text(each.label, self.language) for each in question.scale]
        if question.items and question.options:
            scale, options = [option.label for option in options], ()
        return QuestionView(
            number=self.numbers[question.code],
            text=text(question.text, self.language),
            help=text(question.help, self.language),
            when=_("Only if %(condition)s.") % {"condition": self.told(question.show_if)}
            if question.show_if
            else "",
            kind=self.kind(question),
            optional=not question.required,
            runs=_runs(options),
            statements=tuple(text(each.text, self.language) for each in question.items)
            + tuple(text(part.label, self.language) for part in question.parts),
            scale=" · ".join(scale),
        )

    def kind(self, question: Question) -> str:
        if question.options_from:
            number = self.numbers[question.options_from]
            return _("Choose one of what you chose at question %(number)s.") % {"number": number}
        if question.type == "multiple":
            most = question.validation.max_select
            return (
                _("Choose at most %(count)s.") % {"count": most}
                if most
                else _("More than one answer is possible.")
            )
        kinds = {
            "single": _("Choose one answer per statement.") if question.items else _("Choose one answer."),
            "yes_no": _("Yes or no."),
            "likert5": _("Choose one answer per statement."),
            "scale_0_4_matrix": _("Choose twice per challenge: now, and in the next three years."),
            "percentage_split": _("Divide 100 percent."),
            "integer": _("A whole number."),
            "year": _("A year."),
            "place": _("The name of a place."),
            "url": _("A web address."),
            "email": _("An e-mail address."),
        }
        return kinds.get(question.type, _("In your own words."))

    def options(self, question: Question) -> tuple[OptionView, ...]:
        if question.options_from:
            return ()
        return tuple(
            OptionView(
                text(option.label, self.language) + (": …" if option.free_text else ""),
                self.told(option.show_if) if option.show_if else "",
            )
            for option in question.options
        )

    def told(self, condition: Condition) -> str:
        """The condition as a part of a sentence, such as: at question 3 you choose “Nederland”."""
        if condition.all is not None:
            return _(" and ").join(self.told(each) for each in condition.all)
        if condition.any is not None:
            return _(" or ").join(self.told(each) for each in condition.any)
        if condition.not_ is not None:
            return _("this is not so: %(condition)s") % {"condition": self.told(condition.not_)}
        question = self.definition.question(condition.q or "")
        value = condition.value
        values = value if isinstance(value, tuple) else (value,)
        facts = {
            "number": self.numbers[question.code],
            "value": _(" or ").join(f"“{self.label(question, each)}”" for each in values),
        }
        sentences = {
            "eq": _("at question %(number)s you choose %(value)s"),
            "in": _("at question %(number)s you choose %(value)s"),
            "contains": _("at question %(number)s you choose %(value)s"),
            "contains_any": _("at question %(number)s you choose %(value)s"),
            "ne": _("at question %(number)s you choose something else than %(value)s"),
            "not_in": _("at question %(number)s you choose something else than %(value)s"),
            "contains_none": _("at question %(number)s you choose something else than %(value)s"),
            "count_gte": _("at question %(number)s you choose at least %(value)s"),
            "gt": _("at question %(number)s you fill in more than %(value)s"),
            "gte": _("at question %(number)s you fill in %(value)s or more"),
            "lt": _("at question %(number)s you fill in less than %(value)s"),
            "lte": _("at question %(number)s you fill in %(value)s or less"),
            "answered": _("you answer question %(number)s")
            if value is True
            else _("you leave question %(number)s open"),
        }
        if condition.op in ("count_gte", "gt", "gte", "lt", "lte"):
            facts["value"] = str(value)
        return sentences[condition.op or "answered"] % facts

    def label(self, question: Question, value: object) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        option = question.options_by_code.get(str(value))
        return text(option.label, self.language) if option else str(value)


def _runs(options: tuple[OptionView, ...]) -> tuple[OptionRun, ...]:
    grouped = [(when, tuple(run)) for when, run in groupby(options, key=lambda option: option.when)]
    if not any(when and len(run) >= LONG_RUN for when, run in grouped):
        return (OptionRun("", _columns(options)),) if options else ()

    def told(when: str) -> str:
        return _("If %(condition)s:") % {"condition": when} if when else _("In all cases:")

    return tuple(
        OptionRun(told(when), _columns(tuple(replace(option, when="") for option in run)))
        for when, run in grouped
    )


def _columns(options: tuple[OptionView, ...]) -> tuple[tuple[OptionView, ...], ...]:
    half = (len(options) + 1) // 2
    return (options[:half], options[half:]) if len(options) >= LONG_LIST else (options,)
