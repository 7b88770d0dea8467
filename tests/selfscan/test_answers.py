"""Right answers are kept as they are, wrong ones get a plain message, and nothing at all raises."""

# ruff: noqa: E501 -- a table reads best with one case a line

import json
import math

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from selfscan.answers import AmbiguousPlace, PlaceElsewhere, UnknownPlace, check_answers
from selfscan.instrument import INSTRUMENTS, parse_instrument
from tests.factories.scans import EXAMPLES, YEAR, example, json_values, scans

DEFINITION = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
CODES = [question.code for question in DEFINITION.questions]
KEYS = [*CODES, *(f"{q.code}__{o.code}" for q in DEFINITION.questions for o in q.options if o.free_text)]


def check(answers, **options):
    return check_answers(DEFINITION, answers, year=YEAR, **options)


def problems(answers, **options):
    return [(problem.field, problem.code) for problem in check(answers, **options).problems]


def changed(question, **items):
    return example(**{question: example()[question] | items})


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_are_right(code):
    checked = check(example(code))

    assert checked.ok
    assert checked.answers == example(code)


def test_every_message_is_there_in_both_languages():
    wrong = dict.fromkeys(KEYS, "\x00") | {"extra": 1}
    for language in ("nl", "en"):
        with translation.override(language):
            for problem in check(wrong).problems + check({}).problems:
                assert str(problem.message)
                assert "{" not in str(problem.message)


# --- what is missing


def test_nothing_answered():
    found = problems({})
    required = {question.code for question in DEFINITION.questions if question.required}

    assert ("org_name", "required") in found
    assert ("culture_practice.cul_goal", "required") in found
    assert ("definition_check.def_goal", "required") in found
    assert ("chal_internal", "too_few_rows") in found
    # Hidden without answers: no phase, no sectors, no budget, no contact with government, no page.
    hidden = set(check({}).hidden)
    assert hidden == {
        "main_sector", "member_growth", "breach_response", "governance_practice", "income_split", "reserves_months",
        "business_practice", "gov_relation", "impact_areas", "offer_details", "lab_question", "consent_map",
    }  # fmt: skip
    assert {field.split(".")[0] for field, _code in found} == required - hidden


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b\u200b", [], {}])
@pytest.mark.parametrize(
    "code", ["org_name", "sectors", "phase", "founding_year", "consent_profile", "place"]
)
def test_empty_is_missing(code, nothing):
    if isinstance(nothing, str) and nothing and code not in ("org_name", "place"):
        return
    assert problems(example(**{code: ...}) | {code: nothing})[0] == (code, "required")


def test_a_draft_may_lack_answers():
    assert problems({}, complete=False) == []
    assert problems({"culture_practice": {"cul_goal": 3}}, complete=False) == []
    assert problems({"chal_internal": {"ch_finance": {"now": 3}}}, complete=False) == []


def test_a_draft_may_not_be_wrong():
    assert problems({"culture_practice": {"cul_goal": 6}}, complete=False) == [
        ("culture_practice.cul_goal", "unknown_option")
    ]


def test_only_the_asked_questions_are_reported():
    answers = example(org_name=None, phase="nowhere", founding_year=3000)

    assert problems(answers, questions=["founding_year"]) == [("founding_year", "out_of_range")]
    assert check(answers, questions=["website"]).ok


