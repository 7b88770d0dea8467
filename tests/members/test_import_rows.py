"""Rows of a file: what is good becomes facts, and what is wrong is named by its column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.import_problems import Problem
from members.import_rows import Row, RowFacts, Vocabulary, read_row
from tests.members.imports import GOOD

WORDS = Vocabulary(
    {"energy": "energy", "energie": "energy", "care": "care"},
    {"nl cooperative": "nl_cooperative"},
    {"village": "village"},
)
TODAY = date(2026, 11, 22)


def read(**cells):
    return read_row(Row(2, GOOD | cells), WORDS, TODAY)


def wrong(**cells):
    found = read(**cells)
    assert isinstance(found, list), found
    return [(problem.column, problem.code) for problem in found]


def test_a_good_row():
    facts = read(
        country="België",
        place="Gent",
        sectors="Energie | CARE|energy",
        consent_date="31-5-2024",
        website="zonnig.example",
    )
    assert (facts.key, facts.name_place, facts.page, facts.on_map, facts.consent_on) == (
        "CK-1", "zonnig dorp|2797656", True, True, date(2024, 5, 31),
    )  # fmt: skip
    assert facts.values == {
        "name": "Zonnig Dorp",
        "description": "Samen wekken wij stroom op.",
        "website": "https://zonnig.example",
        "contact_email": "bestuur@zonnig.example",
        "activity": "active",
        "founding_year": 2014,
        "sectors": ["energy", "care"],
        "legal_form": "nl_cooperative",
        "geo_scale": "village",
        "place": ["be_vlg", "Gent", 2797656, "BE-VOV"],
    }


def test_without_a_key_name_and_place_are_the_key():
    assert read(key="").key == "zonnig dorp|2743477"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"name": ""}, [("name", "required")]),
        ({"name": " \u200b"}, [("name", "required")]),
        ({"name": "x" * 121}, [("name", "too_long")]),
        ({"description": "x" * 100_000}, [("description", "too_long")]),
        ({"name": "a\x00b"}, [("name", "control")]),
        ({"name": "a\u202eb"}, [("name", "control")]),
        ({"name": "a\ud800b"}, [("name", "control")]),
        ({"name": "a\nb"}, [("name", "line_break")]),
        ({"name": '=HYPERLINK("https://elders.example")'}, [("name", "formula")]),
        ({"name": "+31"}, [("name", "formula")]),
        ({"description": "-2+3"}, [("description", "formula")]),
        ({"contact_email": "@SUM(A1)"}, [("contact_email", "formula")]),
        ({"consent_source": " =1"}, [("consent_source", "formula")]),
        ({"name": "＝1"}, [("name", "formula")]),
        ({"place": "#REF!"}, [("place", "error_value")]),
        ({"country": "Duitsland"}, [("country", "country")]),
        ({"place": "Nergenshuizen"}, [("place", "unknown_place")]),
        ({"place": "Gent"}, [("place", "place_elsewhere")]),
        ({"place": "Hengelo"}, [("place", "ambiguous_place")]),
        ({"website": "javascript:alert(1)"}, [("website", "website")]),
        ({"website": "http://[::1"}, [("website", "website")]),
        ({"contact_email": "geen adres"}, [("contact_email", "email")]),
        ({"contact_email": "a@b.example, c@d.example"}, [("contact_email", "email")]),
        ({"language": "fr"}, [("language", "language")]),
        ({"activity": "misschien"}, [("activity", "activity")]),
        ({"founding_year": "2027"}, [("founding_year", "year")]),
        ({"founding_year": "٢٠١٤"}, [("founding_year", "year")]),
        ({"sectors": "energy|wiskunde|x"}, [("sectors", "unknown_word"), ("sectors", "unknown_word")]),
        ({"legal_form": "bv"}, [("legal_form", "unknown_word")]),
        ({"consent_page": "misschien"}, [("consent_page", "yes_or_no"), ("consent_map", "needs_page")]),
        ({"consent_date": "2026-11-23"}, [("consent_date", "date")]),
        ({"consent_date": "31 februari"}, [("consent_date", "date")]),
        (
            {"consent_date": "", "consent_source": ""},
            [("consent_date", "required"), ("consent_source", "required")],
        ),
        ({"description": ""}, [("description", "required")]),
        ({"consent_page": "nee"}, [("consent_map", "needs_page")]),
        ({"consent_page": ""}, [("consent_map", "needs_page")]),
    ],
)
def test_what_is_wrong_is_named_by_its_column(cells, expected):
    found = read(**cells)
    assert ([(one.column, one.code) for one in found] if isinstance(found, list) else []) == expected


def test_a_label_chooses_among_places_of_one_name():
    assert read(place="Hengelo, Gelderland").values["place"] == ["nl", "Hengelo", 2754395, "NL-GE"]


@given(
    st.dictionaries(
        st.sampled_from(list(GOOD)), st.text(max_size=60) | st.sampled_from(["", "=1", "\x00", "1e400"])
    )
)
def test_any_cells_give_facts_or_remarks_with_words(cells):
    found = read_row(Row(2, GOOD | cells), WORDS, TODAY)
    if isinstance(found, RowFacts):
        assert not any("\x00" in str(value) for value in found.values.values())
    else:
        assert found
        assert all(str(problem) == str(Problem.from_json(problem.as_json())) for problem in found)
