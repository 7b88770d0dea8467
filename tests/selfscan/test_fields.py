"""Field names others script against, and the way from a form to answers and back."""

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from selfscan.answers import check_answers, fields_of, read_fields, write_fields
from selfscan.conditions import visible_questions
from selfscan.instrument import INSTRUMENTS, parse_instrument
from tests.factories.scans import EXAMPLES, YEAR, example, json_values, scans

DEFINITION = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
FIELDS = [field for question in DEFINITION.questions for field in fields_of(question)]


def posted(definition, answers):
    """What a browser would post for these answers."""
    data = QueryDict(mutable=True)
    for question in visible_questions(definition, answers):
        for field, value in write_fields(definition, question, answers).items():
            if isinstance(value, list):
                data.setlist(field, value)
            elif value:
                data[field] = value
    return QueryDict(data.urlencode())


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("org_name", ("org_name",)),
        ("place", ("place", "place_id", "place_lat", "place_lon")),
        ("sectors", ("sectors", "sectors__other")),
        ("main_sector", ("main_sector",)),
        ("legal_form", ("legal_form", "legal_form__other")),
        ("consent_profile", ("consent_profile",)),
        (
            "network_practice",
            tuple(f"network_practice.net_{name}" for name in ("rely", "access", "peers", "spread")),
        ),
    ],
)
def test_field_names(definition, code, fields):
    assert fields_of(definition.question(code)) == fields


def test_field_names_of_rows(definition):
    assert "definition_check.def_goal" in fields_of(definition.question("definition_check"))
    assert "income_split.inc_members" in fields_of(definition.question("income_split"))
    assert "chal_internal.ch_finance.now" in fields_of(definition.question("chal_internal"))


def test_every_field_has_a_name_of_its_own():
    assert len(set(FIELDS)) == len(FIELDS)


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_survive_a_form(definition, code):
    answers = example(code)
    answers["place"] = {"name": answers["place"]["name"]}
    raw = read_fields(definition, definition.questions, posted(definition, answers))
    checked = check_answers(definition, raw, year=YEAR)

    assert checked.ok
    assert checked.answers == answers


@settings(max_examples=30, deadline=None)
@given(scans(DEFINITION))
def test_any_scan_survives_a_form(answers):
    raw = read_fields(DEFINITION, DEFINITION.questions, posted(DEFINITION, answers))

    assert check_answers(DEFINITION, raw, year=YEAR).answers == answers


def test_place_of_the_gazetteer_survives_a_form(definition):
    place = {"name": "Hoorn", "region": "NL-NH", "geonames_id": 2753638, "lat": 52.64, "lon": 5.06}
    fields = write_fields(definition, definition.question("place"), {"place": place})

    assert fields == {"place": "Hoorn", "place_id": "2753638", "place_lat": "52.64", "place_lon": "5.06"}
    assert read_fields(definition, [definition.question("place")], fields)["place"] == {
        "name": "Hoorn",
        "place_id": "2753638",
        "lat": "52.64",
        "lon": "5.06",
    }


def test_what_is_not_posted_is_none(definition):
    questions = [definition.question(code) for code in ("org_name", "sectors", "culture_practice", "place")]

    assert read_fields(definition, questions, QueryDict()) == {
        "org_name": None,
        "sectors": None,
        "sectors__other": None,
        "culture_practice": None,
        "place": None,
    }


def test_only_the_asked_questions_are_read(definition):
    data = QueryDict("org_name=Hof&phase=stable&csrfmiddlewaretoken=x")

    assert read_fields(definition, [definition.question("org_name")], data) == {"org_name": "Hof"}


def test_wrong_values_stay_as_typed(definition):
    data = QueryDict(
        "member_count=veel&culture_practice.cul_goal=9&consent_profile=misschien&chal_members.ch_loyalty.now=x"
    )
    codes = ("member_count", "culture_practice", "consent_profile", "chal_members")
    raw = read_fields(definition, [definition.question(code) for code in codes], data)

    assert raw == {
        "member_count": "veel",
        "culture_practice": {"cul_goal": "9"},
        "consent_profile": "misschien",
        "chal_members": {"ch_loyalty": {"now": "x"}},
    }
    for code in codes:
        shown = write_fields(definition, definition.question(code), raw)
        assert set(filter(None, shown.values())) == {data[field] for field in shown if field in data}


def test_what_no_database_takes_is_marked_and_refused(definition):
    data = MultiValueDict({"org_name": ["a\x00b\ud800c"], "sectors": ["x\x00"]})
    raw = read_fields(definition, [definition.question("org_name"), definition.question("sectors")], data)

    assert (raw["org_name"], raw["sectors"]) == ("a\ufffdb\ufffdc", ["x\ufffd"])
    codes = {
        problem.code for problem in check_answers(definition, raw, year=YEAR, questions=["org_name"]).problems
    }
    assert codes == {"characters"}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(alphabet=st.characters(exclude_categories=()))))
def test_reading_anything_never_raises(data):
    raw = read_fields(DEFINITION, DEFINITION.questions, data)
    check_answers(DEFINITION, raw, year=YEAR)
    str(raw).encode("utf-8")


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([question.code for question in DEFINITION.questions]), json_values))
def test_writing_anything_never_raises(answers):
    for question in DEFINITION.questions:
        fields = write_fields(DEFINITION, question, answers)
        assert tuple(fields) == fields_of(question)
        assert all(isinstance(value, str | list) for value in fields.values())