# --- text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  De  Hof ", "De Hof"),
        ("De\tHof\r\nVerder", "De Hof Verder"),
        ("Cafe\u0301", "Café"),
        ("\u202eedoC\u202c De Hof\u200f", "edoC De Hof"),
        ("\ufeffDe Hof\u00ad", "De Hof"),
        ("👩‍🌾 Hof", "👩‍🌾 Hof"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_is_tidied(typed, kept):
    assert check(example(org_name=typed)).answers["org_name"] == kept


@pytest.mark.parametrize(
    "typed", ["De\x00Hof", "De\ud800Hof", "De\x1bHof", f"De{chr(0xFFFD)}Hof", "De\x7fHof", "De\x90Hof"]
)
def test_text_that_cannot_be_shown_is_refused(typed):
    assert problems(example(org_name=typed)) == [("org_name", "characters")]


def test_long_text_keeps_its_lines():
    text = "Een klein collectief van buren.\r\n\r\n\r\n\r\nWe maken samen iets moois. \n"

    assert check(example(short_description=text)).answers["short_description"] == (
        "Een klein collectief van buren.\n\nWe maken samen iets moois."
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"org_name": "a"}, ("org_name", "too_short")),
        ({"org_name": "a" * 120}, None),
        ({"org_name": "a" * 121}, ("org_name", "too_long")),
        ({"org_name": "a" * 100_000}, ("org_name", "too_long")),
        ({"short_description": "a" * 39}, ("short_description", "too_short")),
        ({"short_description": "a" * 40}, None),
        ({"short_description": "a" * 400}, None),
        ({"short_description": "a" * 401}, ("short_description", "too_long")),
        ({"offer_details": "é" * 201}, ("offer_details", "too_long")),
        ({"postcode": "1" * 100_000}, ("postcode", "too_long")),
        ({"contact_email": "a" * 100_000 + "@a.nl"}, ("contact_email", "too_long")),
        ({"website": "https://a.nl/" + "a" * 200}, ("website", "too_long")),
    ],
)
def test_length(changes, found):
    assert problems(example(**changes)) == ([found] if found else [])


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("nl", "1234 AB", "1234 AB"),
        ("nl", " 1234ab ", "1234AB"),
        ("nl", "0234 AB", None),
        ("nl", "1234 SA", None),
        ("nl", "1234 ss", None),
        ("nl", "9000", None),
        ("nl", "1234 AB\n", "1234 AB"),
        ("be_vlg", "9000", "9000"),
        ("be_vlg", "0900", None),
        ("be_vlg", "1234 AB", None),
    ],
)
def test_postcode_follows_the_country(country, typed, kept):
    answers = example("example_housing", postcode=typed, country=country)
    checked = check(answers, questions=["postcode"])

    assert checked.answers.get("postcode") == kept
    assert [problem.code for problem in checked.problems] == ([] if kept else ["pattern"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://voorbeeld.example/pad?a=1", "https://voorbeeld.example/pad?a=1"),
        ("http://voorbeeld.example", "http://voorbeeld.example"),
        ("www.voorbeeld.example", "https://www.voorbeeld.example"),
        ("https://bücher.example/", "https://bücher.example/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://voorbeeld.example", None),
        ("mailto:a@b.nl", None),
        ("https://naam:geheim@voorbeeld.example", None),
        ("https://localhost/", None),
        ("https://voor beeld.example", None),
        ("https://[::1", None),
        ("voorbeeld", None),
    ],
)
def test_web_address(typed, kept):
    checked = check(example(website=typed))

    assert checked.answers.get("website") == kept
    assert [problem.code for problem in checked.problems] == ([] if kept else ["url"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bestuur@Voorbeeld.EXAMPLE", "bestuur@voorbeeld.example"),
        (" a.b+c@d.nl ", "a.b+c@d.nl"),
        ("bestuur", None),
        ("a@b", None),
        ("a@b.nl, c@d.nl", None),
        ("a@b.nl\r\nBcc: c@d.nl", None),
    ],
)
def test_email_address(typed, kept):
    checked = check(example(contact_email=typed))

    assert checked.answers.get("contact_email") == kept
    assert [problem.code for problem in checked.problems] == ([] if kept else ["email"])


# --- numbers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (412, 412), ("412", 412), (" 412 ", 412), ("1.250", 1250), ("1 250", 1250), ("1,250", 1250), (412.0, 412),
        (0, 0), ("0", 0), (2_000_000, 2_000_000),
        (2_000_001, None), (-1, None), ("-1", None), (4.5, None), ("4,5", None), ("1.25", None), ("veel", None), ("4e3", None),
        (True, None), (False, None), (math.inf, None), (math.nan, None), (json.loads("1e400"), None), (10**30, None),
        ("9" * 30, None), ("9" * 100_000, None), ("٤١٢", None), ([412], None), ({"a": 1}, None),
    ],
)  # fmt: skip
def test_whole_numbers(typed, kept):
    checked = check(example(member_count=typed))

    assert checked.answers.get("member_count") == kept
    assert type(checked.answers.get("member_count")) in (int, type(None))
    assert [problem.field for problem in checked.problems] == ([] if kept is not None else ["member_count"])


@pytest.mark.parametrize(
    ("year", "right"), [(1199, False), (1200, True), (2026, True), (2027, False), ("14", False)]
)
def test_founding_year(year, right):
    assert check(example(founding_year=year)).ok is right


