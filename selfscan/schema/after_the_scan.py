"""Feedback texts, and the rules for report, comparison, research and new versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from selfscan.schema.base import Code, Count, Line, Model, Percent, Text
from selfscan.schema.scoring import LevelCode


class FeedbackTags(Model):
    library: tuple[Code, ...]
    discussion: tuple[Code, ...]
    labs: tuple[Code, ...]


class Feedback(Model):
    """What the report says about one outcome, and the question it puts to the board."""

    text: Text
    question: Text
    tags: FeedbackTags


class GeneralFeedback(Model):
    insufficient: Text
    not_applicable: Text
    one_view: Text
    method: Text


class FeedbackTexts(Model):
    tone: Text
    labs_rule: Line
    general: GeneralFeedback
    combination: dict[Code, Feedback]
    indicators: dict[Code, dict[LevelCode, Feedback]]
    balance_note: Text
    flags: dict[Code, Text]


class ReportRules(Model):
    order: tuple[Line, ...]
    matches: Line
    board_page: Line


class BenchmarkGroup(Model):
    code: Code
    by: tuple[Code, ...]


class Presentation(Model):
    n_from: Count
    n_below: Count | None = None
    show: tuple[Code, ...]
    position: Literal["none", "decile_band"] | tuple[Code, ...]
    caution: Code | None = None


class Rounding(Model):
    scores: Annotated[int, Field(gt=0)]
    group_size: Annotated[int, Field(gt=0)]


class BenchmarkRules(Model):
    status: Code
    population: Line
    exclude_self: Literal[True]
    groups_in_order: tuple[BenchmarkGroup, ...] = Field(min_length=1)
    # A file may ask for larger groups, never for smaller ones than the platform promises.
    min_n_show: Annotated[int, Field(ge=10)]
    min_n_sensitive: Annotated[int, Field(ge=20)]
    presentation: tuple[Presentation, ...] = Field(min_length=1)
    position_bands_note: Line
    rounding: Rounding
    frequencies: Line
    dominance: Line
    differencing: Line
    never: tuple[Line, ...]
    texts: dict[Code, Text]


class Recipe(Model):
    sector_group: dict[Code, tuple[Code, ...]]
    region_group: dict[Code, tuple[Line, ...]]
    size_class: dict[Code, Line]


class KAnonymity(Model):
    k: Annotated[int, Field(ge=2)]
    fields: tuple[Code, ...]
    others: Line
    if_below: tuple[Line, ...]


class ResearchExport(Model):
    condition: Line
    pseudonym: Line
    quasi_identifiers: tuple[Code, ...]
    recipe: Recipe
    k_anonymity: KAnonymity
    wording_rule: Line


class Months(Model):
    invite_after: Count
    minimum_for_trend: Count


class RepeatScan(Model):
    interval_months: Months
    prefill: Line
    change_threshold: Percent
    show: Line
    texts: dict[Code, Text]


class Comparability(Model):
    values: tuple[Code, ...]
    level: Line
    report_text: Text


class Migration(Model):
    from_version: Line
    to_version: Line
    code: Code
    action: Literal["same", "recode", "derive", "not_comparable"]
    map: dict[str, Any] | None = None
    reason: Line


class Versioning(Model):
    scheme: Line
    stored_with_each_scan: tuple[Code, ...]
    immutable: Line
    change_classes: dict[str, Any]
    rules: tuple[Line, ...]
    comparability: Comparability
    repeat_scan: RepeatScan
    migrations: tuple[Migration, ...]


class Source(Model):
    id: Code
    ref: Line
    doi: str | None = None
    url: str | None = None
    verified: Literal["doi", "page", "memory"]
    used_for: Line
    note: str | None = None
