"""A whole instrument."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from selfscan.schema.after_the_scan import (
    BenchmarkRules,
    FeedbackTexts,
    ReportRules,
    ResearchExport,
    Source,
    Versioning,
)
from selfscan.schema.base import Code, Model
from selfscan.schema.questionnaire import Construct, Info, OptionSet, Question, Section, Vocabularies
from selfscan.schema.scoring import Scoring


class Definition(Model):
    """A whole instrument, checked. Two are equal when their files are; retired questions are in `retired` only."""

    schema_version: Literal["1.0"]
    instrument: Info
    conventions: dict[str, Any]
    vocabularies: Vocabularies
    option_sets: dict[Code, OptionSet]
    constructs: dict[Code, Construct]
    sections: tuple[Section, ...] = Field(min_length=1)
    scoring: Scoring
    feedback: FeedbackTexts
    report: ReportRules
    benchmark: BenchmarkRules
    research_export: ResearchExport
    versioning: Versioning
    sources: tuple[Source, ...]

    _sha256: str = PrivateAttr(default="")
    _retired: tuple[Question, ...] = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self._sha256 == other._sha256

    def __hash__(self) -> int:
        return hash(self._sha256)

    def __repr__(self) -> str:
        return f"<Definition {self.version} {self._sha256[:8]}>"

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return self._sha256

    @property
    def version(self) -> str:
        return self.instrument.version

    @property
    def scoring_version(self) -> str:
        return self.scoring.version

    @property
    def retired(self) -> tuple[Question, ...]:
        """Questions that are no longer asked; their codes stay taken."""
        return self._retired

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question that may be asked, in the order of the questionnaire."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _questions_by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def _sections_by_code(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def _section_of(self) -> dict[str, Section]:
        return {question.code: section for section in self.sections for question in section.questions}

    def question(self, code: str) -> Question:
        """The question with this code, or KeyError."""
        return self._questions_by_code[code]

    def section(self, code: str) -> Section:
        """The section with this code, or KeyError."""
        return self._sections_by_code[code]

    def section_of(self, question_code: str) -> Section:
        """The section in which this question stands, or KeyError."""
        return self._section_of[question_code]
