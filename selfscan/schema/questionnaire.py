"""Sections, questions, options and conditions."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from selfscan.schema.base import Code, Count, Line, Model, Percent, Retirable, Text

QuestionType = Literal[
    "short_text", "long_text", "url", "email", "integer", "year", "place", "yes_no", "single", "multiple",
    "likert5", "scale_0_4_matrix", "percentage_split",
]  # fmt: skip
Visibility = Literal["public_profile", "report_only", "research_only", "admin_only"]
Operator = Literal[
    "eq", "ne", "in", "not_in", "contains", "contains_any", "contains_none", "count_gte", "gt", "gte", "lt", "lte",
    "answered",
]  # fmt: skip


class Condition(Model):
    """`{q, op, value}`, or `{all: […]}`, `{any: […]}`, `{not: …}`."""

    q: Code | None = None
    op: Operator | None = None
    value: bool | int | float | str | tuple[bool | int | float | str, ...] | None = None
    all: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    any: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    not_: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = frozenset(self.model_fields_set)
        if given not in ({"q", "op", "value"}, {"all"}, {"any"}, {"not_"}):
            raise ValueError("a condition is {q, op, value}, {all: [...]}, {any: [...]} or {not: ...}")
        return self


class Option(Retirable):
    code: Code
    label: Text
    group: Code | None = None
    show_if: Condition | None = None
    free_text: bool = False
    exclusive: bool = False
    missing: bool = False
    score: Percent | None = None


class ScaleOption(Model):
    value: int | Literal["dk"]
    label: Text
    missing: bool = False


class Column(Model):
    code: Code
    label: Text


class OptionSet(Model):
    scale: Literal["likert5", "scale_0_4_matrix"]
    options: tuple[ScaleOption, ...] = Field(min_length=2)
    columns: tuple[Column, ...] = ()


class Item(Retirable):
    """One statement in a battery, or one row in a matrix."""

    code: Code
    text: Text
    feeds: tuple[Code, ...] = ()
    reverse: bool = False
    tag: Code | None = None


class Part(Model):
    """One share of a percentage split."""

    code: Code
    label: Text


class PatternBy(Model):
    """A pattern per option of an earlier question; other keys than `q` are its option codes."""

    model_config = ConfigDict(extra="allow")
    q: Code

    @property
    def patterns(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Validation(Model):
    min_length: Count | None = None
    max_length: Count | None = None
    pattern_by: PatternBy | None = None
    normalise: tuple[Literal["trim", "uppercase"], ...] = ()
    schemes: tuple[Literal["https", "http"], ...] = ()
    min: int | None = None
    max: int | Literal["current_year"] | None = None
    min_select: Count | None = None
    max_select: Count | None = None
    min_rows_answered: Count | None = None
    sum: Count | None = None
    each_min: Count | None = None
    each_max: Count | None = None
    integer: Literal[True] | None = None
    gazetteer_by_country: bool = False
    pin_optional: bool = False


class Band(Model):
    code: Code
    min: int | None = None
    max: int | None = None


class ResearchRule(Model):
    method: Literal["keep", "drop", "derive", "map", "band", "round_to"]
    to: Line | tuple[Line, ...] | None = None
    bands: tuple[Band, ...] = ()
    groups: dict[Code, Code] = {}
    step: Annotated[int, Field(gt=0)] | None = None


class Research(Model):
    class_: Literal["identifying", "quasi_identifier", "sensitive", "plain"] = Field(alias="class")
    rule: ResearchRule


class Question(Retirable):
    """One question. `options` are complete here, also when they come from another question or a vocabulary."""

    code: Code
    type: QuestionType
    required: bool
    text: Text
    help: Text | None = None
    show_if: Condition | None = None
    options: tuple[Option, ...] = ()
    options_from: Code | None = None
    options_from_vocabulary: Code | None = None
    extra_options: tuple[Option, ...] = ()
    option_set: Code | None = None
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    validation: Validation = Validation()
    feeds: tuple[Code, ...] = ()
    visibility: Visibility
    research: Research
    scale: tuple[ScaleOption, ...] = Field(default=(), exclude=True)
    columns: tuple[Column, ...] = Field(default=(), exclude=True)

    @model_validator(mode="after")
    def _scale_is_found(self) -> Self:
        if self.model_fields_set & {"scale", "columns"}:
            raise ValueError("scale and columns belong in option_sets")
        return self

    @property
    def is_battery(self) -> bool:
        """Several statements under one question: shown on a page of its own."""
        return bool(self.items or self.parts)

    @cached_property
    def options_by_code(self) -> dict[str, Option]:
        return {option.code: option for option in self.options}

    @cached_property
    def item_codes(self) -> frozenset[str]:
        return frozenset(item.code for item in self.items)


class ProgressPercent(Model):
    from_: Percent = Field(alias="from")
    to: Percent


class Section(Model):
    code: Code
    est_seconds: Count
    est_minutes: float
    progress_percent: ProgressPercent
    title: Text
    intro: Text
    questions: tuple[Question, ...] = Field(min_length=1)


class TimeModel(Model):
    """Seconds per kind of question."""

    section_intro: float
    short_text: float
    long_text_required: float
    long_text_optional: float
    single: float
    single_item: float
    multiple: float
    integer: float
    year: float
    place: float
    url: float
    email: float
    yes_no: float
    percentage_split: float
    likert5_item: float
    battery_stem: float
    scale_0_4_rating: float
    matrix_stem: float
    consent_reading: float


class Duration(Model):
    promise_minutes: tuple[int, int]
    longest_path_seconds: Count
    longest_path_minutes: float
    basis: Line


class Info(Model):
    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    status: Code
    released: str | None
    primary_language: Literal["nl"]
    languages: tuple[Literal["nl", "en"], ...]
    title: Text
    audience: Text
    intro: Text
    duration: Duration
    time_model: TimeModel
    progress: dict[str, Any]


class Vocabularies(Model):
    labs: dict[Code, Text]
    labs_excluded_by_country: dict[Code, tuple[Code, ...]]
    tags: dict[Code, Text]


class Construct(Model):
    label: Text
    definition: Text
    sources: tuple[Code, ...]
