"""The rules that an instrument writes as sentences.

The code carries out exactly these sentences. Where a sentence holds numbers or codes they are read from it; a file
with another sentence is refused, because its scores would silently be computed by the old rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selfscan.errors import InstrumentError
from selfscan.schema.checks import require as _require
from selfscan.schema.definition import Definition

EXACT = {
    "scoring.normalisation.likert5.formula": "(x - 1) / 4 * 100",
    "scoring.normalisation.likert5.reverse_formula": "(5 - x) / 4 * 100",
    "scoring.normalisation.mapped_single.formula": "score of the chosen option",
    "scoring.normalisation.scale_0_4.formula": "x / 4 * 100",
    "scoring.aggregation.formula": "mean of the available item scores, equal weights",
    "scoring.pressure_indicators.formula.now": "mean of the available rows in column now, each x / 4 * 100",
    "scoring.pressure_indicators.formula.future": "mean of the available rows in column future, each x / 4 * 100",
    "scoring.pressure_indicators.formula.combined": "0.5 * now + 0.5 * future",
    "scoring.calibration.formula": (
        "membership = 1 / (1 + exp(-ln(idm / (1 - idm)) * (score - crossover) / d)), "
        "d = full_in - crossover if score >= crossover, else crossover - full_out"
    ),
    "scoring.configurations.path_membership": (
        "min over the conditions in the path; null if one of them is insufficient"
    ),
    "scoring.configurations.solution_membership": "max over the paths that are not null",
    "scoring.configurations.nearest_path": (
        "for status partly: the path with the highest membership (ties: fewest missing, then path_a); "
        "list its conditions with membership <= 0.5 as missing_conditions"
    ),
    "scoring.balance.gap": "highest minus lowest of the three resilience indicators; needs all three",
    "scoring.eligibility.review": "any other pattern",
}
STATUSES = {
    "insufficient_culture": "shared_culture insufficient",
    "culture_missing": "membership of shared_culture <= 0.5, whatever the other conditions are",
    "fits_combination": "solution_membership > 0.5",
    "insufficient_paths": "both paths null, or one path null while the other is <= 0.5",
    "partly": "shared_culture present, both paths computed, none above 0.5",
}
STATUS_ORDER = ("insufficient_culture", "culture_missing", "fits_combination", "insufficient_paths", "partly")
DERIVED = {
    "main_sector_final": r"main_sector if asked, else the only option in sectors",
    "sector_count": r"number of chosen sectors",
    "multifunctional": r"sector_count >= (?P<count>\d+)",
    "age_years": r"year of completion - founding_year",
    "size_class": r"small < (?P<small>\d+) members; middle (?P<from>\d+)-(?P<to>\d+); large > (?P<large>\d+)",
    "active_ratio": (
        r"volunteers_active / member_count if member_count > 0; not scored, strongly size-dependent"
    ),
    "income_concentration": r"sum over parts of \(share / 100\)\^2; 1 = one source",
}
SUM_OF_PARTS = r"\w+(?: \+ \w+)*"
COMPARISON = r"(?P<code>\w+) (?P<op>>=|<=) (?P<number>\d+)"
NUMBER_WORDS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
SHARE_WORDS = {"half": 2, "one third": 3, "one quarter": 4}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`code >= number` or `code <= number`, on a part's share or an item's value."""

    code: str
    at_least: bool
    number: int

    def holds(self, value: int | None) -> bool:
        if value is None:
            return False
        return value >= self.number if self.at_least else value <= self.number


@dataclass(frozen=True, slots=True)
class FlagRule:
    """At least `count` of the comparisons; or one part at least `part_from`; or out of balance."""

    code: str
    count: int = 0
    comparisons: tuple[Comparison, ...] = ()
    part_from: int | None = None


@dataclass(frozen=True, slots=True)
class QualityRule:
    code: str
    batteries: int = 0
    seconds: int = 0
    dk_share: int = 0
    """More than one in this many is "don't know"."""


@dataclass(frozen=True, slots=True)
class MatchRules:
    """Weights of themes, and how many of each kind are shown."""

    wanted: int
    attention: int
    developing: int
    items: int
    groups: int
    labs: int


