"""Scores at every border; the three published examples to the last digit."""

import json
import time

import pytest

from selfscan.scoring import level_of, membership, rounded, score
from tests.factories.scans import EXAMPLES, YEAR, example, expected

BATTERIES = {
    "collective_leadership": (
        "leadership_practice",
        ["lead_shared", "lead_voice", "lead_room", "lead_continue"],
    ),
    "community_engagement": (
        "community_practice",
        ["com_needs", "com_joinin", "com_explain", "com_listen", "com_mirror"],
    ),
    "business_model": ("business_practice", ["bm_fixed", "bm_plan", "bm_demand", "bm_shock"]),
    "shared_culture": ("culture_practice", ["cul_goal", "cul_way", "cul_choose", "cul_try", "cul_clash"]),
    "partner_network": ("network_practice", ["net_rely", "net_access", "net_peers", "net_spread"]),
    "resilience_members": (
        "member_practice",
        ["mem_value", "mem_fair", "mem_stay", "mem_tasks", "mem_new", "mem_few"],
    ),
    "resilience_institutions": (
        "governance_practice",
        ["inst_fit", "inst_say", "inst_visible", "inst_conflict", "inst_adapt"],
    ),
    "resilience_resources": (
        "resource_practice",
        ["res_enough", "res_efficient", "res_upkeep", "res_control"],
    ),
    "government_relation": ("gov_relation", ["gov_know", "gov_serious", "gov_counters", "gov_rules"]),
}
REVERSED = {"mem_few", "cul_clash", "gov_counters"}


def practice(indicator, value):
    """The battery of an indicator with the same opinion in every item: 5 is the best, also where it is reversed."""
    question, items = BATTERIES[indicator]
    return {question: {item: 6 - value if item in REVERSED else value for item in items}}


def scored(definition, answers, **options):
    return score(definition, answers, completed_year=YEAR, **options)


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_are_exact(definition, code):
    scores = scored(definition, example(code)).as_dict()

    assert scores == expected()[code]
    assert json.dumps(scores) == json.dumps(expected()[code])


@pytest.mark.parametrize(
    ("levels", "value", "level"),
    [
        ("default", 0.0, "attention"),
        ("default", 44.999999999, "attention"),
        ("default", 45.0, "developing"),
        ("default", 69.95, "developing"),
        ("default", 69.999999999, "developing"),
        ("default", 70.0, "strong"),
        ("default", 100.0, "strong"),
        ("pressure", 0.0, "strong"),
        ("pressure", 33.999999999, "strong"),
        ("pressure", 34.0, "developing"),
        ("pressure", 59.999999999, "developing"),
        ("pressure", 60.0, "attention"),
        ("pressure", 100.0, "attention"),
    ],
)
def test_level_at_its_border(definition, levels, value, level):
    assert level_of(getattr(definition.scoring.levels, levels), value) == level


def test_level_is_judged_unrounded(definition):
    """69.96 is shown as 70.0, and is not strong."""
    assert rounded(69.96) == 70.0
    assert level_of(definition.scoring.levels.default, 69.96) == "developing"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(43.75, 43.8), (81.25, 81.3), (65.625, 65.6), (0.05, 0.1), (66.66666666666667, 66.7), (0.0, 0.0)],
)
def test_display_rounds_half_up(value, shown):
    assert rounded(value) == shown


@pytest.mark.parametrize(("value", "belongs"), [(30, 0.05), (57.5, 0.5), (85, 0.95)])
def test_membership_at_the_anchors(definition, value, belongs):
    assert membership(definition, value) == pytest.approx(belongs, abs=1e-12)


@pytest.mark.parametrize("indicator", BATTERIES)
def test_indicator_needs_enough_answers(definition, indicator):
    rule = next(each for each in definition.scoring.indicators if each.code == indicator)
    question, items = BATTERIES[indicator]
    # The questions beside the battery that count too are answered with "don't know".
    unknown = {"succession": "too_new", "breach_response": "dk", "reserves_months": "dk"}
    enough = dict.fromkeys(items[: rule.min_answered], 4) | dict.fromkeys(items[rule.min_answered :], "dk")

    result = scored(definition, example(**unknown, **{question: enough})).indicators[indicator]
    assert (result.answered, result.of) == (rule.min_answered, len(rule.items))
    assert result.score is not None

    short = enough | {items[0]: "dk"}
    result = scored(definition, example(**unknown, **{question: short})).indicators[indicator]
    assert (result.score, result.display, result.membership) == (None, None, None)
    assert result.level == "insufficient"


