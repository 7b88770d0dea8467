"""The comparison's rules, as properties over made-up snapshots."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfscan.benchmark import Entry, Facts, Figures, compare, group_keys, tabulate

TAKEN = date(2026, 10, 1)
US = Facts("energy", "middle", "nl")
facts = st.builds(
    Facts,
    st.sampled_from(["energy", "care", "food", None]),
    st.sampled_from(["small", "middle", "large", None]),
    st.sampled_from(["nl", "nl", "nl", "be_vlg"]),
)
values = st.fixed_dictionaries(
    {},
    optional={
        "shared_culture": st.integers(0, 20).map(lambda step: step * 5.0),
        "reserves_months": st.sampled_from(["lt1", "m1_3", "gt12"]),
    },
)
entries = st.lists(st.builds(Entry, facts, values), max_size=90)


def crowd(count, score=50.0, who=US):
    """So many others, their scores spread around this one."""
    return [Entry(who, {"shared_culture": score + (place % 5 - 2) * 5}) for place in range(count)]


def compared(definition, others, score=60.0, own=None, who=US):
    figures = tabulate(definition.benchmark, [*others, *([own] if own else [])])
    return compare(
        definition, facts=who, scores={"shared_culture": score}, figures=figures, own=own, taken_on=TAKEN
    )


@given(entries)
@settings(max_examples=80, deadline=None)
def test_no_figure_is_kept_of_a_group_below_ten(definition, population):
    for cell in tabulate(definition.benchmark, population):
        assert cell.n >= (20 if cell.indicator == "reserves_months" else 10)


@given(entries)
@settings(max_examples=80, deadline=None)
def test_no_kept_group_leaves_a_rest_of_one_to_nine(definition, population):
    rules = definition.benchmark
    by = {group.code: group.by for group in rules.groups_in_order}
    kept = tabulate(rules, population)
    sizes = {(cell.indicator, cell.code, cell.key): cell.n for cell in kept}
    parts = defaultdict(int)
    for cell in kept:
        named = dict(zip(by[cell.code], cell.key.split("|"), strict=False))
        for wider, names in by.items():
            if set(names) < set(by[cell.code]):
                parent = cell.indicator, wider, "|".join(named[name] for name in names)
                if parent in sizes:
                    assert sizes[parent] - cell.n not in range(1, 10)
                    parts[parent, cell.code] += cell.n
    for (parent, _code), together in parts.items():
        assert sizes[parent] - together not in range(1, 10)


@given(entries, st.data())
@settings(max_examples=80, deadline=None)
def test_the_own_collective_is_left_out(definition, population, data):
    """Whatever the own old score was, the comparison shows the same: it isn't in it."""
    who = US
    shown = []
    for old in data.draw(st.tuples(st.integers(0, 20), st.integers(0, 20))):
        own = Entry(who, {"shared_culture": old * 5.0})
        others = [each for each in population if "shared_culture" in each.values]
        figures = tabulate(definition.benchmark, [*others, own])
        shown.append(
            compare(
                definition,
                facts=who,
                scores={"shared_culture": 55.0},
                figures=figures,
                own=own,
                taken_on=TAKEN,
            )
        )
    assert shown[0] == shown[1]


@pytest.mark.parametrize(("others", "size"), [(9, None), (10, 10), (14, 10), (15, 15), (29, 25), (104, 100)])
def test_a_group_needs_ten_others_and_its_size_is_rounded_down(definition, others, size):
    own = Entry(US, {"shared_culture": 40.0})
    comparison = compared(definition, crowd(others), own=own)
    assert [row.summary.size for row in comparison.rows] == ([size] if size else [])
    assert comparison.missing == (() if size else ("shared_culture",))


