"""The gazetteer as the check of answers wants it: its refusals become problems in plain words."""

from __future__ import annotations

from members import gazetteer as places
from members.gazetteer import Place
from selfscan.answers import AmbiguousPlace, PlaceElsewhere, UnknownPlace


class ScanGazetteer:
    """Resolves a typed name, and says what is wrong with it in the words of a scan."""

    def resolve(self, country: str, name: str, place_id: int | None) -> Place:
        """The one place meant; raises a PlaceError of the answers."""
        try:
            return places.gazetteer.resolve(country, name, place_id)
        except places.AmbiguousPlace as several:
            raise AmbiguousPlace(several.choices) from None
        except places.PlaceElsewhere:
            raise PlaceElsewhere from None
        except places.PlaceProblem:
            raise UnknownPlace from None


def choices_for(country: str, name: str) -> tuple[Place, ...]:
    """The places that this name may mean when they are several; none when it is clear, or unknown."""
    try:
        places.gazetteer.resolve(country, name)
    except places.AmbiguousPlace as several:
        return several.choices
    except places.PlaceProblem:
        pass
    return ()


gazetteer = ScanGazetteer()