@pytest.mark.parametrize(
    ("changes", "indicator"),
    [
        ({"annual_budget": "none"}, "business_model"),
        ({"phase": "idea"}, "resilience_institutions"),
        ({"gov_role": "no_contact"}, "government_relation"),
    ],
)
def test_not_applicable_is_not_a_zero(definition, changes, indicator):
    result = scored(definition, example(**changes)).indicators[indicator]

    assert (result.level, result.score, result.answered) == ("not_applicable", None, 0)


def test_government_stays_outside_the_combination(definition):
    assert "membership" not in scored(definition, example()).as_dict()["indicators"]["government_relation"]


# --- pressure and challenges


def matrix(**rows):
    return {f"ch_{row}": {"now": now, "future": future} for row, (now, future) in rows.items()}


@pytest.mark.parametrize(
    ("future", "label", "trend"),
    # 10 itself can't be reached with three or four rows: 8.33 and 12.5 stand beside it.
    [((3, 2, 2, 2), "steady", 6.25), ((3, 3, 2, 2), "rising", 12.5), ((1, 1, 2, 2), "falling", -12.5)],
)
def test_trend_of_pressure(definition, future, label, trend):
    rows = dict(
        zip(["finance", "leadership", "professional", "scaling"], [(2, x) for x in future], strict=True)
    )
    result = scored(definition, example(chal_internal=matrix(**rows))).pressure["pressure_internal"]

    assert (result.trend, result.trend_label) == (trend, label)


@pytest.mark.parametrize(("least", "label"), [(8, "rising"), (9, "steady")])
def test_trend_border_is_in_the_file(edited, least, label):
    """A third more than before is 8.33: on one side of 8 and on the other side of 9."""
    formula = "scoring.pressure_indicators.formula.trend"
    text = f"future - now; label rising if >= {least}, falling if <= -{least}, else steady"
    rows = matrix(finance=(2, 3), leadership=(2, 2), professional=(2, 2))

    result = scored(edited({formula: text}), example(chal_internal=rows)).pressure["pressure_internal"]

    assert result.trend == pytest.approx(8.333333333333, abs=1e-9)
    assert result.trend_label == label


def test_pressure_with_a_short_column_shows_the_other(definition):
    rows = matrix(finance=(2, 3), leadership=(2, 2), professional=(2, 2))
    del rows["ch_finance"]["future"]
    result = scored(definition, example(chal_internal=rows)).pressure["pressure_internal"]

    assert (result.now, result.future, result.combined, result.level) == (50.0, None, None, "insufficient")
    assert (result.trend, result.trend_label, result.display) == (None, None, None)


def test_top_challenges_break_ties(definition):
    changes = {
        "chal_internal": matrix(finance=(3, 1), leadership=(1, 3), professional=(2, 2), scaling=(4, 0)),
        "chal_members": matrix(loyalty=(1, 2), community=(2, 2), responsibility=(1, 1), recruitment=(0, 0)),
        "chal_government": {
            "ch_sector_view": {"now": 4},
            **matrix(regulation=(2, 2), sham=(1, 1), recognition=(1, 1)),
        },
    }
    # All are exactly 2: the future decides, then the place in the questionnaire. 1.5 is too low; no future, no place.
    assert scored(definition, example(**changes)).top_challenges == (
        "ch_leadership",
        "ch_professional",
        "ch_community",
    )


def test_small_challenges_are_no_top(definition):
    small = matrix(finance=(1, 2), leadership=(2, 1), professional=(1, 1), scaling=(0, 0))
    others = {
        "chal_members": matrix(loyalty=(1, 1), community=(1, 1), responsibility=(1, 1)),
        "chal_government": matrix(sector_view=(1, 1), regulation=(1, 2), sham=(1, 1)),
    }
    assert scored(definition, example(chal_internal=small, **others)).top_challenges == ()


# --- combination and balance


def conditions(culture=5, leadership=5, community=5, business=5, network=5):
    changes = {"reserves_months": {5: "gt12", 3: "m3_6", 1: "lt1"}[business]}
    changes |= {"succession": {5: "planned", 3: "too_new", 1: "not_arranged"}[leadership]}
    return (
        changes
        | practice("shared_culture", culture)
        | practice("collective_leadership", leadership)
        | practice("community_engagement", community)
        | practice("business_model", business)
        | practice("partner_network", network)
    )


UNKNOWN_CULTURE = {"culture_practice": dict.fromkeys(BATTERIES["shared_culture"][1], "dk")}