@pytest.mark.parametrize(
    ("split", "found"),
    [
        ({"inc_members": 100}, []),
        ({"inc_members": "60", "inc_sales": "40 %"}, []),
        ({"inc_members": 60, "inc_sales": 39}, [("income_split", "sum")]),
        ({"inc_members": 60, "inc_sales": 41}, [("income_split", "sum")]),
        ({"inc_members": 0}, [("income_split", "sum")]),
        ({"inc_members": -1, "inc_sales": 101}, [("income_split.inc_members", "out_of_range"), ("income_split.inc_sales", "out_of_range")]),
        ({"inc_members": 33.3, "inc_sales": 66.7}, [("income_split.inc_members", "not_a_number"), ("income_split.inc_sales", "not_a_number")]),
        ({"inc_members": True, "inc_sales": 100}, [("income_split.inc_members", "not_a_number")]),
        ({"inc_members": 10**400}, [("income_split.inc_members", "out_of_range")]),
        ({"inc_lottery": 100}, [("income_split.inc_lottery", "unknown_item")]),
        ([100], [("income_split", "wrong_shape")]),
        ({"inc_members": None, "inc_sales": ""}, []),
    ],
)  # fmt: skip
def test_shares(split, found):
    assert problems(example(income_split=split)) == found


def test_shares_of_a_draft_may_still_be_too_few_but_not_too_many():
    assert problems(example(income_split={"inc_sales": 60}), complete=False) == []
    assert problems(example(income_split={"inc_sales": 60, "inc_gifts": 41}), complete=False) == [
        ("income_split", "sum")
    ]


# --- choices


@pytest.mark.parametrize(("value", "kept"), [(True, True), (False, False), ("yes", True), ("no", False)])
def test_yes_or_no(value, kept):
    assert check(example(consent_research=value)).answers["consent_research"] is kept


@pytest.mark.parametrize("value", [0, 1, "true", "ja", 1.0, [True], {"yes": True}])
def test_not_yes_or_no(value):
    assert problems(example(consent_research=value)) == [("consent_research", "unknown_option")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"phase": "nowhere"}, [("phase", "unknown_option")]),
        ({"phase": 1}, [("phase", "unknown_option")]),
        ({"phase": ["stable"]}, [("phase", "unknown_option")]),
        ({"phase": {"a": 1}}, [("phase", "unknown_option")]),
        ({"legal_form": "be_nonprofit"}, [("legal_form", "hidden_option")]),
        ({"main_sector": "food"}, [("main_sector", "hidden_option")]),
        ({"sectors": "energy"}, [("sectors", "wrong_shape")]),
        ({"sectors": ["energy", "gold"]}, [("sectors", "unknown_option")]),
        ({"sectors": ["energy", ["food"]]}, [("sectors", "unknown_option")]),
        ({"sectors": [True, None]}, [("sectors", "unknown_option")]),
        ({"sectors": {"energy": True}}, [("sectors", "wrong_shape")]),
        ({"target_groups": ["families", "newcomers", "older_people", "low_income", "care_needs"]}, [("target_groups", "too_many")]),
        ({"partners": ["none", "business"]}, [("partners", "exclusive")]),
        ({"need_topics": ["none_now", "rules"]}, [("need_topics", "exclusive")]),
        ({"need_topics": ["astrology"]}, [("need_topics", "unknown_option")]),
        ({"need_topics": ["none_now"]}, []),
        ({"labs_wanted": ["science", "astrology"]}, [("labs_wanted", "unknown_option")]),
    ],
)  # fmt: skip
def test_options(changes, found):
    assert problems(example(**changes)) == found


def test_an_option_twice_is_once():
    assert check(example(partners=["business", "business", "municipality"])).answers["partners"] == [
        "business",
        "municipality",
    ]


def test_labs_not_for_flanders():
    answers = example("example_housing", labs_wanted=["finance", "science"])

    assert problems(answers) == [("labs_wanted", "hidden_option")]


@pytest.mark.parametrize(
    "value", [0, 6, -1, "6", True, False, 2.5, "DK", None, [], {}, [3], math.nan, 10**400, "4\x00"]
)
def test_statement_wants_one_to_five_or_unknown(value):
    fields = [("culture_practice.cul_goal", "required" if value in (None, [], {}) else "unknown_option")]

    assert problems(changed("culture_practice", cul_goal=value)) == fields


