"""Collectives like one: nearest first, always one of another field and one nearby, and nothing named without both."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.peers import (
    PUBLIC_TRAITS,
    SHOWN,
    WHOLE,
    Shared,
    Side,
    Traits,
    distance,
    is_nearby,
    is_other_sector,
    nearest,
    shared_traits,
)

ZWOLLE = {"latitude": 52.5125, "longitude": 6.09444}
EDE = {"latitude": 52.03333, "longitude": 5.65833}
ME = Traits(
    2014, "middle", "cooperative", "growing", "municipality",
    frozenset({"ch_finance", "ch_growth", "ch_members"}), frozenset({"energy"}), **ZWOLLE,
)  # fmt: skip

codes = st.sampled_from(["", "a", "b", "c"])
sets = st.frozensets(st.sampled_from("abcd"), max_size=3)
traits = st.builds(
    Traits,
    founding_year=st.none() | st.integers(1900, 2030),
    size_class=st.sampled_from(["", "small", "middle", "large"]),
    legal_form_group=codes,
    phase=codes,
    geo_scale=codes,
    challenges=sets,
    sectors=sets,
    latitude=st.none() | st.floats(51.9, 52.3),
    longitude=st.none() | st.floats(5.5, 6.1),
)
sides = st.lists(
    st.builds(Side, key=st.integers(1, 60), traits=traits, public=st.just(True), names_traits=st.booleans()),
    max_size=25,
    unique_by=lambda side: side.key,
)
me = st.builds(Side, key=st.just(0), traits=traits, public=st.booleans(), names_traits=st.booleans())


@given(me, sides, st.randoms())
def test_the_same_ones_in_any_order(mine, others, chance):
    shuffled = list(others)
    chance.shuffle(shuffled)
    assert nearest(mine, others) == nearest(mine, shuffled)


@given(me, sides)
def test_among_them_one_of_another_field_and_one_nearby_where_there_are_any(mine, others):
    found = {match.key for match in nearest(mine, others)}
    by_key = {side.key: side.traits for side in others}
    assert len(found) == min(SHOWN, len(others))
    for rule in (is_other_sector, is_nearby):
        fitting = {key for key, of in by_key.items() if rule(mine.traits, of)}
        assert bool(found & fitting) == bool(fitting)
        # And it is the most alike of those.
        if fitting:
            assert min(fitting, key=lambda key: (distance(mine.traits, by_key[key]), key)) in found


@given(me, sides)
def test_the_others_are_the_nearest_in_order(mine, others):
    found = nearest(mine, others)
    by_key = {side.key: side.traits for side in others}
    assert [(match.distance, match.key) for match in found] == sorted(
        (distance(mine.traits, by_key[match.key]), match.key) for match in found
    )
    left = sorted(
        distance(mine.traits, of) for key, of in by_key.items() if key not in {m.key for m in found}
    )
    ordinary = [
        match.distance
        for match in found
        if not is_other_sector(mine.traits, by_key[match.key])
        and not is_nearby(mine.traits, by_key[match.key])
    ]
    if left and ordinary:
        assert max(ordinary) <= left[0]


@given(me, sides)
def test_nothing_is_named_without_both(mine, others):
    by_key = {side.key: side for side in others}
    for match in nearest(mine, others):
        both = mine.names_traits and by_key[match.key].names_traits
        named = {shared.trait for shared in match.shared}
        if not both:
            assert named <= (PUBLIC_TRAITS if mine.public else set())
        if not both and not mine.public:
            assert match.kilometres is None
        assert set(match.shared) <= set(shared_traits(mine.traits, by_key[match.key].traits))


@given(traits, traits)
def test_distance_is_the_same_both_ways_and_bounded(one, other):
    assert distance(one, other) == distance(other, one)
    assert 0 <= distance(one, other) <= 6 * WHOLE


def test_alike_in_everything_is_no_distance():
    assert distance(ME, ME) == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"founding_year": 2029}, 1.0),
        ({"founding_year": 2017}, 0.2),
        ({"founding_year": None}, 0.5),
        ({"size_class": "large"}, 0.5),
        ({"size_class": ""}, 1.0),
        ({"legal_form_group": "foundation"}, 1.0),
        ({"phase": ""}, 1.0),
        ({"challenges": frozenset({"ch_finance"})}, 0.0),
        ({"challenges": frozenset({"ch_finance", "ch_other"})}, 0.5),
        ({"challenges": frozenset()}, 1.0),
        ({"sectors": frozenset({"care"}), **EDE}, 0.0),
    ],
)
def test_every_trait_counts_as_much_as_it_differs(change, expected):
    assert distance(ME, replace(ME, **change)) == expected * WHOLE


def test_what_is_shared_is_named_with_its_codes():
    other = replace(ME, founding_year=2016, phase="stable", challenges=frozenset({"ch_growth", "x"}))
    assert shared_traits(ME, other) == (
        Shared("sectors", ("energy",)),
        Shared("founding_year"),
        Shared("size_class", ("middle",)),
        Shared("legal_form_group", ("cooperative",)),
        Shared("geo_scale", ("municipality",)),
        Shared("challenges", ("ch_growth",)),
    )
