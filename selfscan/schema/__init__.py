"""What an instrument file may hold: one frozen model per part, and nothing that is not listed there."""

from selfscan.schema.after_the_scan import (
    BenchmarkGroup,
    BenchmarkRules,
    Feedback,
    FeedbackTags,
    FeedbackTexts,
    Presentation,
    ResearchExport,
    Source,
)
from selfscan.schema.base import Text
from selfscan.schema.definition import Definition
from selfscan.schema.questionnaire import (
    Column,
    Condition,
    Item,
    Option,
    Part,
    Question,
    Research,
    ScaleOption,
    Section,
    Validation,
)
from selfscan.schema.scoring import Indicator, Level, PressureIndicator, Scoring

__all__ = [
    "BenchmarkGroup",
    "BenchmarkRules",
    "Column",
    "Condition",
    "Definition",
    "Feedback",
    "FeedbackTags",
    "FeedbackTexts",
    "Indicator",
    "Item",
    "Level",
    "Option",
    "Part",
    "Presentation",
    "PressureIndicator",
    "Question",
    "Research",
    "ResearchExport",
    "ScaleOption",
    "Scoring",
    "Section",
    "Source",
    "Text",
    "Validation",
]