@pytest.mark.parametrize(
    ("changes", "status", "nearest", "missing"),
    [
        (conditions() | UNKNOWN_CULTURE, "insufficient_culture", None, ()),
        (conditions(culture=3), "culture_missing", None, ()),
        (conditions(), "fits_combination", None, ()),
        (conditions(leadership=1), "fits_combination", None, ()),
        (conditions(leadership=1) | {"annual_budget": "none"}, "insufficient_paths", None, ()),
        (conditions() | {"annual_budget": "none"}, "fits_combination", None, ()),
        (conditions(leadership=3, business=1), "partly", "path_a", ("collective_leadership",)),
        (conditions(leadership=1, business=3), "partly", "path_b", ("business_model",)),
        # Both paths equally far: the network decides; fewest missing first, then path_a.
        (conditions(network=1, community=1, business=1), "partly", "path_a", ("partner_network",)),
        (conditions(network=1, leadership=1), "partly", "path_b", ("partner_network",)),
        (conditions(network=1), "partly", "path_a", ("partner_network",)),
    ],
)
def test_combination(definition, changes, status, nearest, missing):
    combination = scored(definition, example(**changes)).combination

    assert (combination.status, combination.nearest_path, combination.missing_conditions) == (
        status,
        nearest,
        missing,
    )


def test_combination_with_no_path_known(definition):
    unknown = {"network_practice": dict.fromkeys(BATTERIES["partner_network"][1], "dk")}
    combination = scored(definition, example(**unknown)).combination

    assert combination.paths == {"path_a": None, "path_b": None}
    assert (combination.solution_membership, combination.status) == (None, "insufficient_paths")


@pytest.mark.parametrize(("resources", "gap", "flag"), [("m3_6", 25.0, True), ("m6_12", 20.0, False)])
def test_balance_at_its_border(definition, resources, gap, flag):
    changes = {"breach_response": "talk", "reserves_months": resources}
    changes |= practice("resilience_members", 4) | practice("resilience_institutions", 4)
    changes |= {"governance_practice": dict.fromkeys(BATTERIES["resilience_institutions"][1], 4)}
    changes |= {"breach_response": "dk"} | practice("resilience_resources", 3)
    balance = scored(definition, example(**changes)).balance

    assert (balance.gap, balance.flag) == (gap, flag)
    assert ("out_of_balance" in scored(definition, example(**changes)).flags) is flag


def test_balance_needs_all_three(definition):
    changes = {"phase": "idea"}
    balance = scored(definition, example(**changes)).balance

    assert (balance.gap, balance.flag) == (None, False)


def test_talking_points_are_shown_as_answered(definition):
    practices = example()["member_practice"] | {"mem_value": "dk"}
    points = scored(
        definition, example(member_practice=practices, resource_practice=None)
    ).balance.talking_points

    assert points == {"utility": "dk", "efficiency": None, "equity": 4}


# --- derived, flags, data quality, eligibility


@pytest.mark.parametrize(
    ("members", "size"),
    [(0, "small"), (49, "small"), (50, "middle"), (500, "middle"), (501, "large"), (None, None)],
)
def test_size_class(definition, members, size):
    assert scored(definition, example(member_count=members)).derived["size_class"] == size


def test_active_ratio_without_members(definition):
    assert scored(definition, example(member_count=0)).derived["active_ratio"] is None


def test_derived_of_nothing_is_nothing(definition):
    assert set(scored(definition, {}).derived.values()) == {None}


def test_main_sector_of_one_sector(definition):
    derived = scored(definition, example(sectors=["food"], main_sector="energy")).derived

    assert (derived["main_sector_final"], derived["sector_count"], derived["multifunctional"]) == (
        "food",
        1,
        False,
    )


@pytest.mark.parametrize(
    ("split", "flags"),
    [
        ({"inc_sales": 74, "inc_gifts": 26}, ()),
        ({"inc_sales": 75, "inc_gifts": 25}, ("one_source",)),
        ({"inc_subsidy": 49, "inc_sales": 51}, ()),
        ({"inc_subsidy": 50, "inc_sales": 50}, ("subsidy_dependent",)),
        ({"inc_subsidy": 100}, ("one_source", "subsidy_dependent")),
        (None, ()),
    ],
)
def test_money_flags(definition, split, flags):
    assert scored(definition, example(income_split=split)).flags == flags


@pytest.mark.parametrize(
    ("lead", "spread", "few", "raised"),
    [
        (2, 2, 3, True),
        (2, 3, 4, True),
        (3, 2, 4, True),
        (2, 3, 3, False),
        (3, 3, 4, False),
        (1, "dk", "dk", False),
        (2, 2, "dk", True),
    ],
)
def test_key_person(definition, lead, spread, few, raised):
    answers = example()
    answers["leadership_practice"]["lead_continue"] = lead
    answers["network_practice"]["net_spread"] = spread
    answers["member_practice"]["mem_few"] = few

    assert ("key_person" in scored(definition, answers).flags) is raised


