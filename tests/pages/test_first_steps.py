"""What somebody who is new does first: facts in, steps out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectievekracht.pages.first_steps import (
    MAY_BE_PUT_AWAY,
    Code,
    OwnCollective,
    Person,
    State,
    first_steps,
)
from members.choices import ReviewState

TODO, WAITING = State.TODO, State.WAITING


def one(state, **facts):
    return OwnCollective(7, "Zonnig Dorp", state, **facts)


IN = one("approved", is_public=True, has_report=True)


@pytest.mark.parametrize(
    ("person", "steps"),
    [
        (Person(), [("scan", TODO), ("ask", TODO), ("lab", TODO)]),
        (Person(has_second_step=True, invited=False), [("scan", TODO), ("ask", TODO), ("lab", TODO)]),
        (Person(waits_for=["Zonnig Dorp"]), [("ask", WAITING)]),
        (
            Person(waits_for_second_step=True),
            [("research", TODO), ("scan", TODO), ("ask", TODO), ("lab", TODO)],
        ),
        (
            Person([one("returned")], waits_for_second_step=True, has_second_step=True),
            [("research", TODO), ("answer", TODO)],
        ),
        (Person(has_lab=True), [("second-step", TODO)]),
        (Person(has_lab=True, has_second_step=True), []),
        (Person(is_admin=True), [("second-step", TODO), ("handbook", TODO)]),
        (Person(is_admin=True, has_second_step=True), [("handbook", TODO)]),
        (
            Person([one("pending", has_report=True)]),
            [("report", TODO), ("wait", WAITING), ("second-step", TODO)],
        ),
        (Person([one("pending")], has_second_step=True), [("wait", WAITING)]),
        (
            Person([one("pending", has_report=True, represents=False)], has_second_step=True),
            [("wait", WAITING)],
        ),
        (Person([one("returned")], has_second_step=True, invited=False), [("answer", TODO)]),
        (Person([one("returned", represents=False)], has_second_step=True), [("answer", WAITING)]),
        (Person([one("refused", has_report=True)], has_second_step=True, invited=False), []),
        (
            Person([IN], invited=False),
            [("report", TODO), ("page", TODO), ("invite", TODO), ("second-step", TODO)],
        ),
        (
            Person([IN], invited=True, has_second_step=True),
            [("report", TODO), ("page", TODO)],
        ),
        (Person([one("approved")], has_second_step=True), []),
        (Person([one("approved", is_public=True)], has_second_step=True), [("page", TODO)]),
        (
            Person([IN, one("returned")], waits_for=["Voorbeeld"], has_second_step=True),
            [("answer", TODO), ("ask", WAITING), ("report", TODO), ("page", TODO)],
        ),
    ],
)
def test_first_steps_follow_from_the_facts(person, steps):
    assert [(step.code.value, step.state) for step in first_steps(person)] == steps


def test_a_step_that_was_put_away_stays_away_for_that_collective_only():
    person = Person(
        [IN, OwnCollective(8, "Ander Dorp", "approved", is_public=True)], has_second_step=True, invited=False
    )
    left = first_steps(person, {"page-7", "invite", "report-7"})
    assert [step.key for step in left] == ["page-8"]


people = st.builds(
    Person,
    collectives=st.lists(
        st.builds(
            OwnCollective,
            pk=st.integers(1, 5),
            name=st.just("x"),
            state=st.sampled_from(ReviewState.values),
            represents=st.booleans(),
            has_report=st.booleans(),
            is_public=st.booleans(),
        ),
        max_size=3,
        unique_by=lambda own: own.pk,
    ),
    waits_for=st.lists(st.just("y"), max_size=2),
    has_second_step=st.booleans(),
    invited=st.sampled_from([None, True, False]),
    is_admin=st.booleans(),
)


@given(people)
def test_whoever_puts_everything_away_is_left_in_peace(person):
    steps = first_steps(person)
    keys = {step.key for step in steps if step.may_be_put_away}
    left = first_steps(person, keys)
    assert all(step.state == WAITING or step.code not in MAY_BE_PUT_AWAY for step in left)
    assert [step for step in steps if step.key not in keys] == left


@given(people)
def test_nobody_is_asked_for_what_is_not_theirs(person):
    steps = first_steps(person)
    represented = {own.pk for own in person.collectives if own.represents}
    asked = {step.pk for step in steps if step.code in (Code.ANSWER, Code.REPORT) and step.state == TODO}
    assert asked <= represented
