"""Checks that the scoring fits the questions, and itself."""

from __future__ import annotations

import math
from itertools import pairwise

from selfscan.errors import InstrumentError
from selfscan.schema import formulas
from selfscan.schema.checks import check_known, check_unique, require
from selfscan.schema.conditions_check import check_condition
from selfscan.schema.definition import Definition
from selfscan.schema.questionnaire import Question
from selfscan.schema.scoring import Level


def check_scoring(definition: Definition, questions: dict[str, Question]) -> None:
    scoring = definition.scoring
    rules = formulas.read_rules(definition)
    _check_levels("scoring.levels.default", scoring.levels.default)
    _check_levels("scoring.levels.pressure", scoring.levels.pressure)
    anchors = scoring.calibration.anchors
    ordered = anchors.full_out < anchors.crossover < anchors.full_in
    require("scoring.calibration.anchors", ordered, "full_out < crossover < full_in")
    _check_indicators(definition, questions)
    _check_pressure(definition, questions)
    durability = {each.code for each in scoring.indicators if each.lens == "durability"}
    configurations = scoring.configurations
    check_known(
        "scoring.configurations.source", [configurations.source], {s.id for s in definition.sources}, "source"
    )
    check_unique("scoring.configurations.paths", (path.code for path in configurations.paths))
    for p, path in enumerate(configurations.paths):
        place = f"scoring.configurations.paths[{p}].all"
        check_known(place, path.all, durability, "durability indicator")
        require(place, configurations.necessary in path.all, f"'{configurations.necessary}' is necessary")
    likert = {item.code for q in questions.values() if q.type == "likert5" for item in q.items}
    talking = scoring.balance.talking_points
    for name in ("utility", "efficiency", "equity"):
        check_known(f"scoring.balance.talking_points.{name}", [getattr(talking, name)], likert, "statement")
    resilience = [each for each in scoring.indicators if each.lens == "resilience"]
    require("scoring.indicators", len(resilience) == 3, "the balance needs three resilience indicators")
    for f, flag in enumerate(scoring.flags):
        check_known(f"scoring.flags[{f}].tags", flag.tags, definition.vocabularies.tags, "tag")
    check_unique("scoring.flags", (flag.code for flag in scoring.flags))
    definition_check = questions["definition_check"]
    place = "scoring.eligibility.talk"
    check_known(place, rules.talk_items, definition_check.item_codes, "item of definition_check")
    options = definition_check.options_by_code
    check_known(
        "scoring.eligibility", (rules.fits_option, rules.talk_option), options, "option of definition_check"
    )
    countries = questions["country"].options_by_code
    excluded = definition.vocabularies.labs_excluded_by_country
    check_known("vocabularies.labs_excluded_by_country", excluded, countries, "option of country")


def _check_levels(place: str, levels: tuple[Level, ...]) -> None:
    require(
        place,
        {level.code for level in levels} == {"strong", "developing", "attention"},
        "needs all three levels",
    )
    ordered = sorted(enumerate(levels), key=lambda each: -1 if each[1].min is None else each[1].min)
    for (_i, lower), (index, upper) in pairwise(ordered):
        require(
            f"{place}[{index}]",
            lower.below is not None and lower.below == upper.min,
            "the levels leave a gap or overlap",
        )
    require(
        place, ordered[0][1].min is None and ordered[-1][1].below is None, "the levels must cover everything"
    )


def _check_indicators(definition: Definition, questions: dict[str, Question]) -> None:
    scoring = definition.scoring
    owner = {item.code: question for question in questions.values() for item in question.items}
    reversed_items = {item.code for q in questions.values() for item in q.items if item.reverse}
    place = "scoring.reverse_coded_items"
    require(
        place, set(scoring.reverse_coded_items) == reversed_items, "differs from the items with reverse: true"
    )
    codes = [each.code for each in scoring.indicators] + [
        each.code for each in scoring.pressure_indicators.list
    ]
    check_unique("scoring.indicators", codes)
    for n, indicator in enumerate(scoring.indicators):
        place = f"scoring.indicators[{n}]"
        check_known(f"{place}.construct", [indicator.construct_], definition.constructs, "construct")
        check_unique(f"{place}.items", (each.item for each in indicator.items))
        enough = indicator.min_answered <= len(indicator.items)
        require(f"{place}.min_answered", enough, f"there are {len(indicator.items)} items")
        if indicator.not_applicable_if:
            check_condition(indicator.not_applicable_if, questions, f"{place}.not_applicable_if")
        for i, scored in enumerate(indicator.items):
            at = f"{place}.items[{i}]"
            if scored.transform == "likert5":
                question = owner.get(scored.item)
                if question is None or question.type != "likert5":
                    raise InstrumentError(
                        f"{at}.item", f"'{scored.item}' is no statement of a likert5 question"
                    )
                item = next(each for each in question.items if each.code == scored.item)
                require(f"{at}.item", item.status == "active", f"'{scored.item}' is retired")
                require(f"{at}.reverse", item.reverse == scored.reverse, "differs from the item itself")
                feeds = item.feeds
            else:
                question = questions.get(scored.item)
                if question is None or not any("score" in o.model_fields_set for o in question.options):
                    raise InstrumentError(
                        f"{at}.item", f"'{scored.item}' is no question whose options have scores"
                    )
                require(f"{at}.reverse", not scored.reverse, "options with scores can't be reversed")
                feeds = question.feeds
            require(f"{at}.item", indicator.construct_ in feeds, f"it does not feed '{indicator.construct_}'")
        if indicator.lens == "durability":
            _check_crossover(
                definition,
                [questions.get(each.item) for each in indicator.items],
                indicator.min_answered,
                place,
            )


def _check_crossover(definition: Definition, mapped: list[Question | None], least: int, place: str) -> None:
    """No mean may fall exactly on the crossover, where a case is neither in nor out."""
    crossover = definition.scoring.calibration.anchors.crossover
    sums: set[tuple[int, float]] = {(0, 0.0)}
    for question in mapped:
        scores = (
            [o.score for o in question.options if o.score is not None]
            if question
            else [0.0, 25.0, 50.0, 75.0, 100.0]
        )
        sums |= {(count + 1, total + score) for count, total in sums for score in scores}
    stuck = any(count >= least and math.isclose(total, crossover * count) for count, total in sums)
    require(
        "scoring.calibration.anchors.crossover", not stuck, f"a mean of {place} can be exactly {crossover:g}"
    )


def _check_pressure(definition: Definition, questions: dict[str, Question]) -> None:
    pressure = definition.scoring.pressure_indicators
    for n, indicator in enumerate(pressure.list):
        place = f"scoring.pressure_indicators.list[{n}]"
        check_known(f"{place}.construct", [indicator.construct_], definition.constructs, "construct")
        question = questions.get(indicator.question)
        if question is None or question.type != "scale_0_4_matrix":
            raise InstrumentError(
                f"{place}.question", f"'{indicator.question}' is no question of type scale_0_4_matrix"
            )
        check_known(f"{place}.rows", indicator.rows, question.item_codes, "row")
        enough = pressure.min_answered <= len(indicator.rows)
        require("scoring.pressure_indicators.min_answered", enough, f"'{indicator.code}' has fewer rows")
        for item in question.items:
            require(f"{place}.rows", item.tag is not None, f"row '{item.code}' has no tag")
