"""What a repeat scan may propose of the scan before it; pure.

Facts only, by the instrument's rule: never statements to agree with, challenges, money or shares.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from selfscan.answers import Gazetteer, check_answers, write_fields
from selfscan.conditions import is_answered
from selfscan.schema import Definition, Question
from selfscan.versions import Path, carried

PREFILLED_SECTIONS = frozenset({"about"})
PREFILLED_QUESTIONS = frozenset({"rules_in_place", "assets_owned", "partners"})
NEVER_PREFILLED = frozenset({"likert5", "scale_0_4_matrix", "percentage_split"})


def base_of(key: str) -> str:
    """The question that an answer's key belongs to; the text beside an option goes with its question."""
    return key.partition("__")[0]


def may_be_proposed(definition: Definition) -> frozenset[str]:
    """The codes of the questions whose earlier answers may stand in the form, to be confirmed."""
    return frozenset(
        question.code
        for section in definition.sections
        for question in section.questions
        if (section.code in PREFILLED_SECTIONS or question.code in PREFILLED_QUESTIONS)
        and question.type not in NEVER_PREFILLED
    )


def proposals_of(
    definition: Definition,
    earlier: Mapping[str, Any],
    path: Path,
    *,
    year: int,
    gazetteer: Gazetteer | None = None,
) -> dict[str, Any]:
    """The earlier answers that may be proposed, as this version has them; what isn't right in it is left out."""
    allowed = may_be_proposed(definition)
    known = {
        key: new
        for key, value in earlier.items()
        if base_of(key) in allowed
        and is_answered(new := carried(value, key, path) if base_of(key) == key else value)
    }
    # An own text goes where the answer that it belongs to goes.
    known = {key: value for key, value in known.items() if base_of(key) in known}
    return _right(definition, known, {}, allowed, year=year, gazetteer=gazetteer)


def still_offered(
    definition: Definition,
    proposals: Mapping[str, Any],
    answers: Mapping[str, Any],
    questions: Collection[str],
    *,
    year: int,
    gazetteer: Gazetteer | None = None,
) -> dict[str, Any]:
    """Of these questions, the proposals that are right beside what is answered by now."""
    mine = {key: value for key, value in proposals.items() if base_of(key) in questions}
    return _right(definition, mine, answers, questions, year=year, gazetteer=gazetteer) if mine else {}


def _right(
    definition: Definition,
    proposals: Mapping[str, Any],
    answers: Mapping[str, Any],
    questions: Collection[str],
    *,
    year: int,
    gazetteer: Gazetteer | None,
) -> dict[str, Any]:
    checked = check_answers(
        definition,
        {**answers, **proposals},
        year=year,
        gazetteer=gazetteer,
        questions=questions,
        complete=False,
    )
    wrong = {problem.question for problem in checked.problems}
    return {
        key: checked.answers[key]
        for key in proposals
        if key in checked.answers and base_of(key) not in wrong and base_of(key) in checked.answers
    }


def is_unchanged(
    definition: Definition, question: Question, proposals: Mapping[str, Any], data: Mapping[str, Any]
) -> bool:
    """Whether the form posts for this question exactly what was proposed for it; False where nothing was."""
    if question.code not in proposals:
        return False
    getlist = getattr(data, "getlist", None)
    for name, value in write_fields(definition, question, proposals).items():
        posted = list(getlist(name)) if getlist else [data[name]] if name in data else []
        if not posted and name == f"{question.code}_id":
            continue  # a place whose name stands once is posted by its name alone
        wanted = [str(each) for each in value] if isinstance(value, list) else [value]
        if _typed(posted) != _typed(wanted):
            return False
    return True


def _typed(values: Collection[str]) -> list[str]:
    """What stands in a field's values, whatever a browser makes of line ends."""
    return sorted("\n".join(value.split("\r\n")).strip() for value in values if value)
