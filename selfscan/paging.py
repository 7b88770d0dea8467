"""Which questions stand together on a page, how far a section is, and how long the rest takes; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any, Literal

from selfscan.answers import check_answers
from selfscan.conditions import is_answered, visible_answers, visible_questions
from selfscan.schema import Definition, Question, Section

MOST_IN_SIGHT = 7
ANY_YEAR = 9999
CONSENT_SECTION = "consent"

State = Literal["todo", "viewed", "started", "done"]


def layout(section: Section) -> tuple[tuple[Question, ...], ...]:
    """All questions of a section over its pages: at most seven in sight, what has several rows on a page of its own.

    It doesn't look at answers, so that no answer ever moves a question to another page.
    """
    result: list[tuple[Question, ...]] = []
    together: list[Question] = []
    for question in section.questions:
        if question.is_battery:
            result += [*_spread(together), (question,)]
            together = []
        else:
            together.append(question)
    return tuple(result + _spread(together))


def pages(
    definition: Definition, section: Section, answers: Mapping[str, Any]
) -> tuple[tuple[Question, ...], ...]:
    """The pages of a section with the questions that these answers make visible; empty pages are left out."""
    shown = {question.code for question in visible_questions(definition, answers)}
    visible = (tuple(question for question in page if question.code in shown) for page in layout(section))
    return tuple(page for page in visible if page)


def question_seconds(definition: Definition, question: Question) -> float:
    """How long this question takes by the instrument's own time model."""
    model = definition.instrument.time_model
    if question.type == "likert5":
        return model.battery_stem + model.likert5_item * len(question.items)
    if question.type == "scale_0_4_matrix":
        return model.matrix_stem + model.scale_0_4_rating * len(question.items) * len(question.columns)
    if question.type == "single" and question.items:
        return model.battery_stem + model.single_item * len(question.items)
    if question.type == "long_text":
        return model.long_text_required if question.required else model.long_text_optional
    return float(getattr(model, question.type))


def section_seconds(definition: Definition, section: Section, questions: Collection[Question]) -> float:
    """How long these questions of one section take, its introduction included; nothing for no questions."""
    if not questions:
        return 0
    model = definition.instrument.time_model
    reading = model.consent_reading if section.code == CONSENT_SECTION else 0
    return (
        model.section_intro + reading + sum(question_seconds(definition, question) for question in questions)
    )


def seconds_left(definition: Definition, answers: Mapping[str, Any], done: Collection[str]) -> int:
    """How long the visible questions take that are not done; `done` holds codes of sections, of questions, or both."""
    shown = {question.code for question in visible_questions(definition, answers)}
    total = 0.0
    for section in definition.sections:
        if section.code in done:
            continue
        left = [each for each in section.questions if each.code in shown and each.code not in done]
        total += section_seconds(definition, section, left)
    return round(total)


def section_state(
    definition: Definition, section: Section, answers: Mapping[str, Any], seen: Collection[str]
) -> State:
    """How far a section is; `seen` holds the codes of the sections that were opened.

    Done: everything that is needed is answered rightly, and somebody looked at it. Viewed is not the same as todo.
    """
    visible, given = visible_answers(definition, answers)
    mine = {question.code for question in section.questions}
    answered = any(is_answered(given.get(code)) for code in mine)
    looked = section.code in seen
    asked = any(question.code in mine for question in visible)
    if (answered or looked) and (
        not asked or check_answers(definition, answers, year=ANY_YEAR, questions=mine).ok
    ):
        return "done"
    if answered:
        return "started"
    return "viewed" if looked else "todo"


def _spread(questions: list[Question]) -> list[tuple[Question, ...]]:
    """Over as few pages as it takes, as evenly as it goes."""
    count = -(-len(questions) // MOST_IN_SIGHT)
    borders = [round(len(questions) * page / count) for page in range(count + 1)] if count else []
    return [tuple(questions[start:end]) for start, end in pairwise(borders)]
