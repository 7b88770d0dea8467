"""What can be wrong with an answer, in words for the person who gave it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _


class PlaceError(LookupError):
    """The gazetteer can't tell which place this is."""

    code = "unknown_place"
    message: Any = _(
        "We can't find this place. It must lie in the Netherlands, Flanders or Brussels: "
        "the platform is for collectives there. Check the spelling, or choose a larger place nearby."
    )


class UnknownPlace(PlaceError):
    """No place of this name in the Netherlands, Flanders or Brussels."""


class AmbiguousPlace(PlaceError):
    """Several places have this name; `choices` are for the person to choose from."""

    code = "ambiguous"
    message = _("There is more than one place with this name. Choose yours from the list.")

    def __init__(self, choices: Collection[Any]) -> None:
        super().__init__("ambiguous")
        self.choices = tuple(choices)


class PlaceElsewhere(PlaceError):
    """The place lies in the other country than the one chosen."""

    code = "place_elsewhere"
    message = _("This place lies in another country than you chose. Check the place, or the country.")


class Gazetteer(Protocol):
    def resolve(self, country: str, name: str, place_id: int | None) -> Any:
        """The place, with name, region and geonames_id as attributes or keys; raises a PlaceError."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the person must change: beside which field, why, and what to do."""

    field: str
    question: str
    code: str
    message: Any
    choices: tuple[Any, ...] = ()
