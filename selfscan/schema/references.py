"""Everything in an instrument that refers to something else in it is followed and checked."""

from __future__ import annotations

import re
from itertools import pairwise

from selfscan.errors import InstrumentError
from selfscan.schema.checks import check_known, check_unique, require
from selfscan.schema.conditions_check import check_condition
from selfscan.schema.definition import Definition
from selfscan.schema.outcome_references import check_feedback, check_research
from selfscan.schema.questionnaire import Question
from selfscan.schema.scoring_references import check_scoring

# The platform reads these answers by their code: for the profile, the pin, the mails, the comparison and the queue.
NEEDED = {
    "org_name": "short_text",
    "country": "single",
    "place": "place",
    "website": "url",
    "short_description": "long_text",
    "founding_year": "year",
    "sectors": "multiple",
    "main_sector": "single",
    "legal_form": "single",
    "phase": "single",
    "geo_scale": "single",
    "definition_check": "single",
    "respondent_role": "single",
    "member_count": "integer",
    "volunteers_active": "integer",
    "income_split": "percentage_split",
    "need_topics": "multiple",
    "labs_wanted": "multiple",
    "consent_profile": "yes_no",
    "consent_map": "single",
    "consent_research": "yes_no",
    "consent_contact": "yes_no",
    "consent_newsletter": "yes_no",
    "contact_email": "email",
}
RESERVED_SECTIONS = {"bestaat-al", "bewaard", "controle", "klaar"}
VALIDATION_KEYS = {
    "short_text": {"min_length", "max_length", "pattern_by", "normalise"},
    "long_text": {"min_length", "max_length"},
    "url": {"max_length", "schemes"},
    "email": {"max_length"},
    "integer": {"min", "max"},
    "year": {"min", "max"},
    "place": {"gazetteer_by_country", "pin_optional"},
    "multiple": {"min_select", "max_select"},
    "scale_0_4_matrix": {"min_rows_answered"},
    "percentage_split": {"sum", "each_min", "each_max", "integer"},
}
LIKERT_VALUES = (1, 2, 3, 4, 5, "dk")
SEVERITY_VALUES = (0, 1, 2, 3, 4)


def check(definition: Definition) -> None:
    """InstrumentError at the first reference that leads nowhere or contradicts another."""
    places = {
        question.code: f"sections[{s}].questions[{q}]"
        for s, section in enumerate(definition.sections)
        for q, question in enumerate(section.questions)
    }
    _check_codes(definition, places)
    _check_vocabularies(definition)
    earlier: dict[str, Question] = {}
    for question in definition.questions:
        _check_question(definition, question, earlier, places[question.code])
        if question.status == "active":
            earlier[question.code] = question
    for code, kind in NEEDED.items():
        if code not in earlier:
            raise InstrumentError("sections", f"the platform needs a question '{code}'")
        require(places[code], earlier[code].type == kind, f"'{code}' must be of type {kind}")
    check_scoring(definition, earlier)
    check_feedback(definition)
    check_research(definition)


# --- codes and vocabularies


def _check_codes(definition: Definition, places: dict[str, str]) -> None:
    taken: dict[str, str] = {}

    def take(code: str, place: str) -> None:
        if code in taken:
            raise InstrumentError(place, f"the code '{code}' is already taken by {taken[code]}")
        taken[code] = place

    sections: set[str] = set()
    for s, section in enumerate(definition.sections):
        place = f"sections[{s}].code"
        require(place, section.code not in sections, f"the section '{section.code}' stands twice")
        require(
            place, section.code not in RESERVED_SECTIONS, f"'{section.code}' is an address of the platform"
        )
        sections.add(section.code)
        for q, question in enumerate(section.questions):
            place = f"sections[{s}].questions[{q}]"
            take(question.code, f"{place}.code")
            if question.type == "place":
                for ending in ("id", "lat", "lon"):
                    take(f"{question.code}_{ending}", f"{place}.code")
            for i, item in enumerate(question.items):
                take(item.code, f"{place}.items[{i}].code")
            for p, part in enumerate(question.parts):
                take(part.code, f"{place}.parts[{p}].code")
            check_unique(f"{place}.options", (option.code for option in question.options))


def _check_vocabularies(definition: Definition) -> None:
    labs, vocabularies = definition.vocabularies.labs, definition.vocabularies
    check_unique("sources", (source.id for source in definition.sources))
    sources = {source.id for source in definition.sources}
    for code, construct in definition.constructs.items():
        check_known(f"constructs.{code}.sources", construct.sources, sources, "source")
    for country, excluded in vocabularies.labs_excluded_by_country.items():
        check_known(f"vocabularies.labs_excluded_by_country.{country}", excluded, labs, "lab")
    for code, option_set in definition.option_sets.items():
        place = f"option_sets.{code}"
        values = tuple(option.value for option in option_set.options)
        wanted = LIKERT_VALUES if option_set.scale == "likert5" else SEVERITY_VALUES
        require(f"{place}.options", values == wanted, f"the values of {option_set.scale} are {wanted}")
        columns = tuple(column.code for column in option_set.columns)
        wanted_columns = () if option_set.scale == "likert5" else ("now", "future")
        require(f"{place}.columns", columns == wanted_columns, f"the columns must be {wanted_columns}")


# --- questions


