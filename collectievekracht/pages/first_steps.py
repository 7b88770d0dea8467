"""What somebody who is new does first, worked out from facts; pure: no rows, no request, no clock.

A step that was done or put away is not shown again, so the list ends by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from members.choices import ReviewState


class Code(StrEnum):
    """The steps there are, in the order in which they make sense."""

    RESEARCH = "research"  # without a second step the door to research stays shut
    ANSWER = "answer"  # the team's question about a scan that was sent back
    SCAN = "scan"
    ASK = "ask"
    LAB = "lab"  # for an expert, who comes for something else
    REPORT = "report"
    WAIT = "wait"
    PAGE = "page"
    INVITE = "invite"
    SECOND_STEP = "second-step"
    HANDBOOK = "handbook"


class State(StrEnum):
    """How far a step is. What waits is with somebody else: nothing has to be done."""

    TODO = "todo"
    WAITING = "waiting"


# A person decides that these are done, or leaves them; the others end by what happens.
MAY_BE_PUT_AWAY = frozenset({Code.REPORT, Code.PAGE, Code.INVITE, Code.SECOND_STEP, Code.HANDBOOK})


@dataclass(frozen=True, slots=True)
class OwnCollective:
    """What first steps need to know of a collective that the person belongs to."""

    pk: int
    name: str
    state: str
    represents: bool = True
    has_report: bool = False
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is about; `invited` is None where one can't invite, and `waits_for` names who was asked for access."""

    collectives: Sequence[OwnCollective] = ()
    waits_for: Sequence[str] = ()
    has_second_step: bool = False
    waits_for_second_step: bool = False  # a researcher who didn't show one in this session
    invited: bool | None = None
    has_lab: bool = False  # or applied for one: what comes of that stands in a card of its own
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step: which, how far, about which collective, and whether its person may put it away under `key`."""

    code: Code
    state: State = State.TODO
    collective: str = ""
    pk: int = 0

    @property
    def key(self) -> str:
        """Its own name: two collectives have two."""
        return f"{self.code}-{self.pk}" if self.pk else str(self.code)

    @property
    def may_be_put_away(self) -> bool:
        """Whether its person may say that it is done or not wanted."""
        return self.code in MAY_BE_PUT_AWAY and self.state == State.TODO


def first_steps(person: Person, put_away: Collection[str] = ()) -> list[FirstStep]:
    """What is left for this person, in order; empty once all of it was done or put away."""
    order = list(Code)
    steps = sorted(_steps(person), key=lambda step: order.index(step.code))
    return [step for step in steps if not (step.may_be_put_away and step.key in put_away)]


def _steps(person: Person) -> Iterator[FirstStep]:
    for name in person.waits_for:
        yield FirstStep(Code.ASK, State.WAITING, name)
    if person.is_admin:
        yield FirstStep(Code.HANDBOOK)
    elif not (person.collectives or person.waits_for or person.has_lab):
        yield FirstStep(Code.SCAN)
        yield FirstStep(Code.ASK)
        yield FirstStep(Code.LAB)
    for one in person.collectives:
        yield from _of_collective(one)
    if any(one.state == ReviewState.APPROVED for one in person.collectives) and person.invited is False:
        yield FirstStep(Code.INVITE)
    if person.waits_for_second_step:
        yield FirstStep(Code.RESEARCH)
    elif (person.collectives or person.has_lab or person.is_admin) and not person.has_second_step:
        yield FirstStep(Code.SECOND_STEP)


def _of_collective(one: OwnCollective) -> Iterator[FirstStep]:
    if one.state == ReviewState.RETURNED:
        yield FirstStep(Code.ANSWER, State.TODO if one.represents else State.WAITING, one.name, one.pk)
    if one.state == ReviewState.PENDING:
        yield FirstStep(Code.WAIT, State.WAITING, one.name, one.pk)
    if one.represents and one.has_report and one.state in (ReviewState.PENDING, ReviewState.APPROVED):
        yield FirstStep(Code.REPORT, State.TODO, one.name, one.pk)
    if one.state == ReviewState.APPROVED and one.is_public:
        yield FirstStep(Code.PAGE, State.TODO, one.name, one.pk)