@pytest.mark.parametrize(
    ("changes", "eligibility"),
    [
        ({}, "fits"),
        ({"def_goal": "partly"}, "review"),
        ({"def_goal": "fits_not"}, "review"),
        ({"def_longterm": "fits_not", "def_pooled": "partly"}, "review"),
        ({"def_citizens": "partly"}, "review"),
        ({"def_citizens": "fits_not"}, "talk"),
        ({"def_democratic": "fits_not"}, "talk"),
        ({"def_nonprofit": "fits_not", "def_goal": "partly"}, "talk"),
        ({"def_goal": None}, "review"),
    ],
)
def test_eligibility(definition, changes, eligibility):
    answers = example()
    answers["definition_check"] |= changes

    assert scored(definition, answers).eligibility == eligibility


@pytest.mark.parametrize(
    ("seconds", "flags"), [(None, ()), (0, ("very_fast",)), (239, ("very_fast",)), (240, ())]
)
def test_very_fast(definition, seconds, flags):
    assert scored(definition, example(), active_seconds=seconds).data_quality == flags


def with_dk(definition, count, **changes):
    """An example in which that many statements are answered with "don't know"."""
    answers = example(**changes)
    for question in definition.questions:
        if question.type == "likert5" and question.code in answers:
            for item in question.items:
                answers[question.code][item.code] = "dk" if count > 0 else answers[question.code][item.code]
                count -= 1
    return answers


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({}, 41),
        ({"gov_role": "no_contact", "gov_relation": None}, 37),
        # Exactly a third of 33 is not over a third.
        (
            {
                "gov_role": "no_contact",
                "gov_relation": None,
                "annual_budget": "none",
                "business_practice": None,
            },
            33,
        ),
    ],
    ids=["all", "no government", "no money either"],
)
def test_many_dk(definition, changes, items):
    """Over a third, of the statements that are visible."""
    third = items // 3
    assert scored(definition, with_dk(definition, third, **changes)).data_quality == ()
    assert scored(definition, with_dk(definition, third + 1, **changes)).data_quality == ("many_dk",)


@pytest.mark.parametrize(
    ("indicators", "value", "found"),
    [
        (
            [
                "collective_leadership",
                "community_engagement",
                "business_model",
                "partner_network",
                "shared_culture",
            ],
            4,
            True,
        ),
        (["collective_leadership", "community_engagement", "business_model", "shared_culture"], 4, False),
        # None of these five holds a reversed item.
        (
            [
                "collective_leadership",
                "community_engagement",
                "business_model",
                "partner_network",
                "resilience_resources",
            ],
            4,
            False,
        ),
        (
            [
                "collective_leadership",
                "community_engagement",
                "business_model",
                "partner_network",
                "shared_culture",
            ],
            "dk",
            False,
        ),
    ],
)
def test_straightlining(definition, indicators, value, found):
    answers = example()
    for question, items in BATTERIES.values():
        answers[question] = dict(zip(items, [1, 2, 3, 4, 5, 1], strict=False))
    for indicator in indicators:
        question, items = BATTERIES[indicator]
        answers[question] = dict.fromkeys(items, value)

    assert ("straightlining" in scored(definition, answers).data_quality) is found


def test_straightlining_in_hidden_batteries_is_not_seen(definition):
    answers = example(annual_budget="none")
    for question, items in BATTERIES.values():
        answers[question] = dict(zip(items, [1, 2, 3, 4, 5, 1], strict=False))
    for indicator in (
        "collective_leadership",
        "community_engagement",
        "business_model",
        "partner_network",
        "shared_culture",
    ):
        question, items = BATTERIES[indicator]
        answers[question] = dict.fromkeys(items, 4)

    assert scored(definition, answers).data_quality == ()


# --- robustness and speed


def test_cut_offs_come_from_the_file(edited):
    stricter = edited(
        {
            "scoring.levels.default": [
                {"code": "strong", "min": 76, "label": {"nl": "Sterk"}},
                {"code": "developing", "min": 45, "below": 76, "label": {"nl": "Gemengd"}},
                {"code": "attention", "below": 45, "label": {"nl": "Aandacht"}},
            ]
        }
    )

    assert scored(stricter, example()).indicators["collective_leadership"].level == "developing"


def test_true_is_not_one(definition):
    answers = example()
    answers["culture_practice"] = dict.fromkeys(answers["culture_practice"], True)

    assert scored(definition, answers).indicators["shared_culture"].answered == 0


def test_ten_thousand_scans_a_minute(definition):
    answers = [example(code) for code in EXAMPLES]
    scored(definition, answers[0])
    start = time.process_time()
    for _ in range(100):
        for each in answers:
            scored(definition, each)
    per_minute = 300 / (time.process_time() - start) * 60

    assert per_minute > 10_000
