"""One row of an import: from cells to facts, with a remark on every cell that is wrong; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from collectievekracht.common.fields import plain_text, single_line, tidy
from collectievekracht.common.safe_csv import TRIGGERS
from members.choices import Activity, Country
from members.gazetteer import AmbiguousPlace, Place, PlaceElsewhere, UnknownPlace, fold, gazetteer
from members.import_columns import BY_CODE, COLUMNS, REQUIRED
from members.import_problems import Problem

COUNTRIES = {
    "": Country.NL,
    **dict.fromkeys(("nl", "nederland", "the netherlands", "netherlands"), Country.NL),
    **dict.fromkeys(
        (
            "be vlg",
            "be",
            "belgie",
            "belgium",
            "vlaanderen",
            "flanders",
            "brussel",
            "vlaanderen of brussel",
            "flanders or brussels",
        ),
        Country.FLANDERS,
    ),
}
ACTIVITIES = {
    **dict.fromkeys(("active", "actief"), Activity.ACTIVE),
    **dict.fromkeys(("dormant", "slapend", "sluimerend", "inactief"), Activity.DORMANT),
    **dict.fromkeys(("stopped", "gestopt", "opgeheven"), Activity.STOPPED),
}
LANGUAGES = {"nl": "nl", "nederlands": "nl", "dutch": "nl", "en": "en", "engels": "en", "english": "en"}
YES, NO = {"ja", "j", "yes", "y", "1", "true", "waar", "x"}, {"nee", "n", "no", "0", "false", "onwaar"}
ERROR_VALUE = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|WAARDE!|N/B|DEEL/0!|VERW!|NAAM\?)")
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
FIRST_YEAR = 1800
MOST_CHOICES = 8
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file by column code; `number` is the one that a spreadsheet shows."""

    number: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the questionnaire calls things: folded label or code → code."""

    sectors: Mapping[str, str] = field(default_factory=dict)
    legal_forms: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A good row. `values` holds what was filled in, by field; an empty cell says nothing and stands for nothing."""

    number: int
    key: str
    name_place: str
    place: Place
    values: dict[str, Any]
    page: bool | None
    on_map: bool | None
    consent_on: date | None
    consent_source: str


class _Reader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, row: Row, today: date) -> None:
        self.row, self.today = row, today
        self.problems = list(row.problems)
        self.texts = {column.code: self._text(column.code) for column in COLUMNS}

    def wrong(self, column: str, code: str, **facts: Any) -> None:
        self.problems.append(Problem(code, column, facts))

    def _text(self, column: str) -> str:
        """The cell as tidy text; empty too when it can't be used."""
        raw = self.row.cells.get(column, "")
        longest = BY_CODE[column].longest
        if len(raw) > longest:
            self.wrong(column, "too_long", length=len(raw), longest=longest)
            return ""
        try:
            plain_text(raw)
            text = tidy(raw)
            if column != "description":
                single_line(text)
        except ValidationError as error:
            self.wrong(column, str(error.code))
            return ""
        if text.startswith(TRIGGERS):
            self.wrong(column, "formula", sign=text[0])
            return ""
        if ERROR_VALUE.match(text):
            self.wrong(column, "error_value")
            return ""
        if column in REQUIRED and not fold(text):  # empty, or nothing that can be seen
            self.wrong(column, "required")
        return text

    def choice(self, column: str, known: Mapping[str, str], problem: str) -> str | None:
        text = self.texts[column]
        found = known.get(fold(text))
        if text and found is None:
            self.wrong(column, problem, word=text)
        return found

    def yes_or_no(self, column: str) -> bool | None:
        text = fold(self.texts[column])
        if text in YES or text in NO:
            return text in YES
        if text:
            self.wrong(column, "yes_or_no")
        return None

    def place(self, country: str | None) -> Place | None:
        if not self.texts["place"] or country is None:
            return None
        try:
            return gazetteer.resolve(country, self.texts["place"])
        except UnknownPlace:
            self.wrong("place", "unknown_place")
        except PlaceElsewhere:
            self.wrong("place", "place_elsewhere")
        except AmbiguousPlace as several:
            labels = "; ".join(place.label for place in several.choices[:MOST_CHOICES])
            self.wrong("place", "ambiguous_place", choices=labels)
        return None

    def website(self) -> str:
        text = self.texts["website"]
        if not text:
            return ""
        address = text if "://" in text else f"https://{text}"
        try:
            urlsplit(address)
            _web_address(address)
        except (ValidationError, ValueError):
            self.wrong("website", "website")
            return ""
        if len(address) > BY_CODE["website"].longest:
            self.wrong("website", "website")
        return address

    def email(self) -> str:
        text = self.texts["contact_email"].lower()
        try:
            if text:
                validate_email(text)
        except ValidationError:
            self.wrong("contact_email", "email")
        return text

    def year(self) -> int | None:
        text = self.texts["founding_year"].removesuffix(".0")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= self.today.year:
            self.wrong("founding_year", "year")
            return None
        return int(text)

    def sectors(self, known: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        for word in filter(None, map(str.strip, self.texts["sectors"].split("|"))):
            code = known.get(fold(word))
            if code is None:
                self.wrong("sectors", "unknown_word", word=word)
            elif code not in found:
                found.append(code)
        return found

    def day(self) -> date | None:
        text = self.texts["consent_date"]
        for form in DATES:
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
            except ValueError:
                continue
            if day.year > FIRST_YEAR and day <= self.today:
                return day
        if text:
            self.wrong("consent_date", "date")
        return None


def name_place_key(name: str, place_id: int) -> str:
    """What makes two rows the same collective where no key says so."""
    return f"{fold(name)[:120]}|{place_id}"


def read_row(row: Row, vocabulary: Vocabulary, today: date) -> RowFacts | list[Problem]:
    """The facts of a row, or everything that is wrong with it."""
    read = _Reader(row, today)
    texts = read.texts
    country = read.choice("country", COUNTRIES, "country")
    place = read.place(country)
    values: dict[str, Any] = {
        "name": texts["name"],
        "description": texts["description"],
        "website": read.website(),
        "contact_email": read.email(),
        "language": read.choice("language", LANGUAGES, "language"),
        "activity": read.choice("activity", ACTIVITIES, "activity"),
        "founding_year": read.year(),
        "sectors": read.sectors(vocabulary.sectors),
        "legal_form": read.choice("legal_form", vocabulary.legal_forms, "unknown_word"),
        "geo_scale": read.choice("geo_scale", vocabulary.scales, "unknown_word"),
    }
    page, on_map = read.yes_or_no("consent_page"), read.yes_or_no("consent_map")
    given_on = read.day()
    if page or on_map:
        for column in ("consent_date", "consent_source"):
            if not row.cells.get(column, "").strip():
                read.wrong(column, "required")
    if page and not row.cells.get("description", "").strip():
        read.wrong("description", "required")
    if on_map and not page:
        read.wrong("consent_map", "needs_page")
    if read.problems or place is None:
        return read.problems
    name_place = name_place_key(texts["name"], place.geonames_id)
    return RowFacts(
        number=row.number,
        key=texts["key"] or name_place,
        name_place=name_place,
        place=place,
        values={name: value for name, value in values.items() if value}
        | {"place": [place.country, place.name, place.geonames_id, place.region]},
        page=page,
        on_map=on_map,
        consent_on=given_on,
        consent_source=texts["consent_source"],
    )