def test_the_narrowest_large_enough_group_is_taken(definition):
    narrow = crowd(12)
    wider = crowd(40, who=Facts("energy", "small", "nl"))
    assert compared(definition, narrow + wider).rows[0].group == "sector_size_country"
    assert compared(definition, narrow[:8] + wider).rows[0].group == "sector_country"
    assert (
        compared(definition, narrow[:8] + crowd(30, who=Facts("care", "middle", "be_vlg"))).rows[0].group
        == "all"
    )


def test_an_own_score_in_another_group_is_not_taken_out_there(definition):
    moved = Entry(Facts("care", "middle", "nl"), {"shared_culture": 50.0})
    others = crowd(20) + crowd(20, who=Facts("care", "middle", "nl"))
    assert compared(definition, others, own=moved).rows[0].summary.size == 20


@pytest.mark.parametrize(
    ("others", "caution", "position", "wide"),
    [(10, True, False, False), (29, True, False, False), (30, False, True, False), (100, False, True, True)],
)
def test_what_is_shown_grows_with_the_group(definition, others, caution, position, wide):
    summary = compared(definition, crowd(others)).rows[0].summary
    assert (summary.caution, summary.position is not None, summary.p10 is not None) == (
        caution,
        position,
        wide,
    )


@pytest.mark.parametrize(
    ("score", "band", "around"),
    [
        (30.0, "lowest_quarter", False),
        (39.9, "lowest_quarter", False),
        (40.1, None, True),
        (45.0, None, True),
        (55.0, None, True),
        (60.1, "highest_quarter", False),
    ],
)
def test_near_a_border_the_band_is_around_it(definition, score, band, around):
    """A middle half from 45 to 55: the borders lie ten points apart, and five points on each side are around them."""
    position = compared(definition, crowd(50), score=score).rows[0].summary.position
    assert (position.around is not None) is around
    assert band is None or position.band == band


def test_a_group_with_one_score_is_not_shown(definition):
    alike = [Entry(US, {"shared_culture": 50.0})] * 30
    assert compared(definition, alike).rows == ()


def test_an_unknown_fact_keeps_a_scan_out_of_the_groups_by_it(definition):
    assert [code for code, _key in group_keys(definition.benchmark, Facts("energy", None, "nl"))] == [
        "sector_country",
        "sector",
        "country",
        "all",
    ]


def money(definition, counts, own=None):
    who = US
    population = [
        Entry(who, {"reserves_months": option}) for option, count in counts.items() for _ in range(count)
    ]
    figures = tabulate(definition.benchmark, population + ([own] if own else []))
    return compare(definition, facts=who, scores={}, figures=figures, own=own, taken_on=TAKEN).money


def test_money_is_compared_from_twenty_others(definition):
    assert money(definition, {"lt1": 10, "gt12": 9}) == ()
    assert [each.size for each in money(definition, {"lt1": 10, "gt12": 10})] == [20]
    own = Entry(US, {"reserves_months": "lt1"})
    assert money(definition, {"lt1": 10, "gt12": 9}, own=own) == ()


@given(st.dictionaries(st.sampled_from(["lt1", "m1_3", "m3_6", "m6_12", "gt12"]), st.integers(0, 40)))
@settings(max_examples=120, deadline=None)
def test_every_share_of_a_distribution_stands_for_ten(definition, counts):
    order = ["lt1", "m1_3", "m3_6", "m6_12", "gt12"]
    for each in money(definition, counts):
        assert len(each.shares) > 1
        assert [option for share in each.shares for option in share.options] == order
        assert all(sum(counts.get(option, 0) for option in share.options) >= 10 for share in each.shares)


def test_nothing_of_a_snapshot_that_is_not_there(definition):
    comparison = compare(
        definition,
        facts=US,
        scores={"shared_culture": 50.0},
        figures=(),
        own=None,
        taken_on=None,
    )
    assert (comparison.rows, comparison.money, comparison.missing) == ((), (), ("shared_culture",))


def test_figures_count_their_collectives():
    assert Figures("all", "", "shared_culture", ((50.0, 3), (55.0, 4))).n == 7
