"""What every check of an answer shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selfscan.conditions import is_answered
from selfscan.instrument import text
from selfscan.plain_text import tidy
from selfscan.problems import Gazetteer, Problem
from selfscan.schema import Definition, Question

READ_MAX = 20_000
MOST_UNKNOWN = 50
UNREADABLE = _("We can't read this answer. Fill it in again.")

label_of = lazy(lambda value: text(value, get_language() or "nl"), str)


class Check:
    """One check: the answers that are right so far, and the problems."""

    def __init__(
        self,
        definition: Definition,
        given: Mapping[Any, Any],
        year: int,
        gazetteer: Gazetteer | None,
        complete: bool,
    ) -> None:
        self.definition = definition
        self.given = given
        self.year = year
        self.gazetteer = gazetteer
        self.complete = complete
        self.answers: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def problem(
        self, field: str, question: str, code: str, message: Any, choices: tuple[Any, ...] = ()
    ) -> None:
        self.problems.append(Problem(field, question, code, message, choices))

    def refuse(self, question: Question, code: str, message: Any) -> Any:
        """Report it; the check ends with this, without an answer."""
        self.problem(question.code, question.code, code, message)

    def tidied(self, field: str, code: str, value: Any, longest: int, *, lines: bool = False) -> str | None:
        if not isinstance(value, str):
            self.problem(field, code, "wrong_shape", UNREADABLE)
            return None
        result = tidy(value, lines=lines) if len(value) <= READ_MAX else value
        if result is None:
            self.problem(
                field,
                code,
                "characters",
                _(
                    "There are characters in this text that we can't show. Remove them, or type the text again."
                ),
            )
        elif len(result) > longest:
            message = format_lazy(
                _("Make this shorter: at most {max} characters. Now there are {count}."),
                max=longest,
                count=len(result),
            )
            self.problem(field, code, "too_long", message)
            return None
        return result

    def mapping(self, question: Question, value: Any, known: Collection[str]) -> Mapping[Any, Any] | None:
        if not is_answered(value):
            return {}
        if not isinstance(value, Mapping):
            return self.refuse(question, "wrong_shape", UNREADABLE)
        for key in [key for key in value if key not in known][:MOST_UNKNOWN]:
            self.problem(
                f"{question.code}.{str(key)[:80]}",
                question.code,
                "unknown_item",
                _("There is no such statement."),
            )
        return value
