"""Scores over the years: compared where they can be, with a gap where they can't."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfscan.development import MOST_SCANS, SentScan, Step, add_months, develop
from selfscan.schema.after_the_scan import Migration
from selfscan.versions import carried, comparability, way_between

FEEDS = {"shared_culture": frozenset({"cul_goal", "culture_practice"})}
RULES = {"threshold": 10, "months": 6}


def scan(key, on, score, *, version="2026.1", scoring="2026.1", role="board", feeds=FEEDS):
    return SentScan(key, on, version, scoring, role, {"shared_culture": score}, feeds)


def entry(before, after, code, action, map=None):
    return Migration(
        from_version=before, to_version=after, code=code, action=action, map=map, reason="A test."
    )


def step(*scans, migrations=()):
    return develop(scans, ["shared_culture"], migrations, **RULES).lines[0].steps[-1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (50.0, 59.9, Step("same", 9.9)),
        (50.0, 60.0, Step("up", 10.0)),
        (60.0, 50.1, Step("same", -9.9)),
        (60.0, 50.0, Step("down", -10.0)),
        (None, 50.0, Step("unknown")),
        (50.0, None, Step("unknown")),
    ],
)
def test_a_difference_under_ten_points_is_about_the_same(old, new, expected):
    assert step(scan(1, date(2025, 1, 1), old), scan(2, date(2026, 1, 1), new)) == expected


@pytest.mark.parametrize(
    ("on", "verdict"), [(date(2025, 7, 30), "too_soon"), (date(2025, 7, 31), "up"), (date(2025, 8, 1), "up")]
)
def test_under_six_months_there_is_no_development(on, verdict):
    assert step(scan(1, date(2025, 1, 31), 20.0), scan(2, on, 80.0)).verdict == verdict


@pytest.mark.parametrize(
    ("migrations", "changes", "expected"),
    [
        ((), {}, Step("up", 30.0)),
        ((), {"scoring": "2027.1"}, Step("break")),
        ((), {"feeds": {"shared_culture": frozenset({"cul_goal_v2"})}}, Step("break")),
        (
            (entry("2026.1", "2027.1", "shared_culture", "same"),),
            {"scoring": "2027.1"},
            Step("up", 30.0),
        ),
        ((entry("2026.1", "2027.1", "shared_culture", "not_comparable"),), {}, Step("break")),
        (
            (entry("2026.1", "2027.1", "cul_goal", "recode", {"1": "2"}),),
            {},
            Step("up", 30.0, caution=True),
        ),
        ((entry("2026.1", "2027.1", "cul_goal", "not_comparable"),), {}, Step("break")),
        ((entry("2026.1", "2027.1", "legal_form", "not_comparable"),), {}, Step("up", 30.0)),
        (
            (
                entry("2026.1", "2026.2", "legal_form", "same"),
                entry("2026.2", "2027.1", "cul_goal", "derive"),
            ),
            {},
            Step("up", 30.0, caution=True),
        ),
    ],
)
def test_what_the_versions_say_of_each_other_decides(migrations, changes, expected):
    before = scan(1, date(2025, 1, 1), 40.0)
    after = scan(2, date(2026, 1, 1), 70.0, version="2027.1", **changes)
    assert step(before, after, migrations=migrations) == expected


def test_a_line_is_cut_at_a_break_and_where_a_score_is_missing():
    scans = [
        scan(1, date(2022, 1, 1), 40.0),
        scan(2, date(2023, 1, 1), None),
        scan(3, date(2024, 1, 1), 50.0),
        scan(4, date(2025, 1, 1), 60.0, scoring="2027.1"),
    ]
    line = develop(scans, ["shared_culture"], (), **RULES).lines[0]
    assert line.pieces == (((0, 40.0),), ((2, 50.0),), ((3, 60.0),))


def test_another_role_is_told_for_its_step_only():
    scans = [
        scan(1, date(2023, 1, 1), 40.0, role="founder"),
        scan(2, date(2024, 1, 1), 40.0),
        scan(3, date(2025, 1, 1), 40.0),
    ]
    assert develop(scans, ["shared_culture"], (), **RULES).other_role == (True, False)


sent = st.builds(
    SentScan,
    key=st.integers(1, 10_000),
    on=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    version=st.sampled_from(["2026.1", "2026.2", "2027.1"]),
    scoring_version=st.sampled_from(["2026.1", "2027.1"]),
    role=st.sampled_from(["board", "founder"]),
    scores=st.fixed_dictionaries(
        {"shared_culture": st.none() | st.floats(0, 100).map(lambda n: round(n, 1))}
    ),
    feeds=st.just(FEEDS),
)
entries = st.lists(
    st.builds(
        entry,
        st.sampled_from(["2026.1", "2026.2"]),
        st.sampled_from(["2026.2", "2027.1"]),
        st.sampled_from(["shared_culture", "cul_goal", "culture_practice", "other"]),
        st.sampled_from(["same", "recode", "derive", "not_comparable"]),
    ),
    max_size=6,
)


@given(st.lists(sent, max_size=8, unique_by=lambda one: one.key), entries)
def test_development_holds_for_any_scans(scans, migrations):
    found = develop(scans, ["shared_culture"], migrations, **RULES)
    assert found == develop(list(reversed(scans)), ["shared_culture"], migrations, **RULES)
    assert len(found.scans) == min(len(scans), MOST_SCANS)
    assert [one.on for one in found.scans] == sorted(one.on for one in scans)[-MOST_SCANS:]
    for line in found.lines:
        assert len(line.steps) == max(len(line.scores) - 1, 0)
        for before, after, one in zip(line.scores, line.scores[1:], line.steps, strict=False):
            compared = one.verdict in ("same", "up", "down")
            assert compared == (one.difference is not None)
            if compared:
                assert (one.verdict == "same") == (abs(after - before) < 9.95 or abs(one.difference) < 10)
        joined = [moment for piece in line.pieces for moment, _score in piece]
        assert joined == [number for number, score in enumerate(line.scores) if score is not None]


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(-48, 48))
def test_months_keep_the_day_or_the_last_one(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


def test_an_answer_goes_along_as_the_entries_say():
    way = way_between(
        [
            entry("2026.1", "2026.2", "legal_form", "recode", {"old": "new"}),
            entry("2026.2", "2027.1", "partners", "recode", {"a": "b", "c": "b", "d": None}),
            entry("2026.2", "2027.1", "phase", "not_comparable"),
            entry("2026.2", "2027.1", "website", "same"),
        ],
        "2026.1",
        "2027.1",
    )
    assert carried("old", "legal_form", way) == "new"
    assert carried(["a", "c", "d", "e"], "partners", way) == ["b", "e"]
    assert carried("growing", "phase", way) is None
    assert carried("https://a.example/", "website", way) == "https://a.example/"
    assert carried("energy", "sectors", way) == "energy"


def test_versions_without_a_way_between_them_say_nothing():
    assert way_between([entry("2026.1", "2026.2", "phase", "not_comparable")], "2026.2", "2026.1") == ()
    assert (
        comparability("shared_culture", (), before=frozenset("a"), after=frozenset("a"), same_scoring=True)
        == "same"
    )
