"""Scores: exact, from plain answers, without a clock. Full precision stands beside what is displayed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from selfscan.conditions import holds, visible_answers
from selfscan.schema import Condition, Definition, Level, Question, formulas
from selfscan.scores import Balance, Combination, IndicatorScore, PressureScore, Scores, rounded

__all__ = [
    "Balance",
    "Combination",
    "IndicatorScore",
    "PressureScore",
    "Scores",
    "level_of",
    "membership",
    "rounded",
    "score",
]

PRESENT_ABOVE = 0.5


def score(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    completed_year: int,
    active_seconds: int | None = None,
) -> Scores:
    """The scores of these answers. What a hidden question holds changes nothing; drafts and wrong shapes never raise."""
    plan = _plan(definition)
    visible, seen = visible_answers(definition, answers)
    shown = {question.code for question in visible}
    indicators = {each.code: each.score(seen, plan) for each in plan.indicators}
    rows = _Rows(plan, seen)
    pressure = {each.code: _pressure(each, rows, plan) for each in plan.pressure}
    balance = _balance(indicators, seen, plan)
    return Scores(
        indicators=indicators,
        pressure=pressure,
        combination=_combination(definition, indicators),
        balance=balance,
        top_challenges=_top_challenges(rows, plan.rules),
        derived=_derived(definition, seen, plan, completed_year),
        flags=tuple(_flags(seen, balance, plan)),
        eligibility=_eligibility(definition, seen, plan.rules),
        data_quality=tuple(_data_quality(shown, seen, plan, active_seconds)),
        hidden=tuple(code for code in plan.sorted_codes if code not in shown),
    )


def level_of(levels: Sequence[Level], value: float) -> str:
    """The code of the level in which this score falls, taken at full precision."""
    for level in levels:
        if (level.min is None or value >= level.min) and (level.below is None or value < level.below):
            return level.code
    raise ValueError(f"no level for {value}")


def membership(definition: Definition, value: float) -> float:
    """How far a case with this score belongs to the set of cases with the condition: 0 to 1, 0.5 at the crossover."""
    calibration = definition.scoring.calibration
    crossover = calibration.anchors.crossover
    d = (
        calibration.anchors.full_in - crossover
        if value >= crossover
        else crossover - calibration.anchors.full_out
    )
    return 1 / (1 + math.exp(-math.log(calibration.idm / (1 - calibration.idm)) * (value - crossover) / d))


# --- what is computed once per instrument


@dataclass(frozen=True, slots=True)
class _ItemPlan:
    """Where one item's answer stands, and the score of each possible answer."""

    question: str
    item: str | None
    kind: type
    scores: dict[Any, float]
    conditions: dict[Any, Condition]

    def score(self, seen: Mapping[str, Any]) -> float | None:
        answer = seen.get(self.question)
        if self.item is not None:
            answer = answer.get(self.item) if isinstance(answer, dict) else None
        if type(answer) is not self.kind:
            return None
        condition = self.conditions.get(answer) if self.conditions else None
        return self.scores.get(answer) if condition is None or holds(condition, seen) else None


@dataclass(frozen=True, slots=True)
class _IndicatorPlan:
    code: str
    lens: str
    min_answered: int
    not_applicable_if: Condition | None
    items: tuple[_ItemPlan, ...]

    def score(self, seen: Mapping[str, Any], plan: _Plan) -> IndicatorScore:
        found = [value for item in self.items if (value := item.score(seen)) is not None]
        answered, of = len(found), len(self.items)
        if self.not_applicable_if is not None and holds(self.not_applicable_if, seen):
            return IndicatorScore(self.code, self.lens, None, answered, of, "not_applicable")
        if answered < self.min_answered:
            return IndicatorScore(self.code, self.lens, None, answered, of, "insufficient")
        value = sum(found) / answered
        belongs = plan.membership(value) if self.lens == "durability" else None
        return IndicatorScore(self.code, self.lens, value, answered, of, plan.level(value), belongs)


@dataclass(frozen=True, slots=True)
class _PressurePlan:
    code: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    rules: formulas.Rules
    indicators: tuple[_IndicatorPlan, ...]
    pressure: tuple[_PressurePlan, ...]
    rows: tuple[tuple[str, str], ...]
    min_rows: int
    level: Callable[[float], str]
    pressure_level: Callable[[float], str]
    membership: Callable[[float], float]
    batteries: tuple[Question, ...]
    question_of_item: dict[str, str]
    sorted_codes: tuple[str, ...]
    resilience: tuple[str, ...]
    parts: tuple[str, ...]
    talking_points: dict[str, str]


