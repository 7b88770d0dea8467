"""Indicators, levels, combinations, balance, flags."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from selfscan.schema.base import Code, Line, Model, Percent, Text
from selfscan.schema.questionnaire import Condition

LevelCode = Literal["strong", "developing", "attention"]


class Level(Model):
    code: LevelCode
    min: Percent | None = None
    below: Percent | None = None
    label: Text


class NamedLevel(Model):
    code: Code
    label: Text


class Levels(Model):
    default: tuple[Level, ...]
    pressure: tuple[Level, ...]
    insufficient: NamedLevel
    not_applicable: NamedLevel


class LikertFormula(Model):
    formula: Line
    reverse_formula: Line
    missing: tuple[Line, ...]


class Formula(Model):
    formula: Line
    missing: tuple[Line, ...]


class Normalisation(Model):
    likert5: LikertFormula
    mapped_single: Formula
    scale_0_4: Formula


class Aggregation(Model):
    formula: Line
    min_answered_rule: Line
    not_applicable: Line
    insufficient: Line
    precision: Line
    research_note: Line


class ScoredItem(Model):
    item: Code
    transform: Literal["likert5", "mapped_single"]
    reverse: bool = False


class Indicator(Model):
    code: Code
    lens: Literal["durability", "resilience", "context"]
    construct_: Code = Field(alias="construct")
    levels: Literal["default"]
    min_answered: Annotated[int, Field(ge=1)]
    not_applicable_if: Condition | None = None
    items: tuple[ScoredItem, ...] = Field(min_length=1)


class PressureFormula(Model):
    now: Line
    future: Line
    combined: Line
    trend: Line


class PressureIndicator(Model):
    code: Code
    question: Code
    construct_: Code = Field(alias="construct")
    rows: tuple[Code, ...] = Field(min_length=1)


class PressureIndicators(Model):
    formula: PressureFormula
    min_answered: Annotated[int, Field(ge=1)]
    levels: Literal["pressure"]
    list: tuple[PressureIndicator, ...]


class TopChallenges(Model):
    formula: Line
    use: Line


class Anchors(Model):
    full_in: Percent
    crossover: Percent
    full_out: Percent


class Calibration(Model):
    method: Literal["direct_logistic"]
    idm: Annotated[float, Field(gt=0.5, lt=1)]
    anchors: Anchors
    formula: Line
    present_if: Line
    why: Line
    status: Line


class Path(Model):
    code: Code
    all: tuple[Code, ...] = Field(min_length=1)


class Configurations(Model):
    source: Code
    necessary: Code
    paths: tuple[Path, ...] = Field(min_length=1)
    path_membership: Line
    solution_membership: Line
    rule: Text
    status_order: tuple[Code, ...]
    statuses: dict[Code, Line]
    nearest_path: Line
    never_say: tuple[Line, ...]


class TalkingPoints(Model):
    utility: Code
    efficiency: Code
    equity: Code


class Balance(Model):
    gap: Line
    flag_if: Line
    talking_points: TalkingPoints


class Derived(Model):
    code: Code
    formula: Line


class Flag(Model):
    code: Code
    if_: Line = Field(alias="if")
    tags: tuple[Code, ...]


class QualityCheck(Model):
    code: Code
    if_: Line = Field(alias="if")


class Eligibility(Model):
    fits: Line
    talk: Line
    review: Line
    service_level: Line


class Scoring(Model):
    version: Line
    status: Code
    principles: tuple[Line, ...]
    provenance: dict[str, Any]
    normalisation: Normalisation
    reverse_coded_items: tuple[Code, ...]
    aggregation: Aggregation
    levels: Levels
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    pressure_indicators: PressureIndicators
    top_challenges: TopChallenges
    calibration: Calibration
    configurations: Configurations
    balance: Balance
    derived: tuple[Derived, ...]
    flags: tuple[Flag, ...]
    data_quality: tuple[QualityCheck, ...]
    eligibility: Eligibility
