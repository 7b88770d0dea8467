"""The columns of a file with existing collectives: what they are called and what belongs in them; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.gazetteer import fold


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Its names are part of the file's format, like a code: both are read, whatever the language."""

    code: str
    nl: str
    help: Any
    longest: int
    required: bool = False
    example: str = ""

    @property
    def heading(self) -> str:
        """What stands above it, in the active language."""
        return self.code if get_language() == "en" else self.nl


COLUMNS = (
    Column(
        "key", "sleutel",
        _(
            "The number or code of the collective in your old administration. It never changes. Without one, name and "
            "place together are the key."
        ),
        60, example="CK-0001",
    ),
    Column("name", "naam", _("The name of the collective."), 120, True, "Zonnig Dorp"),
    Column(
        "country", "land",
        _("The Netherlands, or Flanders (Brussels too). Empty: the Netherlands."), 40, example="Nederland",
    ),
    Column(
        "place", "plaats",
        _("Village or town. When there are several of that name, add the province: “Hengelo, Overijssel”."),
        120, True, "Zwolle",
    ),
    Column(
        "description", "beschrijving",
        _("The text of the page, in the collective's own words. It is required when the page may be public."),
        2000, example="Samen wekken we stroom op voor het dorp.",
    ),
    Column("website", "website", _("In full, such as https://www.example.nl."), 200, example="https://zonnig.example/"),
    Column(
        "contact_email", "e-mailadres",
        _("Whoever proves this address may act for the collective: be sure that it is theirs. Nobody gets a mail."),
        200, example="bestuur@zonnig.example",
    ),
    Column("language", "taal", _("The language of its mails: nl or en. Empty: nl."), 20, example="nl"),
    Column("activity", "activiteit", _("Active, dormant or stopped. Empty: active."), 40, example="actief"),
    Column("founding_year", "startjaar", _("Four digits."), 10, example="2014"),
    Column(
        "sectors", "werkvelden",
        _("The fields in which it works, as the questionnaire names them, with | between them. The first one is the main field."),
        1000, example="energy",
    ),
    Column("legal_form", "rechtsvorm", _("As the questionnaire names it."), 200, example="nl_cooperative"),
    Column("geo_scale", "werkgebied", _("How large the area is in which it works, as the questionnaire names it."), 200),
    Column(
        "consent_page", "toestemming pagina",
        _("Yes or no: did the collective agree to a public page? Without a yes there is no page."), 20, example="ja",
    ),
    Column(
        "consent_map", "toestemming kaart",
        _("Yes or no: did it agree to a pin on the map, in the middle of its place? It needs a page too."), 20, example="ja",
    ),
    Column(
        "consent_date", "toestemming op",
        _("The day on which it agreed: 2024-05-31 or 31-5-2024. Required with a yes."), 40, example="2024-05-31",
    ),
    Column(
        "consent_source", "toestemming via",
        _("Where that yes can be found, such as “mail of the board”. Required with a yes."), 200,
        example="mail van het bestuur",
    ),
)  # fmt: skip
BY_CODE = {column.code: column for column in COLUMNS}
BY_HEADING = {fold(name): column.code for column in COLUMNS for name in (column.code, column.nl)}
REQUIRED = tuple(column.code for column in COLUMNS if column.required)


def heading_of(code: str) -> str:
    """The column's name for a person; empty for none."""
    return BY_CODE[code].heading if code in BY_CODE else ""
