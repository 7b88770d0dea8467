"""The place, and a pin of one's own."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from selfscan.checks.base import UNREADABLE, Check
from selfscan.conditions import is_answered
from selfscan.fields import whole_number
from selfscan.plain_text import tidy
from selfscan.problems import AmbiguousPlace, PlaceError, UnknownPlace
from selfscan.schema import Question

LATITUDES, LONGITUDES = (49.4, 53.7), (2.5, 7.3)


class PlaceChecks(Check):
    def place(self, question: Question, value: Any) -> dict[str, Any] | None:
        code = question.code
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping):
            return self.refuse(question, "wrong_shape", UNREADABLE)
        typed_id = given.get("place_id")
        typed_id = typed_id if is_answered(typed_id) else given.get("geonames_id")
        place_id = whole_number(typed_id)
        name = self.tidied(code, code, given.get("name") or "", 120)
        before = len(self.problems)
        pin = self.pin(question, given) if question.validation.pin_optional else {}
        if is_answered(typed_id) and (place_id is None or not 0 < place_id < 10**12):
            self.problem(f"{code}_id", code, "unknown_place", PlaceError.message)
        if name is None or len(self.problems) > before or (not name and place_id is None):
            return None
        country = self.answers.get("country")
        if self.gazetteer is None or country is None:
            known = {"name": name} if name else {}
            for key in ("municipality", "province", "region"):
                detail = given.get(key)
                if isinstance(detail, str) and len(detail) <= 120 and (kept := tidy(detail)):
                    known[key] = kept
            found: dict[str, Any] = known | ({"geonames_id": place_id} if place_id is not None else {})
            return found | pin if name else None
        try:
            resolved = self.gazetteer.resolve(country, name, place_id)
        except LookupError as error:
            known_error = error if isinstance(error, PlaceError) else UnknownPlace()
            field = f"{code}_id" if isinstance(known_error, AmbiguousPlace) else code
            self.problem(
                field, code, known_error.code, known_error.message, getattr(known_error, "choices", ())
            )
            return None
        return {key: _part(resolved, key) for key in ("name", "region", "geonames_id")} | pin

    def pin(self, question: Question, given: Mapping[Any, Any]) -> dict[str, float]:
        pin: dict[str, float] = {}
        present = [key for key in ("lat", "lon") if is_answered(given.get(key))]
        for key, (low, high) in (("lat", LATITUDES), ("lon", LONGITUDES)):
            field = f"{question.code}_{key}"
            if not present:
                continue
            if key not in present:
                self.problem(
                    field, question.code, "pin", _("A pin needs two numbers. Fill in both, or empty both.")
                )
                continue
            number = _coordinate(given[key])
            if number is None or not low <= number <= high:
                message = format_lazy(
                    _(
                        "The pin must lie in the Netherlands or Flanders: fill in a number from {min} to {max}."
                    ),
                    min=low,
                    max=high,
                )
                self.problem(field, question.code, "pin", message)
            else:
                pin[key] = number
        return pin if len(pin) == 2 else {}


def _coordinate(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,2}([.,][0-9]{1,15})?\s*", value):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return round(number, 6) if math.isfinite(number) else None


def _part(place: Any, key: str) -> Any:
    return place[key] if isinstance(place, Mapping) else getattr(place, key)
