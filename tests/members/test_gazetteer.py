"""Places by the names people type."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from members.choices import Region
from members.gazetteer import AmbiguousPlace, PlaceElsewhere, PlaceProblem, UnknownPlace, fold, gazetteer


@pytest.mark.parametrize(
    ("country", "typed", "found"),
    [
        ("nl", "Zwolle", "Zwolle"),
        ("nl", "  zwolle ", "Zwolle"),
        ("nl", "Den Bosch", "'s-Hertogenbosch"),
        ("nl", "s hertogenbosch", "'s-Hertogenbosch"),
        ("nl", "’s-gravenhage", "Den Haag"),
        ("be_vlg", "Bruxelles", "Brussel"),
        ("be_vlg", "St. Gillis", "Sint-Gillis"),
        ("be_vlg", "GENT", "Gent"),
    ],
)
def test_resolve_forgives_case_accents_and_other_names(country, typed, found):
    assert gazetteer.resolve(country, typed).name == found


def test_resolve_of_a_name_that_stands_more_than_once_gives_the_choices():
    with pytest.raises(AmbiguousPlace) as several:
        gazetteer.resolve("nl", "Aalst")
    assert {place.region for place in several.value.choices} == {"NL-NB", "NL-GE"}
    for place in several.value.choices:
        assert gazetteer.resolve("nl", "Aalst", place.geonames_id) == place
        assert gazetteer.resolve("nl", "Aalst", str(place.geonames_id)) == place


def test_resolve_tells_two_of_one_province_apart_by_the_nearest_larger_place():
    with override("nl"), pytest.raises(AmbiguousPlace) as several:
        gazetteer.resolve("nl", "Berg")
    names = [place.near for place in several.value.choices]
    assert len(set(names)) == len(names) == 2
    assert "Valkenburg" in names


def test_resolve_takes_what_was_typed_last_over_an_old_choice():
    aalst = gazetteer.search("Aalst", "nl")[0]
    assert gazetteer.resolve("nl", "Zwolle", aalst.geonames_id).name == "Zwolle"
    with pytest.raises(UnknownPlace):
        gazetteer.resolve("nl", "Nergenshuizen", aalst.geonames_id)


@pytest.mark.parametrize("place_id", ["", None, "x", "99999999999999999999999", -1, "１２", 0])
def test_resolve_leaves_an_id_that_is_none_aside(place_id):
    assert gazetteer.resolve("nl", "Zwolle", place_id).name == "Zwolle"


def test_resolve_refuses_the_other_country():
    with pytest.raises(PlaceElsewhere):
        gazetteer.resolve("nl", "Gent")
    with pytest.raises(PlaceElsewhere):
        gazetteer.resolve("be_vlg", "Zwolle")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_label_is_one_place_and_finds_it_again(language):
    with override(language):
        labels = {place.label: place for place in gazetteer.places}
        assert len(labels) == len(gazetteer.places)
        for place in gazetteer.places[::97]:
            assert gazetteer.resolve(place.country, place.label) == place


def test_every_place_has_a_region_and_lies_in_the_low_countries():
    for place in gazetteer.places:
        assert place.region in Region.values
        assert 49.4 < place.latitude < 53.7
        assert 2.5 < place.longitude < 7.3


def test_search_gives_whole_names_first_and_then_the_largest():
    found = gazetteer.search("ber", "nl")
    assert len(found) == 8
    assert all("ber" in fold(place.name) or place.aliases for place in found)
    assert gazetteer.search("berg", "nl")[0].name == "Berg"
    assert gazetteer.search("bosch", "nl")[0].name in ("'s-Hertogenbosch", "Bosch en Duin")
    assert gazetteer.search("  ") == ()


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=12), st.integers()))
def test_resolve_answers_anything_with_a_place_or_a_reason(name, place_id):
    try:
        place = gazetteer.resolve("nl", name, place_id)
    except PlaceProblem:
        return
    assert place.country == "nl"