@dataclass(frozen=True, slots=True)
class Rules:
    rising_from: int
    falling_to: int
    top_severity: float
    top_count: int
    gap_from: int
    multifunctional_from: int
    small_below: int
    large_above: int
    shares: dict[str, tuple[str, ...]]
    flags: tuple[FlagRule, ...]
    quality: tuple[QualityRule, ...]
    fits_option: str
    talk_items: tuple[str, ...]
    talk_option: str
    matches: MatchRules
    lowest_shown: int


def read_rules(definition: Definition) -> Rules:
    """The numbers and codes in the file's sentences; InstrumentError for a sentence that the code can't carry out."""
    scoring = definition.scoring
    for place, sentence in EXACT.items():
        _require(place, _at(definition, place) == sentence, f"only this rule is built: {sentence}")
    order = "scoring.configurations.status_order"
    _require(
        order, scoring.configurations.status_order == STATUS_ORDER, f"must be: {', '.join(STATUS_ORDER)}"
    )
    statuses = "scoring.configurations.statuses"
    for code in sorted(STATUSES.keys() | scoring.configurations.statuses.keys()):
        given = scoring.configurations.statuses.get(code)
        _require(
            f"{statuses}.{code}",
            given == STATUSES.get(code),
            f"only this rule is built: {STATUSES.get(code)}",
        )
    trend = _match(
        "scoring.pressure_indicators.formula.trend",
        scoring.pressure_indicators.formula.trend,
        r"future - now; label rising if >= (?P<up>\d+), falling if <= -(?P<down>\d+), else steady",
    )
    top = _match(
        "scoring.top_challenges.formula",
        scoring.top_challenges.formula,
        r"per row severity = 0\.5 \* now \+ 0\.5 \* future \(both present\); "
        r"keep rows with severity >= (?P<severity>\d+(\.\d+)?); "
        r"sort by severity, then future, then order in the questionnaire; take the first (?P<count>\d+)",
    )
    present = _match(
        "scoring.calibration.present_if",
        scoring.calibration.present_if,
        r"membership > 0\.5 \(score above (?P<crossover>\d+(\.\d+)?)\)",
    )
    crossover = scoring.calibration.anchors.crossover
    _require(
        "scoring.calibration.present_if",
        float(present["crossover"]) == crossover,
        f"the crossover is {crossover:g}",
    )
    gap = _match("scoring.balance.flag_if", scoring.balance.flag_if, r"gap >= (?P<gap>\d+)")
    derived, shares = _derived(definition)
    size = derived["size_class"]
    _require(
        f"scoring.derived[{_index(definition, 'size_class')}].formula",
        size["small"] == size["from"] and size["to"] == size["large"],
        "the size classes must follow on each other",
    )
    fits = _match(
        "scoring.eligibility.fits", scoring.eligibility.fits, r"all (?P<number>\w+) items (?P<option>\w+)"
    )
    items = len(definition.question("definition_check").items)
    _require(
        "scoring.eligibility.fits",
        NUMBER_WORDS.get(fits["number"]) == items,
        f"definition_check has {items} items",
    )
    talk = _match(
        "scoring.eligibility.talk",
        scoring.eligibility.talk,
        r"(?P<items>\w+(?:(?:, | or )\w+)*) is (?P<option>\w+)",
    )
    lowest = _match(
        "report.board_page", definition.report.board_page, r".*\bthe (?P<count>\d+) lowest indicators\b.*"
    )
    return Rules(
        rising_from=int(trend["up"]),
        falling_to=-int(trend["down"]),
        top_severity=float(top["severity"]),
        top_count=int(top["count"]),
        gap_from=int(gap["gap"]),
        multifunctional_from=int(derived["multifunctional"]["count"]),
        small_below=int(size["small"]),
        large_above=int(size["large"]),
        shares=shares,
        flags=tuple(_flags(definition)),
        quality=tuple(_quality(definition)),
        fits_option=fits["option"],
        talk_items=tuple(re.split(", | or ", talk["items"])),
        talk_option=talk["option"],
        matches=_matches(definition),
        lowest_shown=int(lowest["count"]),
    )