@lru_cache(maxsize=16)
def _plan(definition: Definition) -> _Plan:
    scoring = definition.scoring
    batteries = tuple(question for question in definition.questions if question.type == "likert5")
    question_of_item = {item.code: question.code for question in batteries for item in question.items}
    levels, pressure_levels = scoring.levels.default, scoring.levels.pressure

    def item_plan(code: str, transform: str, reverse: bool) -> _ItemPlan:
        if transform == "likert5":
            scores = {x: ((5 - x) if reverse else (x - 1)) / 4 * 100 for x in (1, 2, 3, 4, 5)}
            return _ItemPlan(question_of_item[code], code, int, scores, {})
        options = definition.question(code).options
        mapped = {option.code: option.score for option in options if option.score is not None}
        return _ItemPlan(code, None, str, mapped, {o.code: o.show_if for o in options if o.show_if})

    return _Plan(
        rules=formulas.read_rules(definition),
        indicators=tuple(
            _IndicatorPlan(
                each.code,
                each.lens,
                each.min_answered,
                each.not_applicable_if,
                tuple(item_plan(scored.item, scored.transform, scored.reverse) for scored in each.items),
            )
            for each in scoring.indicators
        ),
        pressure=tuple(_PressurePlan(each.code, each.rows) for each in scoring.pressure_indicators.list),
        rows=tuple(
            (question.code, item.code)
            for question in definition.questions
            if question.type == "scale_0_4_matrix"
            for item in question.items
        ),
        min_rows=scoring.pressure_indicators.min_answered,
        # The same few means come back in every scan.
        level=lru_cache(maxsize=4096)(lambda value: level_of(levels, value)),
        pressure_level=lru_cache(maxsize=4096)(lambda value: level_of(pressure_levels, value)),
        membership=lru_cache(maxsize=4096)(lambda value: membership(definition, value)),
        batteries=batteries,
        question_of_item=question_of_item,
        sorted_codes=tuple(sorted(question.code for question in definition.questions)),
        resilience=tuple(each.code for each in scoring.indicators if each.lens == "resilience"),
        parts=tuple(part.code for part in definition.question("income_split").parts),
        talking_points=scoring.balance.talking_points.model_dump(),
    )


class _Rows:
    """The challenges as answered: severity now and in the future, 0 to 4, per row."""

    __slots__ = ("cells",)

    def __init__(self, plan: _Plan, seen: Mapping[str, Any]) -> None:
        self.cells: dict[str, tuple[int | None, int | None]] = {}
        for question, row in plan.rows:
            matrix = seen.get(question)
            cells = matrix.get(row) if isinstance(matrix, dict) else None
            if isinstance(cells, dict):
                self.cells[row] = (_whole(cells.get("now"), 0, 4), _whole(cells.get("future"), 0, 4))
            else:
                self.cells[row] = (None, None)


# --- the parts of a score


def _pressure(each: _PressurePlan, rows: _Rows, plan: _Plan) -> PressureScore:
    now = _column([rows.cells[row][0] for row in each.rows], plan.min_rows)
    future = _column([rows.cells[row][1] for row in each.rows], plan.min_rows)
    if now is None or future is None:
        return PressureScore(each.code, now, future, None, "insufficient", None, None)
    combined, trend = 0.5 * now + 0.5 * future, future - now
    rules = plan.rules
    label = "rising" if trend >= rules.rising_from else "falling" if trend <= rules.falling_to else "steady"
    return PressureScore(each.code, now, future, combined, plan.pressure_level(combined), trend, label)


def _column(values: list[int | None], least: int) -> float | None:
    found = [value for value in values if value is not None]
    return sum(found) / len(found) / 4 * 100 if len(found) >= least else None


def _top_challenges(rows: _Rows, rules: formulas.Rules) -> tuple[str, ...]:
    ranked = [
        (-(now + future), -future, row)
        for row, (now, future) in rows.cells.items()
        if now is not None and future is not None and 0.5 * now + 0.5 * future >= rules.top_severity
    ]
    ranked.sort(key=lambda each: each[:2])  # stable: ties stay in the order of the questionnaire
    return tuple(row for _severity, _future, row in ranked[: rules.top_count])


def _combination(definition: Definition, indicators: Mapping[str, IndicatorScore]) -> Combination:
    configurations = definition.scoring.configurations
    paths: dict[str, float | None] = {}
    for path in configurations.paths:
        conditions = [indicators[code].membership for code in path.all]
        known = [each for each in conditions if each is not None]
        paths[path.code] = min(known) if len(known) == len(conditions) else None
    computed = {code: value for code, value in paths.items() if value is not None}
    solution = max(computed.values()) if computed else None
    culture = indicators[configurations.necessary].membership
    nearest: str | None = None
    missing: tuple[str, ...] = ()
    if culture is None:
        status = "insufficient_culture"
    elif culture <= PRESENT_ABOVE:
        status = "culture_missing"
    elif solution is not None and solution > PRESENT_ABOVE:
        status = "fits_combination"
    elif len(computed) < len(paths):
        status = "insufficient_paths"
    else:
        status = "partly"
        lacking = {
            path.code: tuple(code for code in path.all if not _is_present(indicators[code]))
            for path in configurations.paths
        }
        nearest = min(computed, key=lambda code: (-computed[code], len(lacking[code])))
        missing = lacking[nearest]
    return Combination(paths, solution, status, nearest, missing)


def _is_present(indicator: IndicatorScore) -> bool:
    return indicator.membership is not None and indicator.membership > PRESENT_ABOVE


