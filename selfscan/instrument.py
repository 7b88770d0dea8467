"""Reads an instrument file and refuses a wrong one with the place and the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from selfscan.errors import InstrumentError
from selfscan.schema import (
    Condition,
    Definition,
    Feedback,
    Item,
    Option,
    Part,
    Question,
    ScaleOption,
    Section,
    completion,
    references,
)

__all__ = [
    "INSTRUMENTS",
    "Condition",
    "Definition",
    "Feedback",
    "InstrumentError",
    "Item",
    "Option",
    "Part",
    "Question",
    "ScaleOption",
    "Section",
    "instrument_file",
    "instrument_hash",
    "parse_instrument",
    "text",
]

INSTRUMENTS = Path(__file__).parent / "instruments"
MAX_CHARACTERS = 2_000_000


def text(value: Mapping[str, str] | None, language: str) -> str:
    """The text in this language, or else in Dutch; nothing for nothing."""
    if not value:
        return ""
    return value.get(language[:2]) or value["nl"]


def instrument_file(version: str) -> Path:
    """Where the instrument of this version lies in the app; it need not exist."""
    return INSTRUMENTS / f"zelfscan-{version}.yaml"


def instrument_hash(text: str) -> str:
    """The file's identity: SHA-256 of its bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse_instrument(text: str) -> Definition:
    """The instrument in this YAML text with everything in it checked; InstrumentError when something is wrong."""
    try:
        definition = Definition.model_validate_json(json.dumps(_load(text), default=str))
    except ValidationError as error:
        raise _first_problem(error) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, InstrumentError):
            raise
        raise InstrumentError("file", f"it cannot be read: {error}") from None
    definition = completion.complete(definition)
    references.check(definition)
    definition = completion.without_retired(definition)
    definition._sha256 = instrument_hash(text)
    return definition


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice: YAML would silently keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _value in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in seen:
                    raise InstrumentError(_line(key_node.start_mark), f"'{key_node.value}' stands here twice")
                seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def _load(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise InstrumentError("file", f"it is longer than {MAX_CHARACTERS} characters")
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            # References can make a small file huge; an instrument doesn't need them.
            if isinstance(event, yaml.AliasEvent):
                raise InstrumentError(_line(event.start_mark), "references (*name) are not allowed")
        return yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader
    except yaml.MarkedYAMLError as error:
        raise InstrumentError(_line(error.problem_mark), f"this is not YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeError, OverflowError) as error:
        raise InstrumentError("file", f"this is not YAML: {error}") from None


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else "file"


def _first_problem(error: ValidationError) -> InstrumentError:
    problems = error.errors(include_url=False, include_input=False)
    first = problems[0]
    place = ""
    for step in first["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    place = place.removesuffix(".[key]")
    return InstrumentError(place or "file", first["msg"].removeprefix("Value error, ") + more)
