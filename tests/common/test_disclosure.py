from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectievekracht.common.disclosure import (
    Cell,
    Position,
    Reason,
    Share,
    changed,
    distribute,
    judge,
    shown_size,
    summarise,
)

FAMILIES = {
    "sector_size_country": ("sector", "size", "country"),
    "sector_country": ("sector", "country"),
    "sector": ("sector",),
    "size_country": ("size", "country"),
    "country": ("country",),
    "all": (),
}


def groups_of(people):
    """The fixed groups of the benchmark: code → the people in it."""
    groups = defaultdict(set)
    for number, person in enumerate(people):
        for family, by in FAMILIES.items():
            if all(person[field] is not None for field in by):
                groups[(family, *(person[field] for field in by))].add(number)
    return groups


def cells_of(groups, changes=None):
    def parents(code):
        mine = dict(zip(FAMILIES[code[0]], code[1:], strict=True))
        for family, by in FAMILIES.items():
            if set(by) < set(mine):
                yield str((family, *(mine[field] for field in by)))

    return [
        Cell(str(code), len(members), tuple(parents(code)), code[0], (changes or {}).get(code))
        for code, members in groups.items()
    ]


person = st.fixed_dictionaries(
    {
        "sector": st.sampled_from("abcdefgh"),
        "size": st.sampled_from(["small", "middle", "large", None]),
        "country": st.sampled_from(["NL", "NL", "NL", "BE"]),
    }
)


def test_judge_hides_small_groups():
    assert judge([Cell("all", 9)]) == {"all": Reason.TOO_FEW}
    assert judge([Cell("all", 10)]) == {"all": None}
    assert judge([Cell("all", 19)], least=20) == {"all": Reason.TOO_FEW}
    assert judge([Cell("all", 9)], least=1) == {"all": Reason.TOO_FEW}


@pytest.mark.parametrize(
    ("part", "verdict"), [(30, None), (29, "complement"), (21, "complement"), (20, None)]
)
def test_judge_hides_a_group_whose_complement_is_small(part, verdict):
    assert judge([Cell("all", 30), Cell("part", part, ("all",), "by")])["part"] == verdict


def test_judge_never_leaves_one_cell_hidden_beside_its_shown_sisters():
    cells = [Cell("all", 61)] + [
        Cell(code, n, ("all",), "by") for code, n in zip("abc", (40, 12, 9), strict=True)
    ]
    assert judge(cells) == {"all": None, "a": None, "b": Reason.COMPLEMENT, "c": Reason.TOO_FEW}
    # A hidden group of 15 is not small, but the difference would show it.
    money = [Cell("all", 75)] + [
        Cell(code, n, ("all",), "by") for code, n in zip("abc", (35, 25, 15), strict=True)
    ]
    assert judge(money, least=20)["b"] == Reason.COMPLEMENT


@pytest.mark.parametrize(
    ("change", "verdict"), [(None, None), (0, None), (1, "difference"), (9, "difference"), (10, None)]
)
def test_judge_hides_what_changed_by_a_few_since_its_last_release(change, verdict):
    assert judge([Cell("all", 50, changed=change)]) == {"all": verdict}


def test_changed_counts_who_came_went_and_answered_anew():
    assert changed({1: "a", 2: "b", 4: "d"}, {1: "a", 2: "c", 3: "e"}) == 3
    assert changed({1: "a"}, {1: "a"}) == 0


@settings(deadline=None, max_examples=150)
@given(st.lists(person, min_size=10, max_size=120))
def test_no_two_shown_groups_differ_by_one_to_nine(people):
    """H8: nested groups and complements, over all fixed groups."""
    groups = groups_of(people)
    verdicts = judge(cells_of(groups))
    shown = [members for code, members in groups.items() if verdicts[str(code)] is None]
    assert all(len(members) >= 10 for members in shown)
    for one in shown:
        for other in shown:
            if other < one:
                assert len(one - other) >= 10


@settings(deadline=None, max_examples=60)
@given(st.lists(person, min_size=20, max_size=150))
def test_no_hidden_group_follows_from_the_shown_ones(people):
    """H9: the shown sums as a linear system; no hidden group's sum is in its span."""
    groups = groups_of(people)
    verdicts = judge(cells_of(groups))
    # The finest classes that the groups can tell apart are the unknowns.
    classes = defaultdict(list)
    for number in range(len(people)):
        classes[frozenset(code for code, members in groups.items() if number in members)].append(number)
    atoms = list(classes)

    def row(code):
        return [Fraction(code in atom) for atom in atoms]

    basis = []

    def reduced(vector):
        for lead, known in basis:
            if vector[lead]:
                factor = vector[lead]
                vector = [value - factor * other for value, other in zip(vector, known, strict=True)]
        return vector

    for code in groups:
        if verdicts[str(code)] is None:
            vector = reduced(row(code))
            lead = next((place for place, value in enumerate(vector) if value), None)
            if lead is not None:
                basis.append((lead, [value / vector[lead] for value in vector]))
    for code in groups:
        if verdicts[str(code)] is not None:
            assert any(reduced(row(code))), code


