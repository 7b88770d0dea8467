"""What is suggested after a scan."""

import pytest
from hypothesis import given, settings

from selfscan.feedback import focus_themes, suggestions
from selfscan.instrument import INSTRUMENTS, parse_instrument, text
from selfscan.scoring import score
from tests.factories.scans import EXAMPLES, YEAR, example, scans

DEFINITION = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))


def scored(definition, answers):
    return score(definition, answers, completed_year=YEAR)


def suggested(definition, answers):
    return suggestions(definition, scored(definition, answers), answers)


def test_focus_themes_are_challenges_then_needs(definition):
    answers = example()

    assert focus_themes(definition, scored(definition, answers), answers) == (
        "regulation",
        "scaling",
        "volunteers",
    )


def test_nothing_needed_gives_no_theme(definition):
    answers = example(need_topics=["none_now"])

    assert focus_themes(definition, scored(definition, answers), answers) == (
        "regulation",
        "scaling",
        "volunteers",
    )
    assert focus_themes(definition, scored(definition, {}), {}) == ()


def test_labs_that_were_asked_for_come_first(definition):
    assert suggested(definition, example()).labs[:2] == ("government", "finance")
    assert suggested(definition, example("example_care")).labs == ("supporters", "finance", "network")


def test_no_dutch_lab_for_flanders(definition):
    answers = example("example_housing", labs_wanted=["none_now"])
    labs = suggested(definition, answers).labs

    assert labs
    assert not {"finance", "government"} & set(labs)


def test_weights_of_themes(definition):
    answers = example("example_care")
    themes = {theme.code: theme for theme in suggested(definition, answers).themes}

    # Wanted counts 2, and 2 more for indicators that need attention, however many they are.
    assert themes["financing"].weight == 4
    assert themes["financing"].reasons == (
        ("challenge", "ch_finance"),
        ("need", "financing"),
        ("indicator", "business_model"),
        ("indicator", "pressure_internal"),
    )


def test_missing_conditions_are_named(definition):
    outcome = suggested(definition, example("example_care")).combination

    assert outcome.code == "partly"
    assert text(outcome.text, "nl").endswith(
        "nog minder sterk: samen leidinggeven en netwerk met sterke partners."
    )
    assert text(outcome.text, "en").endswith("collective leadership and network with strong partners.")


def test_balance_note_names_both_ends(definition):
    note = suggested(definition, example("example_care")).balance_note

    assert "Het laagst: afspraken. Het hoogst: leden." in note["nl"]
    assert "Lowest: institutions. Highest: members." in note["en"]
    assert suggested(definition, example()).balance_note is None


def test_insufficient_and_not_applicable_have_their_text_and_no_question(definition):
    outcomes = {each.code: each for each in suggested(definition, example("example_housing")).indicators}
    general = definition.feedback.general

    assert (outcomes["business_model"].text, outcomes["business_model"].question) == (
        general.insufficient,
        None,
    )
    assert (outcomes["government_relation"].text, outcomes["government_relation"].question) == (
        general.not_applicable,
        None,
    )


def test_lowest_indicators(definition):
    lowest = suggested(definition, example("example_care")).lowest

    assert lowest == ("business_model", "resilience_institutions", "collective_leadership")


@pytest.mark.parametrize("code", EXAMPLES)
def test_nothing_is_left_to_fill_in(definition, code):
    found = suggested(definition, example(code))

    for outcome in (found.combination, *found.indicators, *found.pressure, *found.flags):
        for language in ("nl", "en"):
            assert "{" not in text(outcome.text, language)


@settings(max_examples=40, deadline=None)
@given(scans(DEFINITION, complete=False))
def test_suggestions_of_any_scan(answers):
    found = suggested(DEFINITION, answers)
    excluded = DEFINITION.vocabularies.labs_excluded_by_country.get(answers.get("country"), ())

    assert len(found.labs) <= 3
    assert not set(found.labs) & set(excluded)
    assert len(found.theme_codes) <= 6
    weights = [theme.weight for theme in found.themes]
    assert weights == sorted(weights, reverse=True)
    assert set(focus_themes(DEFINITION, scored(DEFINITION, answers), answers)) <= {
        theme.code for theme in found.themes
    }