def _balance(indicators: Mapping[str, IndicatorScore], seen: Mapping[str, Any], plan: _Plan) -> Balance:
    scores = [value for code in plan.resilience if (value := indicators[code].score) is not None]
    gap = max(scores) - min(scores) if len(scores) == len(plan.resilience) else None
    shown = {name: _as_answered(item, seen, plan) for name, item in plan.talking_points.items()}
    return Balance(gap, gap is not None and gap >= plan.rules.gap_from, shown)


def _derived(definition: Definition, seen: Mapping[str, Any], plan: _Plan, year: int) -> dict[str, Any]:
    sectors = seen.get("sectors")
    sectors = sectors if isinstance(sectors, list) else None
    count = len(sectors) if sectors is not None else None
    founded = _whole(seen.get("founding_year"))
    members, volunteers = _whole(seen.get("member_count")), _whole(seen.get("volunteers_active"))
    split = _shares(seen, plan)
    known = {
        "main_sector_final": _main_sector(sectors, seen.get("main_sector")),
        "sector_count": count,
        "multifunctional": count >= plan.rules.multifunctional_from if count is not None else None,
        "age_years": year - founded if founded is not None else None,
        "size_class": _size_class(members, plan.rules),
        "active_ratio": volunteers / members if members and members > 0 and volunteers is not None else None,
        "income_concentration": sum((share / 100) ** 2 for share in split.values()) if split else None,
    }
    for code, parts in plan.rules.shares.items():
        known[code] = sum(split.get(part, 0) for part in parts) if split else None
    return {derived.code: known[derived.code] for derived in definition.scoring.derived}


def _main_sector(sectors: list[Any] | None, main: Any) -> str | None:
    if not sectors:
        return None
    chosen = sectors[0] if len(sectors) == 1 else main
    return chosen if isinstance(chosen, str) and chosen in sectors else None


def _size_class(members: int | None, rules: formulas.Rules) -> str | None:
    if members is None:
        return None
    return "small" if members < rules.small_below else "large" if members > rules.large_above else "middle"


def _shares(seen: Mapping[str, Any], plan: _Plan) -> dict[str, int]:
    """The answered parts in the file's order; a part left out counts as 0, an unanswered question is empty."""
    answer = seen.get("income_split")
    if not isinstance(answer, dict):
        return {}
    return {part: share for part in plan.parts if (share := _whole(answer.get(part), 0, 100)) is not None}


def _flags(seen: Mapping[str, Any], balance: Balance, plan: _Plan) -> list[str]:
    split = _shares(seen, plan)

    def value_of(code: str) -> int | None:
        if code in plan.question_of_item:
            value = _as_answered(code, seen, plan)
            return value if isinstance(value, int) else None
        return split.get(code, 0) if split else None

    raised = []
    for rule in plan.rules.flags:
        if rule.part_from is not None:
            up = any(share >= rule.part_from for share in split.values())
        elif rule.comparisons:
            up = sum(each.holds(value_of(each.code)) for each in rule.comparisons) >= rule.count
        else:
            up = balance.flag
        if up:
            raised.append(rule.code)
    return raised


def _eligibility(definition: Definition, seen: Mapping[str, Any], rules: formulas.Rules) -> str:
    answer = seen.get("definition_check")
    given = answer if isinstance(answer, dict) else {}
    if any(given.get(item) == rules.talk_option for item in rules.talk_items):
        return "talk"
    items = definition.question("definition_check").items
    return "fits" if all(given.get(item.code) == rules.fits_option for item in items) else "review"


def _data_quality(
    shown: set[str], seen: Mapping[str, Any], plan: _Plan, active_seconds: int | None
) -> list[str]:
    flat, flat_with_reverse, items, dk = 0, False, 0, 0
    for battery in plan.batteries:
        if battery.code not in shown:
            continue
        answer = seen.get(battery.code)
        given = answer if isinstance(answer, dict) else {}
        values = [given.get(item.code) for item in battery.items]
        items += len(values)
        dk += values.count("dk")
        first = _whole(values[0], 1, 5)
        if first is not None and all(type(value) is int and value == first for value in values):
            flat += 1
            flat_with_reverse = flat_with_reverse or any(item.reverse for item in battery.items)
    return [
        rule.code
        for rule in plan.rules.quality
        if (rule.batteries and flat >= rule.batteries and flat_with_reverse)
        or (rule.seconds and active_seconds is not None and active_seconds < rule.seconds)
        or (rule.dk_share and dk * rule.dk_share > items)
    ]


def _as_answered(item: str, seen: Mapping[str, Any], plan: _Plan) -> int | str | None:
    """The value 1 to 5 or 'dk' of one statement; null when it has no answer."""
    answer = seen.get(plan.question_of_item[item])
    value = answer.get(item) if isinstance(answer, dict) else None
    return "dk" if value == "dk" else _whole(value, 1, 5)


def _whole(value: Any, low: int = -(10**15), high: int = 10**15) -> int | None:
    return value if type(value) is int and low <= value <= high else None
