"""Form fields of the self-scan, by the names that others may script against, to answers and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from selfscan.plain_text import storable
from selfscan.schema import Definition, Question

BIGGEST = 10**15
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([.,\u00a0\u202f ][0-9]{3}){1,4}")
_DIGITS_ONLY = re.compile(r"[^0-9+-]")


def free_text_name(question_code: str, option_code: str) -> str:
    """The field, and the key among the answers, of the text beside a free-text option."""
    return f"{question_code}__{option_code}"


def fields_of(question: Question) -> tuple[str, ...]:
    """The names of all fields that this question can have."""
    code = question.code
    if question.type == "place":
        return (code, f"{code}_id", f"{code}_lat", f"{code}_lon")
    if question.columns:
        return tuple(
            f"{code}.{item.code}.{column.code}" for item in question.items for column in question.columns
        )
    if question.items:
        return tuple(f"{code}.{item.code}" for item in question.items)
    if question.parts:
        return tuple(f"{code}.{part.code}" for part in question.parts)
    return (code, *(free_text_name(code, option.code) for option in question.options if option.free_text))


def read_fields(definition: Definition, questions: Iterable[Question], data: Any) -> dict[str, Any]:
    """What was posted for these questions, in the shape of answers: each question has its key, None where it is empty.

    Nothing is judged here and nothing raises: a wrong value stays as it was typed, fit to store in a draft.
    """
    answers: dict[str, Any] = {}
    for question in questions:
        code = question.code
        if question.type == "place":
            names = {"name": code, "place_id": f"{code}_id", "lat": f"{code}_lat", "lon": f"{code}_lon"}
            place: dict[str, Any] = {key: _one(data, field) for key, field in names.items()}
            answers[code] = place | {"name": place["name"] or ""} if any(place.values()) else None
        elif question.columns:
            rows = {
                item.code: {
                    column.code: _scale_value(value)
                    for column in question.columns
                    if (value := _one(data, f"{code}.{item.code}.{column.code}"))
                }
                for item in question.items
            }
            answers[code] = {row: cells for row, cells in rows.items() if cells} or None
        elif question.items or question.parts:
            names_of = [each.code for each in (question.items or question.parts)]
            given = {name: value for name in names_of if (value := _one(data, f"{code}.{name}"))}
            if question.type == "likert5":
                answers[code] = {name: _scale_value(value) for name, value in given.items()} or None
            elif question.parts:
                answers[code] = {name: _number_or_typed(value) for name, value in given.items()} or None
            else:
                answers[code] = given or None
        elif question.type == "multiple":
            answers[code] = [storable(str(each)) for each in _all(data, code) if each != ""] or None
        else:
            answers[code] = _single_value(question, _one(data, code))
        for option in question.options:
            if option.free_text:
                name = free_text_name(code, option.code)
                answers[name] = _one(data, name)
    return answers


def write_fields(definition: Definition, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The values with which to fill in a form: text per field, a list for several options; whatever shape is stored."""
    code, answer = question.code, answers.get(question.code)
    given = answer if isinstance(answer, Mapping) else {}
    if question.type == "place":
        chosen = given.get("geonames_id") or given.get("place_id")
        name = given.get("name") if given else answer
        values = (name, chosen, given.get("lat"), given.get("lon"))
        return dict(zip(fields_of(question), map(_shown, values), strict=True))
    if question.columns:
        return {
            f"{code}.{item.code}.{column.code}": _shown(
                row.get(column.code) if isinstance(row, Mapping) else None
            )
            for item in question.items
            for row in [given.get(item.code)]
            for column in question.columns
        }
    if question.items or question.parts:
        return {
            f"{code}.{each.code}": _shown(given.get(each.code)) for each in (question.items or question.parts)
        }
    if question.type == "multiple":
        fields: dict[str, Any] = {
            code: [_shown(each) for each in answer] if isinstance(answer, list | tuple) else []
        }
    elif question.type == "yes_no" and isinstance(answer, bool):
        fields = {code: "yes" if answer else "no"}
    else:
        fields = {code: _shown(answer)}
    for option in question.options:
        if option.free_text:
            name = free_text_name(code, option.code)
            fields[name] = _shown(answers.get(name))
    return fields


def whole_number(value: Any) -> int | None:
    """The whole number in a value or a typed text (1250, '1.250', '1 250'), or None; true and false are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= BIGGEST else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    value = value.strip()
    if _PLAIN.fullmatch(value) or _GROUPED.fullmatch(value):
        return int(_DIGITS_ONLY.sub("", value))
    return None


def _one(data: Any, name: str) -> str | None:
    values = _all(data, name)
    if not values:
        return None
    value = values[-1]
    return storable(value if isinstance(value, str) else str(value)) or None


def _all(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _single_value(question: Question, value: str | None) -> Any:
    if value is None:
        return None
    if question.type == "yes_no":
        return {"yes": True, "no": False}.get(value, value)
    if question.type in ("integer", "year"):
        return _number_or_typed(value)
    return value


def _number_or_typed(value: str) -> Any:
    number = whole_number(value)
    return value if number is None else number


def _scale_value(value: str) -> Any:
    return int(value) if value in ("0", "1", "2", "3", "4", "5") else value


def _shown(value: Any) -> str:
    if value is None or isinstance(value, Mapping | list | tuple | bool):
        return ""
    try:
        return str(value)
    except ValueError:  # a number of more digits than Python writes out
        return ""
