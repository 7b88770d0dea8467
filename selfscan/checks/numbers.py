"""Whole numbers, years and shares."""

from __future__ import annotations

import re
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from selfscan.checks.base import Check
from selfscan.conditions import is_answered
from selfscan.fields import BIGGEST, whole_number
from selfscan.schema import Question

NOT_WHOLE = _("Fill in a whole number, with digits only.")


class NumberChecks(Check):
    def integer(self, question: Question, value: Any) -> int | None:
        return self.number(question, question.code, value, question.validation.min, question.validation.max)

    def year_(self, question: Question, value: Any) -> int | None:
        return self.number(question, question.code, value, question.validation.min, question.validation.max)

    def number(
        self, question: Question, field: str, value: Any, low: int | None, high: int | str | None
    ) -> int | None:
        number = whole_number(value)
        if high == "current_year":
            high = self.year
        top = high if isinstance(high, int) else None
        if number is None:
            too_long = isinstance(value, str) and re.fullmatch(r"\s*[0-9]{16,}\s*", value)
            code = "out_of_range" if too_long else "not_a_number"
            self.problem(field, question.code, code, _range_message(low, top) if too_long else NOT_WHOLE)
        elif (
            (low is not None and number < low) or (top is not None and number > top) or abs(number) > BIGGEST
        ):
            self.problem(field, question.code, "out_of_range", _range_message(low, top))
        else:
            return number
        return None

    def split(self, question: Question, value: Any) -> dict[str, int] | None:
        rules = question.validation
        before = len(self.problems)
        given = self.mapping(question, value, {part.code for part in question.parts})
        if given is None:
            return None
        shares: dict[str, int] = {}
        for part in question.parts:
            typed = given.get(part.code)
            typed = typed.strip().removesuffix("%") if isinstance(typed, str) else typed
            if not is_answered(typed):
                continue
            field = f"{question.code}.{part.code}"
            share = self.number(question, field, typed, rules.each_min or 0, rules.each_max or 100)
            if share is not None:
                shares[part.code] = share
        if not shares or len(self.problems) > before:
            return None
        total = sum(shares.values())
        if total > 100 or (total < 100 and self.complete):
            message = format_lazy(
                _("Together the shares must be 100 percent. Now they are {total}."), total=total
            )
            return self.refuse(question, "sum", message)
        return shares


def _range_message(low: int | None, high: int | None) -> Any:
    if low is not None and high is not None:
        return format_lazy(_("Fill in a whole number from {min} to {max}."), min=low, max=high)
    if low is not None:
        return format_lazy(_("Fill in a whole number of {min} or more."), min=low)
    if high is not None:
        return format_lazy(_("Fill in a whole number of {max} or less."), max=high)
    return NOT_WHOLE
