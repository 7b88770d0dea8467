"""What the report says, as the template sees it."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfscan.report.build import build_view
from selfscan.report.words import LONGEST, clean
from selfscan.reports import report_html
from tests.factories.scans import EXAMPLES, example, json_values, scans
from tests.selfscan.reporting import compared_with, source_of, view_of


def petals(view):
    return [(petal.name, petal.score, petal.level) for petal in view.petals]


def test_the_flower_has_the_scores_as_text(definition):
    view = view_of(definition, language="en")
    assert petals(view) == [
        ("Shared entrepreneurial culture", "80", "Strong"),
        ("Collective leadership", "75", "Strong"),
        ("Network with strong partners", "75", "Strong"),
        ("Strong business model", "75", "Strong"),
        ("Community engagement and accountability", "65", "Mixed picture"),
    ]
    assert "Strong business model: 75" in view.flower


def test_a_condition_with_too_few_answers_keeps_its_outline_and_says_so(definition):
    view = view_of(definition, "example_housing")
    assert ("Sterk verdienmodel", "", "Te weinig antwoorden") in petals(view)
    assert "Sterk verdienmodel: Te weinig antwoorden" in view.flower


@pytest.mark.parametrize(
    ("code", "lowest"),
    [
        ("example_energy", ["government_relation", "community_engagement", "resilience_members"]),
        ("example_care", ["business_model", "resilience_institutions", "collective_leadership"]),
        ("example_housing", ["community_engagement", "shared_culture", "resilience_members"]),
    ],
)
def test_the_board_page_has_the_three_lowest(definition, code, lowest):
    view = view_of(definition, code)
    assert [each.code for each in view.lowest] == lowest
    assert all(each.talk.question for each in view.lowest)


def test_scores_are_written_as_people_write_them(definition):
    dutch, english = (view_of(definition, language=language) for language in ("nl", "en"))
    assert [each.score for each in dutch.government] == ["43,8"]
    assert [each.score for each in english.government] == ["43.8"]
    assert (dutch.date, english.date) == ("21 november 2026", "21 November 2026")


def test_missing_conditions_stand_in_the_sentence(definition):
    view = view_of(definition, "example_care", "en")
    assert view.combination.text.endswith("collective leadership and network with strong partners.")
    assert view.combination.question.startswith("Which of these points")


@pytest.mark.parametrize(
    ("code", "known", "apart"),
    [("example_energy", True, False), ("example_care", True, True), ("example_housing", False, False)],
)
def test_balance(definition, code, known, apart):
    balance = view_of(definition, code, "en").balance
    assert (balance.known, balance.apart) == (known, apart)
    assert balance.points[0].text.startswith("Members clearly notice")
    assert ("Lowest: agreements" in balance.text or "Lowest: institutions" in balance.text) is apart


def test_challenges_now_and_in_three_years(definition):
    view = view_of(definition, language="en")
    internal = view.challenges[0]
    assert internal.name == "Internal operation"
    assert internal.level_name == "Noticeable pressure"
    assert [(row.name, row.now, row.future, row.top) for row in internal.rows] == [
        ("Finding enough money", "Small", "Small", False),
        ("Finding and keeping good leadership", "Moderate", "Large", False),
        ("Making everything run well and as agreed", "Moderate", "Moderate", False),
        ("Growing or reaching more people", "Large", "Large", True),
    ]
    assert [row.name for row in view.top] == [
        "Rules that stand in the way of our work",
        "Growing or reaching more people",
        "Getting members to take responsibility",
    ]


def test_a_row_left_open_and_a_column_too_short(definition):
    assert view_of(definition, "example_care", "en").challenges[0].rows[3].now == "Not filled in"
    government = view_of(definition, "example_housing", "en").challenges[2]
    assert (government.level, government.trend, government.talk.question) == ("insufficient", "", "")


def test_labs_follow_the_flemish_rule(definition):
    flemish, dutch = view_of(definition, "example_housing", "en"), view_of(definition, language="en")
    assert not {"Lab finance", "Lab government"} & {lab.name for lab in flemish.labs}
    assert (
        flemish.labs_remark == "About the Netherlands only, so not listed here: Finance Lab, Government Lab."
    )
    assert dutch.labs_remark == ""
    assert ("Lab government", "You asked for help from this lab.") in [
        (lab.name, lab.reason) for lab in dutch.labs
    ]


def test_themes_say_why(definition):
    view = view_of(definition, language="en")
    assert (
        "Laws and regulations",
        "You want to know more about it, and it is one of your biggest challenges.",
    ) in [(theme.name, theme.reason) for theme in view.themes]
    assert len(view.themes) <= 6


def test_all_answers_are_the_visible_questions_in_words(definition):
    view = view_of(definition, "example_housing", "en")
    rows = {row.question: row for section in view.answers for row in section.rows}
    assert len(view.answers) == 9
    assert rows["Where are you active?"].lines == ("Flanders or Brussels (Belgium)",)
    assert rows["Do you have a website?"].lines == ("Not filled in",)
    assert rows["May we make a public page about your collective?"].lines == ("No",)
    assert "May we put you on the map?" not in rows
    assert "How is your contact with government?" not in rows
    assert [(each.text, each.answer) for each in rows["How are things with your members now?"].statements][
        2
    ] == (
        "Those who join usually stay for a long time.",
        "Don't know, or doesn't apply",
    )
    assert rows["How big are these challenges around government?"].statements[0].answer == (
        "Now: Moderate · In the next three years: Not filled in"
    )


def test_shares_and_own_words(definition):
    view = view_of(
        definition, language="en", sectors=["energy", "other"], sectors__other="Bijen <b>houden</b>"
    )
    rows = {row.question: row for section in view.answers for row in section.rows}
    assert rows["In which fields are you active?"].lines == (
        "Energy and heat",
        "Something else: Bijen <b>houden</b>",
    )
    assert ("Income from assets, such as rent, power or interest", "75%") in [
        (each.text, each.answer) for each in rows["Where does that money come from?"].statements
    ]
    assert "<b>houden" not in report_html(view)


def test_the_comparison_shows_the_group_beside_us(definition):
    view = view_of(definition, language="en", comparison=compared_with(definition))
    (group,) = view.comparison.groups
    assert (group.name, group.size, group.caution) == (
        "Energy and heat, 50 to 500 members, The Netherlands",
        "At least 120 collectives",
        "",
    )
    culture = next(row for row in group.rows if row.name == "Shared entrepreneurial culture")
    assert (culture.mine, culture.median, culture.middle) == ("80", "55", "40–70")
    assert "percent scores lower" in culture.position
    assert [money.question for money in view.comparison.money] == [
        "Roughly how much money comes in per year?",
        "Suppose no more money comes in. How long could you go on?",
    ]
    assert view.comparison.money[1].shares[1].label == "From “1 to under 3 months” to “3 to under 6 months”"


def test_a_small_group_is_shown_with_a_caution_and_without_a_position(definition):
    view = view_of(definition, language="en", comparison=compared_with(definition, count=12))
    (group,) = view.comparison.groups
    assert group.size == "At least 10 collectives"
    assert group.caution.startswith("Note: this is a small group.")
    assert {row.position for row in group.rows} == {""}


def test_without_a_comparison_the_report_says_why(definition):
    view = view_of(definition, language="en")
    assert not view.comparison.groups
    assert view.comparison.reason.startswith("There is no comparison yet")
    few = view_of(definition, language="en", comparison=compared_with(definition, count=9))
    assert few.comparison.reason.startswith("There are still too few")


def test_what_admins_look_at_is_not_in_it(definition):
    """Whether it fits the definition, and the quality of the answers, change nothing in the report."""
    source = source_of(definition, example())
    scores = dataclasses.replace(
        source.scores, eligibility="talk", data_quality=("straightlining", "very_fast", "many_dk"), hidden=()
    )
    assert build_view(dataclasses.replace(source, scores=scores)) == build_view(source)


@pytest.mark.parametrize("code", EXAMPLES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_document(definition, code, language):
    html = report_html(view_of(definition, code, language, compared_with(definition)))
    assert f'<html lang="{language}">' in html
    order = [html.index(f'id="{name}"') for name in (
        "reading", "board", "combination", "durability", "resilience", "government", "challenges", "suggestions",
        "comparison", "answers", "method",
    )]  # fmt: skip
    assert order == sorted(order)
    assert html.count("<h1") == 1
    assert "straightlining" not in html
    assert not {"0.86", "0,86", "path_a"} & set(html.split())
    assert "style=" not in html
    for path in ("http://", "file:"):
        assert f'src="{path}' not in html


def test_the_chapters_follow_the_order_of_the_instrument(definition):
    html = report_html(view_of(definition, comparison=compared_with(definition)))
    chapters = {
        "general.one_view": 'id="reading"',
        "combination": 'id="combination"',
        "indicators_durability": 'id="durability"',
        "indicators_resilience": 'id="resilience"',
        "balance": 'class="pairs"',
        "government_relation": 'id="government"',
        "pressure": 'id="challenges"',
        "flags": 'class="signals"',
        "matches": 'id="suggestions"',
        "benchmark": 'id="comparison"',
        "general.method": 'id="method"',
    }
    places = [html.index(chapters[part]) for part in definition.report.order if part in chapters]
    assert places == sorted(places)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_any_scan_gives_a_report(definition, data):
    language = data.draw(st.sampled_from(["nl", "en"]))
    assert report_html(build_view(source_of(definition, data.draw(scans(definition)), language)))


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_answers_of_the_wrong_shape_give_a_report_too(definition, data):
    """An instrument's checks keep them out; a report of an older or imported scan must stand all the same."""
    answers = example()
    for question in data.draw(st.lists(st.sampled_from(definition.questions), max_size=4)):
        if question.code != "country":
            answers[question.code] = data.draw(json_values)
    assert report_html(build_view(source_of(definition, answers)))


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("gewoon", "gewoon"),
        ("a\x00b\x1b[1m", "ab[1m"),
        ("\ud800kapot\udfff", "kapot"),
        ("\u202eomgekeerd\u2066", "omgekeerd"),
        ("e\u0301", "é"),
        ("x" * 500, "x" * 200 + "…"),
        ("een twee", "een twee"),
    ],
)
def test_what_was_typed_can_be_drawn(typed, drawn):
    assert clean(typed) == drawn


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=3000))
def test_cleaned_text_is_short_and_can_be_written(text):
    assert len(clean(text)) <= LONGEST + 1
    clean(text).encode("utf-8")