@settings(deadline=None, max_examples=100)
@given(st.lists(person, min_size=30, max_size=120), person, st.data())
def test_one_who_joins_can_not_be_read_off(people, joiner, data):
    """H7: two releases with one more between them; no figure is shown in both with and without the joiner."""
    before = groups_of(people)
    first = judge(cells_of(before))
    after = groups_of([*people, joiner])
    scans = {code: dict.fromkeys(members, "scan") for code, members in after.items()}
    changes = {
        code: changed(members, dict.fromkeys(before[code], "scan"))
        for code, members in scans.items()
        if first.get(str(code), "") is None
    }
    second = judge(cells_of(after, changes))
    for code, members in after.items():
        if first.get(str(code), "") is None and second[str(code)] is None:
            assert members == before[code]


@pytest.mark.parametrize(("size", "told"), [(10, 10), (14, 10), (15, 15), (99, 95), (103, 100)])
def test_shown_size_is_rounded_down_to_fives(size, told):
    assert shown_size(size) == told


def test_summary_is_hidden_under_ten_and_under_what_the_caller_asks():
    assert summarise([50.0] * 9) is None
    assert summarise([50.0] * 10) is not None
    assert summarise([50.0] * 19, least=20) is None
    assert summarise([50.0] * 9, least=3) is None


def test_summary_shows_more_as_the_group_grows():
    small = summarise([float(n) for n in range(29)], own=3.0)
    assert (small.size, small.median, small.low, small.high) == (25, 14, 7, 21)
    assert (small.caution, small.position, small.p10) == (True, None, None)

    middle = summarise([float(n) for n in range(30)], own=0.0)
    assert (middle.caution, middle.p90) == (False, None)
    assert middle.position == Position("lowest_quarter")

    large = summarise([float(n) for n in range(100)], own=52.0)
    assert (large.p10, large.p90) == (10, 89)
    assert large.position == Position("decile_6", ("decile_5", "decile_6"))


@pytest.mark.parametrize(
    ("own", "position"),
    [
        (0.0, Position("lowest_quarter")),
        (19.9, Position("lowest_quarter")),
        (20.0, Position("lowest_quarter", ("lowest_quarter", "middle_half"))),
        (25.0, Position("middle_half", ("lowest_quarter", "middle_half"))),
        (30.0, Position("middle_half", ("lowest_quarter", "middle_half"))),
        (30.1, Position("middle_half")),
        (50.0, Position("middle_half")),
        (75.0, Position("middle_half", ("middle_half", "highest_quarter"))),
        (76.0, Position("highest_quarter", ("middle_half", "highest_quarter"))),
        (80.1, Position("highest_quarter")),
    ],
)
def test_position_says_around_the_border_within_five_points(own, position):
    others = [100 * n / 48 for n in range(49)]  # quarters at 25 and 75
    assert summarise(others, own=own).position == position


def test_no_position_without_an_own_score():
    assert summarise([float(n) for n in range(50)]).position is None


@given(st.lists(st.floats(0, 100), min_size=10, max_size=150), st.floats(0, 100))
def test_summary_holds_whole_points_in_order(values, own):
    summary = summarise(values, own=own)
    assert summary.size % 5 == 0
    assert summary.size <= len(values)
    assert 0 <= summary.low <= summary.median <= summary.high <= 100
    if summary.p10 is not None:
        assert summary.p10 <= summary.low
        assert summary.high <= summary.p90


def test_distribution_joins_what_is_small():
    assert distribute({"a": 15, "b": 12, "c": 3, "d": 0}, size=30, exclusive=True) == (
        Share(("a",), 50),
        Share(("b", "c", "d"), 50),
    )
    assert distribute({"a": 20, "b": 15, "c": 6, "d": 4}, size=45, exclusive=True) == (
        Share(("a",), 44),
        Share(("b",), 33),
        Share(("c", "d"), 22),
    )


def test_distribution_says_nothing_of_everyone():
    assert distribute({"a": 30, "b": 0}, size=30, exclusive=True) is None
    assert distribute({"a": 30, "b": 12}, size=30, exclusive=False) == (Share(("b",), 40),)
    assert distribute({"a": 25, "b": 3}, size=30, exclusive=False) is None


def test_distribution_needs_twenty():
    assert distribute({"a": 10, "b": 9}, size=19, exclusive=True) is None
    assert distribute({"a": 10, "b": 10}, size=20, exclusive=True) == (Share(("a",), 50), Share(("b",), 50))


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_every_share_stands_for_ten_and_leaves_ten(counts):
    named = {str(number): count for number, count in enumerate(counts)}
    size = sum(counts)
    shares = distribute(named, size=size, exclusive=True)
    if shares is not None:
        for share in shares:
            stands_for = sum(named[option] for option in share.options)
            assert 10 <= stands_for <= size - 10
        assert sorted(option for share in shares for option in share.options) == sorted(named)
