"""Checks that there is a text for every outcome, and that research and comparison know their fields."""

from __future__ import annotations

import re
from collections.abc import Collection

from selfscan.schema.after_the_scan import Feedback
from selfscan.schema.checks import check_known, check_same, check_unique
from selfscan.schema.definition import Definition

PLACEHOLDER = re.compile(r"\{(\w*)\}")


def check_feedback(definition: Definition) -> None:
    feedback, scoring = definition.feedback, definition.scoring
    indicators = [each.code for each in scoring.indicators] + [
        each.code for each in scoring.pressure_indicators.list
    ]
    check_same("feedback.indicators", feedback.indicators, indicators)
    for code, by_level in feedback.indicators.items():
        check_same(f"feedback.indicators.{code}", by_level, ("strong", "developing", "attention"))
        for level, each in by_level.items():
            _check_one_feedback(definition, each, f"feedback.indicators.{code}.{level}", ())
    check_same("feedback.combination", feedback.combination, scoring.configurations.status_order)
    for code, each in feedback.combination.items():
        allowed = ("missing_conditions",) if code == "partly" else ()
        _check_one_feedback(definition, each, f"feedback.combination.{code}", allowed)
    check_same("feedback.flags", feedback.flags, [flag.code for flag in scoring.flags])
    for language, sentence in feedback.balance_note.items():
        _check_placeholders(f"feedback.balance_note.{language}", sentence, ("lowest", "highest"))


def _check_one_feedback(definition: Definition, each: Feedback, place: str, allowed: Collection[str]) -> None:
    vocabularies = definition.vocabularies
    check_known(f"{place}.tags.library", each.tags.library, vocabularies.tags, "tag")
    check_known(f"{place}.tags.discussion", each.tags.discussion, vocabularies.tags, "tag")
    check_known(f"{place}.tags.labs", each.tags.labs, vocabularies.labs, "lab")
    for language, sentence in each.text.items():
        _check_placeholders(f"{place}.text.{language}", sentence, allowed)
    for language, sentence in each.question.items():
        _check_placeholders(f"{place}.question.{language}", sentence, ())


def _check_placeholders(place: str, sentence: str, allowed: Collection[str]) -> None:
    check_known(place, PLACEHOLDER.findall(sentence), allowed, "value to fill in")


def check_research(definition: Definition) -> None:
    research, codes = definition.research_export, {question.code for question in definition.questions}
    check_known("research_export.quasi_identifiers", research.quasi_identifiers, codes, "question")
    grouped = [code for group in research.recipe.sector_group.values() for code in group]
    check_unique("research_export.recipe.sector_group", grouped)
    sectors = [option.code for option in definition.question("sectors").options]
    check_same("research_export.recipe.sector_group", grouped, sectors)
    derived = {each.code for each in definition.scoring.derived}
    for g, group in enumerate(definition.benchmark.groups_in_order):
        check_known(
            f"benchmark.groups_in_order[{g}].by", group.by, derived | codes, "answer or derived value"
        )
    for p, presentation in enumerate(definition.benchmark.presentation):
        if presentation.caution:
            place = f"benchmark.presentation[{p}].caution"
            check_known(place, [presentation.caution], definition.benchmark.texts, "text")