@pytest.mark.parametrize(("value", "kept"), [(1, 1), (5, 5), ("3", 3), ("dk", "dk"), (4.0, 4)])
def test_statement_is_kept(value, kept):
    assert check(changed("culture_practice", cul_goal=value)).answers["culture_practice"]["cul_goal"] == kept


def test_unknown_statement():
    assert problems(changed("culture_practice", cul_gold=3)) == [
        ("culture_practice.cul_gold", "unknown_item")
    ]


def test_battery_of_another_shape():
    assert problems(example(culture_practice=[1, 2, 3, 4, 5])) == [("culture_practice", "wrong_shape")]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"ch_finance": {"now": 1}, "ch_leadership": {"now": 0}, "ch_scaling": {"now": 4, "future": 0}}, []),
        ({"ch_finance": {"now": 1}, "ch_leadership": {"now": 0}, "ch_scaling": {"future": 0}}, [("chal_internal", "too_few_rows")]),
        ({"ch_finance": {"now": 5}}, [("chal_internal.ch_finance.now", "unknown_option")]),
        ({"ch_finance": {"now": True}}, [("chal_internal.ch_finance.now", "unknown_option")]),
        ({"ch_finance": {"later": 1}}, [("chal_internal.ch_finance.now", "wrong_shape")]),
        ({"ch_finance": 3}, [("chal_internal.ch_finance.now", "wrong_shape")]),
        ({"ch_gold": {"now": 1}}, [("chal_internal.ch_gold", "unknown_item")]),
        (3, [("chal_internal", "wrong_shape")]),
        ({}, [("chal_internal", "too_few_rows")]),
    ],
)  # fmt: skip
def test_matrix(rows, found):
    assert problems(example(chal_internal=rows)) == found


# --- the text beside an option


def test_free_text_is_kept_with_its_option():
    checked = check(example(sectors=["energy", "other"], sectors__other=" Vuurtorens "))

    assert checked.ok
    assert checked.answers["sectors__other"] == "Vuurtorens"


def test_free_text_without_its_option_is_dropped():
    checked = check(example(sectors__other="Vuurtorens"))

    assert checked.ok
    assert "sectors__other" not in checked.answers


@pytest.mark.parametrize(
    ("text", "code"), [("a" * 80, None), ("a" * 81, "too_long"), ("a\x00", "characters"), (3, "wrong_shape")]
)
def test_free_text_is_checked(text, code):
    answers = example(sectors=["energy", "other"], sectors__other=text)

    assert problems(answers) == ([("sectors__other", code)] if code else [])


# --- what is hidden, and what doesn't exist


def test_hidden_answers_are_dropped_without_a_word():
    checked = check(example(phase="idea", gov_role="no_contact", consent_profile=False, sectors=["energy"]))

    assert checked.ok
    hidden = {"member_growth", "breach_response", "governance_practice", "impact_areas", "gov_relation"}
    assert set(checked.hidden) == hidden | {"consent_map", "main_sector"}
    assert not set(checked.hidden) & checked.answers.keys()


def test_what_depends_on_a_hidden_question_is_hidden_too(edited):
    definition = edited(
        {"sections[8].questions[2].show_if": {"q": "consent_map", "op": "eq", "value": "exact"}}
    )
    checked = check_answers(definition, example(consent_profile=False), year=YEAR)

    assert checked.hidden == ("consent_map", "consent_research")


@pytest.mark.parametrize(
    "key", ["gold", "culture_practice.cul_goal", "sectors__energy", "", "a" * 100_000, "cul_goal"]
)
def test_unknown_question(key):
    assert [problem.code for problem in check(example() | {key: 1}).problems] == ["unknown_question"]


@pytest.mark.parametrize("raw", [None, [], "x", 3, [["org_name", "x"]]])
def test_answers_of_another_shape(raw):
    assert ("", "wrong_shape") in problems(raw)


# --- place


class Places:
    def __init__(self, problem=None):
        self.problem, self.asked = problem, None

    def resolve(self, country, name, place_id):
        self.asked = (country, name, place_id)
        if self.problem:
            raise self.problem
        return {
            "name": "Fantasieveen",
            "region": "NL-DR",
            "geonames_id": 12,
            "latitude": 52.8,
            "longitude": 6.5,
        }


