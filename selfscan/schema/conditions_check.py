"""Checks that a condition asks something that can be asked of an earlier question."""

from __future__ import annotations

from selfscan.errors import InstrumentError
from selfscan.schema.checks import require
from selfscan.schema.questionnaire import Condition, Question

OPERATORS = {
    "single": {"eq", "ne", "in", "not_in", "answered"},
    "yes_no": {"eq", "ne", "answered"},
    "multiple": {"contains", "contains_any", "contains_none", "count_gte", "answered"},
    "integer": {"eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "answered"},
    "year": {"eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "answered"},
}


def check_condition(condition: Condition, earlier: dict[str, Question], place: str) -> None:
    for name, inner in (("all", condition.all), ("any", condition.any)):
        for i, each in enumerate(inner or ()):
            check_condition(each, earlier, f"{place}.{name}[{i}]")
    if condition.not_:
        check_condition(condition.not_, earlier, f"{place}.not")
    if not condition.q:
        return
    question = earlier.get(condition.q)
    if question is None:
        raise InstrumentError(f"{place}.q", f"'{condition.q}' is no earlier question")
    op, value = condition.op, condition.value
    allowed = {"answered"} if question.is_battery else OPERATORS.get(question.type, {"answered"})
    require(f"{place}.op", op in allowed, f"{op} can't be asked of '{condition.q}' ({question.type})")
    values: tuple[object, ...] = value if isinstance(value, tuple) else (value,)
    listed = op in ("in", "not_in", "contains_any", "contains_none")
    require(
        f"{place}.value",
        isinstance(value, tuple) == listed,
        f"{op} needs {'a list' if listed else 'one value'}",
    )
    require(f"{place}.value", bool(values), "the list is empty")
    for wanted in values:
        if op == "answered" or question.type == "yes_no":
            fits, reason = isinstance(wanted, bool), "must be true or false"
        elif op == "count_gte" or question.type in ("integer", "year"):
            fits, reason = (
                isinstance(wanted, int | float) and not isinstance(wanted, bool),
                "must be a number",
            )
        else:
            fits, reason = wanted in question.options_by_code, f"'{wanted}' is no option of '{condition.q}'"
        require(f"{place}.value", fits, reason)
