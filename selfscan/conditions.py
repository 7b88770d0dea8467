"""What of a questionnaire is visible, given the answers: the one evaluator, for pages, scores and exports alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selfscan.schema import Condition, Definition, Option, Question


def is_answered(value: Any) -> bool:
    """Whether there is an answer at all; false, 0 and "don't know" are answers."""
    return value is not None and value != "" and value != [] and value != {}


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds; leave hidden answers out. Any shape of answer will do: a wrong one doesn't hold."""
    if condition.all is not None:
        return all(holds(inner, answers) for inner in condition.all)
    if condition.any is not None:
        return any(holds(inner, answers) for inner in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, answers)
    answer, value, op = answers.get(condition.q or ""), condition.value, condition.op
    if op == "answered":
        return is_answered(answer) is value
    if not is_answered(answer):
        return False
    listed = value if isinstance(value, tuple) else (value,)
    if op in ("eq", "in"):
        return _is_one_of(answer, listed)
    if op in ("ne", "not_in"):
        return not _is_one_of(answer, listed)
    if op in ("contains", "contains_any", "contains_none"):
        if not isinstance(answer, list | tuple):
            return False
        found = any(_is_one_of(each, listed) for each in answer)
        return found is (op != "contains_none")
    if op == "count_gte":
        return isinstance(answer, list | tuple) and isinstance(value, int | float) and len(answer) >= value
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not isinstance(value, int | float):
        return False
    if op == "gt":
        return answer > value
    if op == "gte":
        return answer >= value
    if op == "lt":
        return answer < value
    return answer <= value


def visible_answers(
    definition: Definition, answers: Mapping[str, Any]
) -> tuple[tuple[Question, ...], dict[str, Any]]:
    """The visible questions in order, and the answers to them; what a hidden question holds counts as absent."""
    shown: list[Question] = []
    seen: dict[str, Any] = {}
    for question in definition.questions:
        if question.show_if is None or holds(question.show_if, seen):
            shown.append(question)
            answer = answers.get(question.code)
            if is_answered(answer):
                seen[question.code] = answer
    return tuple(shown), seen


def visible_questions(definition: Definition, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that are asked with these answers, in the order of the questionnaire."""
    return visible_answers(definition, answers)[0]


def visible_options(
    definition: Definition, question: Question, answers: Mapping[str, Any]
) -> tuple[Option, ...]:
    """The options that may be chosen with these answers."""
    if not question.options_from and not any(option.show_if for option in question.options):
        return question.options
    return options_given(question, visible_answers(definition, answers)[1])


def options_given(question: Question, seen: Mapping[str, Any]) -> tuple[Option, ...]:
    """As `visible_options`, for who has the answers to the visible questions already."""
    options = question.options
    if question.options_from:
        chosen = seen.get(question.options_from)
        chosen = chosen if isinstance(chosen, list | tuple) else ()
        return tuple(option for option in options if option.code in chosen)
    return tuple(option for option in options if option.show_if is None or holds(option.show_if, seen))


def _is_one_of(answer: Any, values: tuple[Any, ...]) -> bool:
    # In Python 1 == True; in a questionnaire they are different answers.
    return any(answer == value and isinstance(answer, bool) is isinstance(value, bool) for value in values)