def test_any_place_without_a_gazetteer():
    assert check(example(place="Nergenshuizen")).answers["place"] == {"name": "Nergenshuizen"}


def test_place_is_resolved():
    places = Places()
    checked = check(example(place={"name": " fantasieveen ", "place_id": "12"}), gazetteer=places)

    assert places.asked == ("nl", "fantasieveen", 12)
    assert checked.answers["place"] == {"name": "Fantasieveen", "region": "NL-DR", "geonames_id": 12}
    again = check(checked.answers, gazetteer=places)
    assert (again.answers, places.asked) == (checked.answers, ("nl", "Fantasieveen", 12))


@pytest.mark.parametrize(
    ("error", "field", "code"),
    [
        (UnknownPlace(), "place", "unknown_place"),
        (PlaceElsewhere(), "place", "place_elsewhere"),
        (AmbiguousPlace(["a", "b"]), "place_id", "ambiguous"),
        (KeyError("x"), "place", "unknown_place"),
    ],
)
def test_place_that_is_not_clear(error, field, code):
    (problem,) = check(example(place={"name": "Hoorn"}), gazetteer=Places(error)).problems

    assert (problem.field, problem.question, problem.code) == (field, "place", code)
    assert problem.choices == (("a", "b") if code == "ambiguous" else ())


@pytest.mark.parametrize("place_id", ["abc", "9" * 50, -3, 10**40, True, [1], "1e400"])
def test_forged_place_id(place_id):
    found = problems(example(place={"name": "Hoorn", "place_id": place_id}), gazetteer=Places())

    assert found == [("place_id", "unknown_place")]


@pytest.mark.parametrize(
    ("pin", "fields"),
    [
        ({"lat": "52,1", "lon": "5.2"}, []),
        ({"lat": 49.4, "lon": 2.5}, []),
        ({"lat": 53.7, "lon": 7.3}, []),
        ({"lat": 49.39, "lon": 2.49}, ["place_lat", "place_lon"]),
        ({"lat": 53.71, "lon": 7.31}, ["place_lat", "place_lon"]),
        ({"lat": "52.1"}, ["place_lon"]),
        ({"lat": "", "lon": 5.2}, ["place_lat"]),
        ({"lat": "", "lon": None}, []),
        ({"lat": "NaN", "lon": "inf"}, ["place_lat", "place_lon"]),
        ({"lat": math.nan, "lon": math.inf}, ["place_lat", "place_lon"]),
        ({"lat": True, "lon": 5.2}, ["place_lat"]),
        ({"lat": 10**400, "lon": [5.2]}, ["place_lat", "place_lon"]),
    ],
)
def test_pin(pin, fields):
    checked = check(example(place={"name": "Hoorn"} | pin), gazetteer=Places())

    assert [problem.field for problem in checked.problems] == fields
    if not fields and pin["lat"]:
        assert {"lat", "lon"} <= checked.answers["place"].keys()


@pytest.mark.parametrize(
    "place", [3, True, ["Hoorn"], {"name": ["Hoorn"]}, {"name": "Hoorn\x00"}, {"name": "a" * 121}]
)
def test_place_of_another_shape(place):
    assert [problem.question for problem in check(example(place=place), gazetteer=Places()).problems] == [
        "place"
    ]


# --- for anything at all


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), json_values, max_size=12), st.booleans())
def test_anything_gives_clean_answers_and_never_raises(raw, complete):
    checked = check(raw, complete=complete)
    again = check(checked.answers, complete=complete)

    assert again.answers == checked.answers
    assert again.hidden == checked.hidden
    assert {problem.code for problem in again.problems} <= {"required", "too_few_rows"}
    json.dumps(checked.answers, allow_nan=False).encode("utf-8")
    for problem in checked.problems:
        str(problem.message)
    if complete and checked.ok:
        assert not again.problems


@settings(max_examples=40, deadline=None)
@given(scans(DEFINITION), st.data())
def test_one_wrong_answer_is_reported_at_its_own_question(answers, data):
    code = data.draw(st.sampled_from(sorted(answers)))
    checked = check(answers | {code: data.draw(json_values)})

    assert check(checked.answers).answers == checked.answers
    for problem in checked.problems:
        depends = DEFINITION.question(problem.question)
        assert (
            problem.question == code
            or depends.show_if
            or depends.options_from
            or depends.validation.pattern_by
            or any(option.show_if for option in depends.options)
        )
