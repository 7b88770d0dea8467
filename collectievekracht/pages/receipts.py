"""The yearly receipt: what a collective or a person gave and received in a year, as one document; plain values in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.translation import override

from collectievekracht.pages.ledger import Ledger, Line, Year

# Goes up with every change that one would see.
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed, in one language."""

    ledger: Ledger
    year: Year
    language: str

    @property
    def version(self) -> str:
        """Changes with everything that the receipt says, but for the day on which it is drawn."""
        said = [(line.text, line.day.isoformat(), line.direction) for line in self.year.gave + self.year.got]
        shown = repr((VERSION, self.language, self.ledger.name, self.year.year, said))
        return sha256(shown.encode(errors="replace")).hexdigest()[:16]

    @property
    def gave(self) -> list[tuple[str, list[Line]]]:
        """What was given, by kind."""
        return _by_kind(self.year.gave)

    @property
    def got(self) -> list[tuple[str, list[Line]]]:
        """What was received, by kind."""
        return _by_kind(self.year.got)


def _by_kind(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    named = sorted(lines, key=lambda line: (str(line.name), line.at))
    return [(name, list(same)) for name, same in groupby(named, key=lambda line: str(line.name))]


def receipt_html(receipt: Receipt, drawn_on: object) -> str:
    """The receipt as one HTML document for the press; everything in it that a person typed is escaped."""
    with override(receipt.language):
        return render_to_string("pages/report/receipt.html", {"receipt": receipt, "drawn_on": drawn_on})
