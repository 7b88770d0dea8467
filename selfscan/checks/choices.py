"""Options, statements and challenges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from selfscan.checks.base import UNREADABLE, Check, label_of
from selfscan.conditions import is_answered, options_given
from selfscan.fields import whole_number
from selfscan.schema import Question

CHOOSE = _("Choose an answer.")
NOT_OFFERED = _("Choose one of the answers shown.")


class ChoiceChecks(Check):
    def yes_no(self, question: Question, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in ("yes", "no"):
            return value == "yes"
        return self.refuse(question, "unknown_option", _("Choose yes or no."))

    def single(self, question: Question, value: Any) -> Any:
        if question.items:
            return self.items(
                question, value, lambda choice: choice if choice in question.options_by_code else None
            )
        if self.offered(question, [value]):
            return value
        return None

    def multiple(self, question: Question, value: Any) -> list[str] | None:
        if not isinstance(value, list | tuple) or len(value) > 1000:
            return self.refuse(question, "wrong_shape", UNREADABLE)
        values = [each for each in value if each != ""]
        if not values or not self.offered(question, values):
            return None
        chosen = [option for option in question.options if option.code in values]
        rules = question.validation
        exclusive = next((option for option in chosen if option.exclusive), None)
        if exclusive and len(chosen) > 1:
            message = format_lazy(
                _("“{option}” doesn't go together with another answer. Choose one or the other."),
                option=label_of(exclusive.label),
            )
            return self.refuse(question, "exclusive", message)
        if rules.max_select and len(chosen) > rules.max_select:
            message = format_lazy(
                _("Choose no more than {max}. Now there are {count}."),
                max=rules.max_select,
                count=len(chosen),
            )
            return self.refuse(question, "too_many", message)
        if self.complete and rules.min_select and len(chosen) < rules.min_select:
            return self.refuse(
                question, "too_few", format_lazy(_("Choose at least {min}."), min=rules.min_select)
            )
        return list(dict.fromkeys(values))

    def offered(self, question: Question, values: list[Any]) -> bool:
        if not all(isinstance(value, str) and value in question.options_by_code for value in values):
            self.problem(question.code, question.code, "unknown_option", NOT_OFFERED)
            return False
        visible = {option.code for option in options_given(question, self.answers)}
        if visible.issuperset(values):
            return True
        message = _("An answer you chose no longer goes with your other answers. Choose again.")
        self.problem(question.code, question.code, "hidden_option", message)
        return False

    def likert(self, question: Question, value: Any) -> dict[str, Any] | None:
        return self.items(question, value, lambda choice: "dk" if choice == "dk" else _on_scale(choice, 1, 5))

    def items(self, question: Question, value: Any, clean: Callable[[Any], Any]) -> dict[str, Any] | None:
        given = self.mapping(question, value, question.item_codes)
        if given is None:
            return None
        result: dict[str, Any] = {}
        for item in question.items:
            choice, field = given.get(item.code), f"{question.code}.{item.code}"
            if not is_answered(choice):
                if question.required and self.complete:
                    self.problem(field, question.code, "required", CHOOSE)
            elif isinstance(choice, str | int | float) and (answer := clean(choice)) is not None:
                result[item.code] = answer
            else:
                self.problem(field, question.code, "unknown_option", NOT_OFFERED)
        return result or None

    def matrix(self, question: Question, value: Any) -> dict[str, dict[str, int]] | None:
        before = len(self.problems)
        given = self.mapping(question, value, question.item_codes)
        if given is None:
            return None
        columns = [column.code for column in question.columns]
        result: dict[str, dict[str, int]] = {}
        for item in question.items:
            cells = given.get(item.code)
            if not is_answered(cells):
                continue
            if not isinstance(cells, Mapping) or any(column not in columns for column in cells):
                self.problem(
                    f"{question.code}.{item.code}.{columns[0]}", question.code, "wrong_shape", UNREADABLE
                )
                continue
            row: dict[str, int] = {}
            for column in columns:
                if not is_answered(cells.get(column)):
                    continue
                number = _on_scale(cells[column], 0, 4)
                if number is None:
                    self.problem(
                        f"{question.code}.{item.code}.{column}", question.code, "unknown_option", NOT_OFFERED
                    )
                else:
                    row[column] = number
            if row:
                result[item.code] = row
        least = question.validation.min_rows_answered or 0
        asked = self.complete and (question.required or bool(result))
        if (
            asked
            and len(self.problems) == before
            and sum(columns[0] in row for row in result.values()) < least
        ):
            message = format_lazy(
                _("Choose an answer for at least {min} rows in the column “{column}”."),
                min=least,
                column=label_of(question.columns[0].label),
            )
            self.problem(question.code, question.code, "too_few_rows", message)
        return result or None


def _on_scale(value: Any, low: int, high: int) -> int | None:
    number = whole_number(value)
    return number if number is not None and low <= number <= high else None
