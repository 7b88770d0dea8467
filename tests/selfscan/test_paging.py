"""Pages, states and time left."""

import pytest
from hypothesis import given, settings

from selfscan.conditions import visible_questions
from selfscan.instrument import INSTRUMENTS, parse_instrument
from selfscan.paging import MOST_IN_SIGHT, layout, pages, seconds_left, section_seconds, section_state
from tests.factories.scans import EXAMPLES, example, scans

DEFINITION = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
ALL_SEEN = {section.code for section in DEFINITION.sections}


@settings(max_examples=40, deadline=None)
@given(scans(DEFINITION, complete=False))
def test_every_visible_question_is_on_one_page(answers):
    shown = [
        question
        for section in DEFINITION.sections
        for page in pages(DEFINITION, section, answers)
        for question in page
    ]

    assert tuple(shown) == visible_questions(DEFINITION, answers)
    for section in DEFINITION.sections:
        for page in pages(DEFINITION, section, answers):
            assert 1 <= len(page) <= MOST_IN_SIGHT
            assert len(page) == 1 or not any(question.items or question.parts for question in page)


def test_no_answer_moves_a_question_to_another_page(definition):
    for section in definition.sections:
        places = {question.code: number for number, page in enumerate(layout(section)) for question in page}
        for code in EXAMPLES:
            for page in pages(definition, section, example(code)):
                assert len({places[question.code] for question in page}) == 1


def test_pages_of_the_first_section(definition):
    first = pages(definition, definition.section("about"), example())

    assert [len(page) for page in first] == [6, 6, 1, 1]
    assert [page[0].code for page in first] == [
        "org_name",
        "founding_year",
        "definition_check",
        "respondent_role",
    ]


def test_follow_up_appears_on_the_page_of_its_question(definition):
    about = definition.section("about")
    assert "main_sector" not in {
        q.code for page in pages(definition, about, example(sectors=["food"])) for q in page
    }
    codes = [
        q.code
        for page in pages(definition, about, example())
        if "sectors" in [q.code for q in page]
        for q in page
    ]
    assert "main_sector" in codes


def test_the_time_model_gives_the_instrument_its_own_estimates(definition):
    total = 0
    for section in definition.sections:
        seconds = section_seconds(definition, section, section.questions)
        assert abs(seconds - section.est_seconds) <= 1, section.code
        total += seconds
    assert abs(total - definition.instrument.duration.longest_path_seconds) <= 1


def test_seconds_left(definition):
    answers = example()
    everything = seconds_left(definition, answers, set())

    assert abs(everything - 838) <= 1
    assert seconds_left(definition, answers, ALL_SEEN) == 0
    assert seconds_left(definition, answers, {"about"}) == pytest.approx(everything - 164, abs=1)
    assert seconds_left(definition, answers, {"org_name"}) == everything - 9
    assert seconds_left(definition, example("example_housing"), set()) < everything


def test_state_of_a_section(definition):
    section = definition.section("members")

    def state(answers, seen=()):
        return section_state(definition, section, answers, set(seen))

    assert state({}) == "todo"
    assert state({}, ["members"]) == "viewed"
    assert state({"member_count": 3}, ["members"]) == "started"
    assert state(example(), ["members"]) == "done"
    assert state(example(member_practice=None), ["members"]) == "started"
    assert state(example(member_types=None), ["members"]) == "done"


def test_section_is_open_again_when_an_answer_no_longer_fits(definition):
    answers = example(country="be_vlg", postcode=None)

    assert section_state(definition, definition.section("about"), answers, ALL_SEEN) == "started"
    assert section_state(definition, definition.section("members"), answers, ALL_SEEN) == "done"


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_are_done(definition, code):
    states = {section_state(definition, section, example(code), ALL_SEEN) for section in definition.sections}

    assert states == {"done"}