def _derived(definition: Definition) -> tuple[dict[str, re.Match[str]], dict[str, tuple[str, ...]]]:
    known: dict[str, re.Match[str]] = {}
    shares: dict[str, tuple[str, ...]] = {}
    parts = {part.code for part in definition.question("income_split").parts}
    for index, derived in enumerate(definition.scoring.derived):
        place = f"scoring.derived[{index}].formula"
        if pattern := DERIVED.get(derived.code):
            known[derived.code] = _match(place, derived.formula, pattern)
            continue
        _match(place, derived.formula, SUM_OF_PARTS)
        shares[derived.code] = tuple(derived.formula.split(" + "))
        for code in shares[derived.code]:
            _require(place, code in parts, f"'{code}' is no part of income_split")
    for code in DERIVED:
        _require("scoring.derived", code in known, f"'{code}' is missing")
    return known, shares


def _flags(definition: Definition) -> Iterator[FlagRule]:
    parts = {part.code for part in definition.question("income_split").parts}
    items = {item.code for q in definition.questions if q.type == "likert5" for item in q.items}

    def comparison(place: str, sentence: str) -> Comparison:
        found = _match(place, sentence, COMPARISON)
        _require(place, found["code"] in parts | items, f"'{found['code']}' is no share and no statement")
        return Comparison(found["code"], found["op"] == ">=", int(found["number"]))

    for index, flag in enumerate(definition.scoring.flags):
        place = f"scoring.flags[{index}].if"
        if flag.if_ == "balance.flag_if":
            yield FlagRule(flag.code)
        elif found := re.fullmatch(r"one income part >= (?P<number>\d+)", flag.if_):
            yield FlagRule(flag.code, part_from=int(found["number"]))
        elif found := re.fullmatch(r"at least (?P<count>\d+) of: (?P<list>.+)", flag.if_):
            comparisons = tuple(comparison(place, sentence) for sentence in found["list"].split(", "))
            yield FlagRule(flag.code, int(found["count"]), comparisons)
        else:
            yield FlagRule(flag.code, 1, (comparison(place, flag.if_),))


def _quality(definition: Definition) -> Iterator[QualityRule]:
    for index, check in enumerate(definition.scoring.data_quality):
        if found := re.fullmatch(
            r"at least (\d+) visible likert batteries in which all items have the same value 1-5, "
            r"among them one with a reversed item",
            check.if_,
        ):
            yield QualityRule(check.code, batteries=int(found[1]))
        elif found := re.fullmatch(r"active time < (\d+) seconds", check.if_):
            yield QualityRule(check.code, seconds=int(found[1]))
        elif found := re.fullmatch(
            r"over (half|one third|one quarter) of the visible likert items is dk", check.if_
        ):
            yield QualityRule(check.code, dk_share=SHARE_WORDS[found[1]])
        else:
            raise InstrumentError(
                f"scoring.data_quality[{index}].if", f"no rule like this is built: {check.if_}"
            )


def _matches(definition: Definition) -> MatchRules:
    found = _match(
        "report.matches",
        definition.report.matches,
        r"rank library items and discussion groups by number of shared tags with "
        r"\(1\) top_challenges and need_topics, weight (?P<wanted>\d+); "
        r"\(2\) feedback tags of attention indicators, weight (?P<attention>\d+); developing, weight (?P<developing>\d+); "
        r"show at most (?P<items>\d+) items, (?P<groups>\d+) groups, (?P<labs>\d+) labs",
    )
    return MatchRules(**{name: int(number) for name, number in found.groupdict().items()})


def _index(definition: Definition, derived_code: str) -> int:
    return [derived.code for derived in definition.scoring.derived].index(derived_code)


def _at(definition: Definition, place: str) -> Any:
    value: Any = definition
    for step in place.split("."):
        value = getattr(value, step)
    return value


def _match(place: str, sentence: str, pattern: str) -> re.Match[str]:
    found = re.fullmatch(pattern, sentence)
    if not found:
        raise InstrumentError(place, f"no rule like this is built: {sentence}")
    return found
