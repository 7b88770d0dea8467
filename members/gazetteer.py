"""Places of the Netherlands, Flanders and Brussels by name (GeoNames, CC BY 4.0); pure, read once per process."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext, override

from members.choices import Country, Region

DATA = Path(__file__).with_name("data")
REGIONS_FILE = DATA / "regions.geojson"
LANGUAGES = ("nl", "en")


class PlaceProblem(ValueError):
    """A name that gives no place; the subclasses say why."""


class UnknownPlace(PlaceProblem):
    """No place has this name."""


class PlaceElsewhere(PlaceProblem):
    """There is such a place, but not in the country that was chosen."""


class AmbiguousPlace(PlaceProblem):
    """Several places have this name; `choices` are all of them, the largest first, each with a label of its own."""

    def __init__(self, choices: tuple[Place, ...]) -> None:
        super().__init__(", ".join(place.name for place in choices))
        self.choices = choices


@dataclass(frozen=True)
class Place:
    """A town or village. `near` names the nearest larger place where name and region are not enough."""

    geonames_id: int
    name: str
    aliases: tuple[str, ...]
    region: str
    latitude: float
    longitude: float
    population: int
    near: str = ""

    @property
    def country(self) -> str:
        """The country as the instrument calls it."""
        return Country.NL if self.region.startswith("NL-") else Country.FLANDERS

    @property
    def region_name(self) -> str:
        """The province in the active language."""
        return str(Region(self.region).label)

    @property
    def label(self) -> str:
        """Name with region, and with the nearest larger place where that is needed; no other place has the same."""
        text = f"{self.name}, {self.region_name}"
        if not self.near:
            return text
        return gettext("%(place)s, near %(near)s") % {"place": text, "near": self.near}


def fold(name: str) -> str:
    """A name as people type it, so that case, accents, dashes and apostrophes don't matter."""
    plain = unicodedata.normalize("NFKD", name.replace("ij", "ij").replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    plain = re.sub(r"['’‘`´]", "", plain)
    return re.sub(r"^st (?=\w)", "sint ", re.sub(r"[\W_]+", " ", plain).strip())


def _distance(one: Place, other: Place) -> float:
    """Far enough from exact for anything but saying which of two places is nearer."""
    width = math.cos(math.radians(one.latitude))
    return math.hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * width)


def _read(path: Path) -> tuple[Place, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        places = [
            Place(
                geonames_id=int(row["geonames_id"]),
                name=row["name"],
                aliases=tuple(filter(None, row["aliases"].split("|"))),
                region=row["region"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                population=int(row["population"] or 0),
            )
            for row in csv.DictReader(file)
        ]
    twins: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        twins.setdefault((fold(place.name), place.region), []).append(place)
    near = {}
    for group in twins.values():
        if len(group) > 1:
            near.update(_neighbours(group, places))
    return tuple(
        Place(**{**place.__dict__, "near": near[place.geonames_id]}) if place.geonames_id in near else place
        for place in places
    )


def _neighbours(group: list[Place], places: list[Place]) -> dict[int, str]:
    """For places that share name and region: the nearest larger place of each, never the same one twice."""
    found: dict[int, str] = {}
    for place in sorted(group, key=lambda one: -one.population):
        larger = (
            other
            for other in places
            if other.population > place.population
            and other.country == place.country
            and fold(other.name) != fold(place.name)
            and other.name not in found.values()
        )
        found[place.geonames_id] = min(larger, key=lambda other: _distance(place, other)).name
    return found


class Gazetteer:
    """Finds places by what a person types."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place, in the order of the file."""
        return _read(self._path)

    @cached_property
    def _by_id(self) -> dict[int, Place]:
        return {place.geonames_id: place for place in self.places}

    @cached_property
    def _by_name(self) -> dict[str, tuple[Place, ...]]:
        """Folded name → places, the largest first; another name counts only where it is nobody's own."""
        own: dict[str, list[Place]] = {}
        other: dict[str, list[Place]] = {}
        for place in sorted(self.places, key=lambda one: (-one.population, one.geonames_id)):
            own.setdefault(fold(place.name), []).append(place)
            for alias in place.aliases:
                other.setdefault(fold(alias), []).append(place)
        return {name: tuple(places) for name, places in (other | own).items()}

    @cached_property
    def _by_label(self) -> dict[str, Place]:
        found = {}
        for language in LANGUAGES:
            with override(language):
                found.update({fold(place.label): place for place in self.places})
        return found

    @cached_property
    def _names(self) -> tuple[tuple[str, Place], ...]:
        """Each folded name with its place, the largest place first."""
        pairs = [(name, place) for name, places in self._by_name.items() for place in places]
        return tuple(sorted(pairs, key=lambda pair: (-pair[1].population, pair[1].geonames_id)))

    def get(self, geonames_id: int | str | None) -> Place | None:
        """The place with this GeoNames id, which may be anything that was posted."""
        try:
            return self._by_id.get(int(geonames_id or 0))
        except (TypeError, ValueError, OverflowError):
            return None

    def resolve(self, country: str, name: str, place_id: int | str | None = None) -> Place:
        """The one place meant by this name, an alias or a label; `place_id` chooses among several of that name.

        Raises `UnknownPlace`, `PlaceElsewhere` or `AmbiguousPlace`. An id that doesn't go with the name is an old
        choice and is left aside: what a person typed last counts.
        """
        typed = fold(name)
        chosen = self.get(place_id)
        found = self._by_name.get(typed, ())
        if not found and (labelled := self._by_label.get(typed)):
            found = (labelled,)
        if chosen and (not typed or chosen in found):
            found = (chosen,)
        if not found:
            raise UnknownPlace(name)
        here = tuple(place for place in found if place.country == country)
        if not here:
            raise PlaceElsewhere(name)
        if len(here) > 1:
            raise AmbiguousPlace(here)
        return here[0]

    def search(self, prefix: str, country: str = "", limit: int = 8) -> tuple[Place, ...]:
        """Places whose name, or a word of it, begins like this: whole names first, then the largest places."""
        typed = fold(prefix)
        if not typed:
            return ()
        exact, begins, inside = {}, {}, {}
        for name, place in self._names:
            if country and place.country != country:
                continue
            if name == typed:
                exact[place.geonames_id] = place
            elif name.startswith(typed):
                begins[place.geonames_id] = place
            elif f" {typed}" in name:
                inside[place.geonames_id] = place
        return tuple((exact | begins | inside).values())[:limit]


gazetteer = Gazetteer(DATA / "places.csv")
