"""What can be said of a row of an import, as codes that are kept and words that a person reads; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from members.import_columns import heading_of


class FileProblem(ValueError):
    """The file as a whole can't be read; the words are for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark on one cell (or on the whole row, without a column)."""

    code: str
    column: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> list[Any]:
        """To keep; `from_json` reads it."""
        return [self.code, self.column, self.facts]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Problem:
        """What `as_json` gave."""
        return cls(*kept)

    def __str__(self) -> str:
        """The remark in the active language, after the column's name."""
        words = WORDS[self.code]() % self.facts
        column = heading_of(self.column)
        return f"{column}: {words}" if column else words


WORDS = {
    "required": lambda: _("this cell is empty, and is needed."),
    "too_long": lambda: _("%(length)s characters is too long; %(longest)s is the most."),
    "control": lambda: _("there is a character in it that can't be used. Type it again."),
    "line_break": lambda: _("keep it on one line."),
    "formula": lambda: _("it begins with %(sign)s, so a spreadsheet may run it as a formula. Leave that sign out."),
    "error_value": lambda: _("the spreadsheet shows an error here."),
    "too_many_cells": lambda: _("this row has more cells than there are columns."),
    "country": lambda: _("write Nederland or Vlaanderen."),
    "unknown_place": lambda: _("we don't know a place of this name. Look at the spelling."),
    "place_elsewhere": lambda: _("this place is not in that country."),
    "ambiguous_place": lambda: _("there are several places of this name. Choose one: %(choices)s."),
    "website": lambda: _("this is no web address."),
    "email": lambda: _("this is no e-mail address."),
    "language": lambda: _("write nl or en."),
    "activity": lambda: _("write active, dormant or stopped."),
    "year": lambda: _("write a year from 1800 to this year."),
    "unknown_word": lambda: _("the questionnaire doesn't know “%(word)s”."),
    "yes_or_no": lambda: _("write yes or no."),
    "date": lambda: _("write a date such as 2024-05-31, not in the future."),
    "needs_page": lambda: _("a pin on the map needs a yes to a page too."),
    "double_key": lambda: _("row %(row)s has the same key."),
    "double_name": lambda: _("row %(row)s has the same name and place."),
    "other_key": lambda: _("this collective was imported before with another key: %(key)s."),
    "here_already": lambda: _("this collective is here by itself already; the import leaves it as it is."),
    "merged": lambda: _("this collective was merged with another one here; the import leaves it as it is."),
    "kept": lambda: _("this was changed here since; it stays as it is here."),
    "consent_kept": lambda: _("the collective's own decision about this stands; it stays as it is."),
    "left_changed": lambda: _("it was changed since, so it stays."),
    "left_used": lambda: _("people or other things belong to it by now, so it stays."),
    "left_consent": lambda: _("a consent is not given back by undoing: ask the collective again."),
}  # fmt: skip
