"""When a question is asked, and which options it offers."""

import pytest

from selfscan.conditions import holds, visible_options, visible_questions
from selfscan.schema import Condition
from tests.factories.scans import example

ABSENT = (None, "", [], {})


def condition(**form):
    return Condition.model_validate(form)


@pytest.mark.parametrize(
    ("op", "value", "true_for", "false_for"),
    [
        ("eq", "nl", ["nl"], ["be", True, 1, ["nl"]]),
        ("eq", True, [True], [False, 1, "true", "yes"]),
        ("ne", "nl", ["be", 1], ["nl"]),
        ("in", ("a", "b"), ["a", "b"], ["c", ["a"]]),
        ("not_in", ("a", "b"), ["c"], ["a", "b"]),
        ("contains", "a", [["a"], ["b", "a"]], [["b"], "a", {"a": 1}]),
        ("contains_any", ("a", "b"), [["a", "c"]], [["c"]]),
        ("contains_none", ("a", "b"), [["c"]], [["a", "c"], "c"]),
        ("count_gte", 2, [["a", "b"], ["a", "b", "c"]], [["a"], "ab", 2]),
        ("gt", 5, [6, 5.1], [5, 4, "6", True, [6]]),
        ("gte", 5, [5, 6], [4]),
        ("lt", 5, [4], [5, 6, "4"]),
        ("lte", 5, [5, 4], [6]),
    ],
)
def test_operators(op, value, true_for, false_for):
    for answer in true_for:
        assert holds(condition(q="x", op=op, value=value), {"x": answer})
    for answer in [*false_for, *ABSENT]:
        assert not holds(condition(q="x", op=op, value=value), {"x": answer})
    assert not holds(condition(q="x", op=op, value=value), {})


@pytest.mark.parametrize("answer", [False, 0, "dk", [0], {"a": None}])
def test_answered(answer):
    assert holds(condition(q="x", op="answered", value=True), {"x": answer})
    assert not holds(condition(q="x", op="answered", value=False), {"x": answer})


@pytest.mark.parametrize("answer", ABSENT)
def test_unanswered(answer):
    assert not holds(condition(q="x", op="answered", value=True), {"x": answer})
    assert holds(condition(q="x", op="answered", value=False), {"x": answer})


def test_all_any_not():
    is_a = {"q": "x", "op": "eq", "value": "a"}
    is_b = {"q": "y", "op": "eq", "value": "b"}
    both, either = condition(all=(is_a, is_b)), condition(any=(is_a, is_b))

    assert [holds(both, {"x": x, "y": y}) for x in "ac" for y in "bc"] == [True, False, False, False]
    assert [holds(either, {"x": x, "y": y}) for x in "ac" for y in "bc"] == [True, True, True, False]
    assert holds(condition(**{"not": is_a}), {})  # an unanswered question makes the inner one false


def test_hidden_questions_of_the_examples(definition):
    def hidden(code):
        visible = visible_questions(definition, example(code))
        return sorted(
            {question.code for question in definition.questions} - {question.code for question in visible}
        )

    assert hidden("example_energy") == hidden("example_care") == []
    assert hidden("example_housing") == [
        "consent_map", "gov_relation", "impact_areas", "income_split", "main_sector", "offer_details",
    ]  # fmt: skip


def test_visible_questions_are_in_order(definition):
    visible = visible_questions(definition, example())

    assert visible == definition.questions


def test_a_hidden_answer_counts_as_absent(edited):
    definition = edited(
        {"sections[8].questions[2].show_if": {"q": "consent_map", "op": "eq", "value": "exact"}}
    )
    codes = {question.code for question in visible_questions(definition, example(consent_profile=False))}

    assert not {"consent_map", "consent_research"} & codes


def test_options_by_country(definition):
    def labs(code):
        options = visible_options(definition, definition.question("labs_wanted"), example(code))
        return [option.code for option in options]

    assert labs("example_energy") == ["science", "finance", "government", "network", "supporters", "none_now"]
    assert labs("example_housing") == ["science", "network", "supporters", "none_now"]
    forms = visible_options(definition, definition.question("legal_form"), example("example_housing"))
    assert not any(option.code.startswith("nl_") for option in forms)


def test_options_from_another_question(definition):
    question = definition.question("main_sector")
    answers = example(sectors=["other", "energy"], sectors__other="Vuurtorens")

    assert [option.code for option in visible_options(definition, question, answers)] == ["energy", "other"]
    assert not any(option.free_text for option in question.options)
    assert visible_options(definition, question, {}) == ()
    assert visible_options(definition, question, {"sectors": "energy"}) == ()


def test_options_from_the_vocabulary(definition):
    options = visible_options(definition, definition.question("need_topics"), {})

    assert [option.code for option in options] == [*definition.vocabularies.tags, "none_now"]
