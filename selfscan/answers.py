"""Are these answers right? Any input at all gives clean answers and problems in plain words, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from selfscan.checks.base import MOST_UNKNOWN, UNREADABLE
from selfscan.checks.choices import CHOOSE, ChoiceChecks
from selfscan.checks.numbers import NumberChecks
from selfscan.checks.place import PlaceChecks
from selfscan.checks.texts import TextChecks
from selfscan.conditions import holds, is_answered
from selfscan.fields import fields_of, read_fields, write_fields
from selfscan.problems import AmbiguousPlace, Gazetteer, PlaceElsewhere, PlaceError, Problem, UnknownPlace
from selfscan.schema import Definition, Question

__all__ = [
    "AmbiguousPlace",
    "Checked",
    "Gazetteer",
    "PlaceElsewhere",
    "PlaceError",
    "Problem",
    "UnknownPlace",
    "check_answers",
    "fields_of",
    "read_fields",
    "write_fields",
]


@dataclass(frozen=True, slots=True)
class Checked:
    """Clean answers: normalised, with nothing wrong and nothing hidden in them. What is wrong is in `problems`."""

    answers: dict[str, Any]
    problems: tuple[Problem, ...]
    hidden: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def check_answers(
    definition: Definition,
    raw: Mapping[str, Any],
    *,
    year: int,
    gazetteer: Gazetteer | None = None,
    questions: Collection[str] | None = None,
    complete: bool = True,
) -> Checked:
    """Check a whole scan, or report on these `questions` of it only; the rest still decides what is visible.

    A draft (`complete=False`) may lack answers. Without a gazetteer any place name is taken.
    """
    given: Mapping[Any, Any] = raw if isinstance(raw, Mapping) else {}
    check = _Check(definition, given, year, gazetteer, complete)
    hidden = []
    for question in definition.questions:
        if question.show_if is None or holds(question.show_if, check.answers):
            check.question(question)
        else:
            hidden.append(question.code)
    if questions is None:
        if given is not raw:
            check.problem("", "", "wrong_shape", UNREADABLE)
        check.unknown_questions()
        problems = check.problems
    else:
        problems = [problem for problem in check.problems if problem.question in questions]
    return Checked(check.answers, tuple(problems), tuple(sorted(hidden)))


class _Check(TextChecks, NumberChecks, ChoiceChecks, PlaceChecks):
    def question(self, question: Question) -> None:
        value, before = self.given.get(question.code), len(self.problems)
        clean = None
        if question.is_battery or is_answered(value):
            clean = _CHECKS[question.type](self, question, value)
        if clean is not None:
            self.answers[question.code] = clean
            self.free_texts(question, clean)
        elif question.required and self.complete and len(self.problems) == before:
            self.problem(
                question.code, question.code, "required", _MISSING.get(question.type, _("Fill this in."))
            )

    def unknown_questions(self) -> None:
        known = {question.code for question in self.definition.questions + self.definition.retired}
        known |= {
            field for question in self.definition.questions for field in fields_of(question) if "__" in field
        }
        unknown = [str(key)[:80] for key in self.given if key not in known]
        for key in unknown[:MOST_UNKNOWN]:
            self.problem(key, key, "unknown_question", _("There is no such question."))


_MISSING: dict[str, Any] = {
    "single": CHOOSE,
    "yes_no": _("Choose yes or no."),
    "multiple": _("Choose at least one answer."),
    "place": _("Fill in the name of the place."),
}
_CHECKS: dict[str, Callable[[_Check, Question, Any], Any]] = {
    "short_text": _Check.short,
    "long_text": _Check.long,
    "url": _Check.url,
    "email": _Check.email,
    "integer": _Check.integer,
    "year": _Check.year_,
    "place": _Check.place,
    "yes_no": _Check.yes_no,
    "single": _Check.single,
    "multiple": _Check.multiple,
    "likert5": _Check.likert,
    "scale_0_4_matrix": _Check.matrix,
    "percentage_split": _Check.split,
}
