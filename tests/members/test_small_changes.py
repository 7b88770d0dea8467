"""What a small correction is, and two texts in one; pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import page_text
from members.small_changes import MOST_CHARACTERS, changed_characters, is_small

TEXT = {
    "name": "Zonnig Dorp",
    "description": "Samen wekken wij stroom op voor ons dorp, op daken van school en sporthal in Zwolle.",
    "website": "https://collectief.example/",
    "country": "nl",
    "place_name": "Zwolle",
    "place_id": 2743477,
    "region": "NL-OV",
    "founding_year": 2014,
    "sectors": ["energy", "food"],
    "main_sector": "energy",
    "legal_form": "nl_cooperative",
    "geo_scale": "municipality",
    "target_groups": ["all_residents"],
    "impact_areas": ["climate"],
    "offer_types": ["expertise"],
    "offer_details": "We weten veel van zonedaken.",
    "other_texts": {},
}


def described(text):
    return {"description": TEXT["description"].replace("Samen wekken wij", text)}


@pytest.mark.parametrize(
    ("change", "small"),
    [
        ({}, True),
        ({"offer_details": "We weten veel van zonnedaken."}, True),  # a letter
        (described("Samen wekken we"), True),
        (described("samen wekken wij"), True),  # a capital that goes
        ({"description": TEXT["description"] + " Fijn!"}, False),  # a capital that comes
        ({"description": TEXT["description"] + " en zo"}, True),
        ({"sectors": ["food", "energy"]}, True),  # the same choice in another order
        (described("Samen wekken wij met heel veel buren en vrienden"), False),  # too much
        (described("Samen wekken Jan en wij"), False),  # a name
        (described("Samen wekken wij niet"), False),  # turns the sentence
        (described("Samen wekken wij 5 x"), False),  # a number
        (described("Samen wekken wij x.nl"), False),  # an address
        (described("Samen wekken wij x@y"), False),
        (described("Samen wekken wij http:"), False),
        ({"description": TEXT["description"].replace("Zwolle", "Ede")}, False),
        ({"name": "Zonnig Dorpje"}, False),
        ({"website": "https://collectief.example/x"}, False),
        ({"website": ""}, False),
        ({"place_name": "Zwolle "}, True),  # nothing
        ({"place_id": 1}, False),
        ({"sectors": ["energy"]}, False),
        ({"founding_year": 2015}, False),
        ({"legal_form": ""}, False),
        ({"other_texts": {"sectors": "x"}}, False),
        ({"description": ""}, False),
    ],
)
def test_small_is_little_running_text_without_names_and_addresses(change, small):
    assert is_small(TEXT, TEXT | change) is small


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_small_never_changes_more_than_it_says(old, new):
    if is_small(TEXT | {"description": old}, TEXT | {"description": new}):
        assert abs(len(old) - len(new)) <= MOST_CHARACTERS + 2  # spaces around a text don't count
        assert "@" not in set(new) - set(old)
        assert "/" not in set(new) - set(old)


@given(st.text(max_size=40))
def test_nothing_changed_is_nothing(text):
    assert changed_characters(text, text) == 0
    assert is_small(TEXT | {"description": text}, TEXT | {"description": text})


@pytest.mark.parametrize(
    ("theirs", "mine", "merged", "clashing"),
    [
        ({}, {}, {}, ()),
        ({"name": "A"}, {}, {"name": "A"}, ()),
        ({}, {"name": "B"}, {"name": "B"}, ()),
        (
            {"name": "A"},
            {"website": "https://b.example/"},
            {"name": "A", "website": "https://b.example/"},
            (),
        ),
        ({"name": "A"}, {"name": "B"}, {"name": "B"}, ("name",)),
        ({"name": "A"}, {"name": "A"}, {"name": "A"}, ()),
        ({"place_name": "Ede", "place_id": 1}, {"region": "NL-GE"}, {"region": "NL-GE"}, ("place",)),
    ],
)
def test_two_texts_become_one_and_say_where_they_clash(theirs, mine, merged, clashing):
    result = page_text.merge(page_text.mark(TEXT), TEXT | theirs, TEXT | mine)

    assert result.text == TEXT | merged
    assert result.clashing == clashing


@pytest.mark.parametrize("seen", ["", "x", "a.b.c", "\x00", "." * 500])
def test_a_mark_that_cannot_be_read_is_of_another_text(seen):
    result = page_text.merge(seen, TEXT | {"name": "A"}, TEXT)

    assert result.text == TEXT
    assert result.clashing == ("name",)


fields = st.fixed_dictionaries({name: st.text(max_size=5) for name in page_text.FIELDS})


@given(fields, fields, fields)
def test_merging_loses_nothing_that_only_one_changed(base, theirs, mine):
    result = page_text.merge(page_text.mark(base), theirs, mine)
    for part, names in page_text.PARTS.items():
        if part in page_text.differences(base, mine):
            assert {name: result.text[name] for name in names} == {name: mine[name] for name in names}
        else:
            assert {name: result.text[name] for name in names} == {name: theirs[name] for name in names}
        both = part in page_text.differences(base, mine) and part in page_text.differences(base, theirs)
        assert (part in result.clashing) == (both and part in page_text.differences(theirs, mine))