def _check_question(
    definition: Definition, question: Question, earlier: dict[str, Question], place: str
) -> None:
    _check_shape(question, place)
    _check_bounds(question, place)
    check_known(f"{place}.feeds", question.feeds, definition.constructs, "construct")
    for i, item in enumerate(question.items):
        check_known(f"{place}.items[{i}].feeds", item.feeds, definition.constructs, "construct")
        if item.tag:
            check_known(f"{place}.items[{i}].tag", [item.tag], definition.vocabularies.tags, "tag")
    if question.show_if:
        check_condition(question.show_if, earlier, f"{place}.show_if")
    if not question.options_from:
        for o, option in enumerate(question.options):
            if option.show_if:
                check_condition(option.show_if, earlier, f"{place}.options[{o}].show_if")
    pattern_by = question.validation.pattern_by
    if pattern_by:
        _check_patterns(pattern_by.q, pattern_by.patterns, earlier, f"{place}.validation.pattern_by")
    _check_research_rule(definition, question, f"{place}.research.rule")


def _check_shape(question: Question, place: str) -> None:
    kind = question.type
    choosing = kind in ("single", "multiple")
    require(
        f"{place}.options",
        bool(question.options) == choosing,
        f"{'needed' if choosing else 'not'} for {kind}",
    )
    with_items = kind in ("likert5", "scale_0_4_matrix")
    if kind != "single":
        require(
            f"{place}.items",
            bool(question.items) == with_items,
            f"{'needed' if with_items else 'not'} for {kind}",
        )
    require(
        f"{place}.option_set",
        bool(question.option_set) == with_items,
        f"{'needed' if with_items else 'not'} for {kind}",
    )
    split = kind == "percentage_split"
    require(f"{place}.parts", bool(question.parts) == split, f"{'needed' if split else 'not'} for {kind}")
    for o, option in enumerate(question.options):
        at = f"{place}.options[{o}]"
        require(at, not option.exclusive or kind == "multiple", "exclusive is for questions of type multiple")
        require(at, not (option.free_text and question.items), "free_text is not for a battery")
        require(at, not (option.exclusive and option.free_text), "an exclusive option has no text of its own")
    scored = [o for o, option in enumerate(question.options) if "score" in option.model_fields_set]
    if scored:
        require(
            f"{place}.options",
            kind == "single" and not question.items,
            "score is for a plain single question",
        )
        for o, option in enumerate(question.options):
            at = f"{place}.options[{o}].score"
            require(at, o in scored, "every option needs a score, or null, once one has it")
            require(
                at,
                option.missing == (option.score is None),
                "null goes with missing: true, and only with that",
            )
    for i, item in enumerate(question.items):
        require(f"{place}.items[{i}].reverse", not item.reverse or kind == "likert5", "only for likert5")


def _check_bounds(question: Question, place: str) -> None:
    rules, place = question.validation, f"{place}.validation"
    for key in rules.model_fields_set - VALIDATION_KEYS.get(question.type, set()):
        raise InstrumentError(f"{place}.{key}", f"not for a question of type {question.type}")
    pairs = (
        ("max_length", rules.min_length, rules.max_length),
        ("max", rules.min, rules.max if isinstance(rules.max, int) else None),
        ("max_select", rules.min_select, rules.max_select),
        ("each_max", rules.each_min, rules.each_max),
    )
    for key, low, high in pairs:
        require(f"{place}.{key}", low is None or high is None or low <= high, f"{high} is below {low}")
    if rules.max == "current_year":
        require(f"{place}.max", question.type == "year", "current_year is for a year")
    if rules.min_select is not None:
        enough = rules.min_select <= len(question.options)
        require(f"{place}.min_select", enough, f"there are {len(question.options)} options")
    if rules.min_rows_answered is not None:
        enough = rules.min_rows_answered <= len(question.items)
        require(f"{place}.min_rows_answered", enough, f"there are {len(question.items)} rows")
    if question.type == "percentage_split":
        require(f"{place}.sum", rules.sum == 100, "the shares must add up to 100")


def _check_patterns(code: str, patterns: dict[str, object], earlier: dict[str, Question], place: str) -> None:
    question = earlier.get(code)
    if question is None or question.type != "single" or question.items:
        raise InstrumentError(f"{place}.q", f"'{code}' is no earlier question of type single")
    check_known(place, patterns, question.options_by_code, "option")
    for option, pattern in patterns.items():
        try:
            re.compile(pattern if isinstance(pattern, str) else "(")
        except re.error:
            raise InstrumentError(f"{place}.{option}", "this is no regular expression") from None


def _check_research_rule(definition: Definition, question: Question, place: str) -> None:
    rule, codes = question.research.rule, {option.code for option in question.options}
    if rule.method == "derive":
        derived = {each.code for each in definition.scoring.derived} | {
            "province",
            question.code,
            "main_sector",
        }
        to = rule.to if isinstance(rule.to, tuple) else (rule.to or "",)
        check_known(f"{place}.to", to, derived, "derived value")
    elif rule.method == "map" and rule.groups:
        check_known(f"{place}.groups", rule.groups, codes, "option")
        check_known(f"{place}.groups", codes, rule.groups, "group for option")
    elif rule.method == "map":
        require(f"{place}.to", rule.to == "group", "map needs groups, or to: group")
        for option in question.options:
            require(place, option.group is not None, f"option '{option.code}' has no group")
    elif rule.method == "band":
        require(f"{place}.bands", bool(rule.bands), "needed for band")
        for b, (band, after) in enumerate(pairwise(rule.bands)):
            follows = band.max is not None and after.min == band.max + 1
            require(f"{place}.bands[{b + 1}]", follows, f"it does not follow on band '{band.code}'")
    elif rule.method == "round_to":
        require(f"{place}.step", rule.step is not None, "needed for round_to")
