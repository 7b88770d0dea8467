"""Answers in words, safe to draw: whatever was typed, no longer than a person would write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from selfscan.conditions import visible_questions
from selfscan.instrument import Definition, Question, text
from selfscan.report.model import AnswerRow, AnswerSection, Statement

# The instrument's own longest text is 500 characters; older files and imports are cut here.
LONGEST = 1_200
LONGEST_NAME = 160
LONGEST_WORD = 200
LONGEST_LINES = 40
LARGEST = 10**12
LONGEST_SHARE = 8
# Direction marks could turn the rest of a line around; what has no shape has no place on paper.
_UNWANTED = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LONG_WORD = re.compile(rf"(\S{{{LONGEST_WORD}}})\S+")


def clean(value: object, limit: int = LONGEST) -> str:
    """Text that can be drawn: without control and direction marks, stacked accents and endless words."""
    words = str(value)[: limit * 4]
    words = unicodedata.normalize("NFC", _UNWANTED.sub("", words.replace("\t", " ")))
    words = _LONG_WORD.sub(r"\1…", _STACKED.sub(r"\1", words))
    return words if len(words) <= limit else words[:limit].rstrip() + "…"


def answer_sections(
    definition: Definition, answers: Mapping[str, Any], language: str
) -> tuple[AnswerSection, ...]:
    """Every question that was asked, with its answer, by section."""
    visible = {question.code for question in visible_questions(definition, answers)}
    return tuple(
        AnswerSection(
            title=text(section.title, language),
            rows=tuple(
                _row(question, answers, language)
                for question in section.questions
                if question.code in visible
            ),
        )
        for section in definition.sections
    )


def _row(question: Question, answers: Mapping[str, Any], language: str) -> AnswerRow:
    value = answers.get(question.code)
    words = text(question.text, language)
    if value in (None, "", [], {}):
        return AnswerRow(words, (_("Not filled in"),), (), question.code)
    if question.items or question.parts:
        return AnswerRow(words, (), _statements(question, value, language), question.code)
    return AnswerRow(words, _lines(question, value, answers, language), (), question.code)


def _lines(question: Question, value: Any, answers: Mapping[str, Any], language: str) -> tuple[str, ...]:
    if question.type == "yes_no":
        return (_("Yes") if value is True else _("No"),)
    if question.type == "integer" and type(value) is int and abs(value) < LARGEST:
        return (number_format(value, use_l10n=True, force_grouping=True),)
    if question.type == "place":
        return (clean(value.get("name", "") if isinstance(value, Mapping) else value),)
    if question.type == "single":
        return (_label(question, str(value), answers, language),)
    if question.type == "multiple" and isinstance(value, (list, tuple)):
        return tuple(_label(question, str(code), answers, language) for code in value)
    return tuple(line.strip() for line in clean(value).splitlines()[:LONGEST_LINES] if line.strip())


def _label(question: Question, code: str, answers: Mapping[str, Any], language: str) -> str:
    option = question.options_by_code.get(code)
    label = text(option.label, language) if option else clean(code)
    own_words = answers.get(f"{question.code}__{code}")
    return f"{label}: {clean(own_words)}" if own_words else label


def _statements(question: Question, value: Any, language: str) -> tuple[Statement, ...]:
    given = value if isinstance(value, Mapping) else {}
    if question.type == "percentage_split":
        return tuple(
            Statement(text(part.label, language), clean(f"{given.get(part.code) or 0}%", LONGEST_SHARE))
            for part in question.parts
        )
    return tuple(
        Statement(text(item.text, language), item_answer(question, given.get(item.code), language))
        for item in question.items
    )


def item_answer(question: Question, given: Any, language: str) -> str:
    """The answer to one statement of a battery, check list or matrix."""
    if given in (None, "", {}):
        return _("Not filled in")
    if question.type == "scale_0_4_matrix":
        cells = given if isinstance(given, Mapping) else {}
        return " · ".join(
            f"{text(column.label, language)}: {severity(question, cells.get(column.code), language)}"
            for column in question.columns
        )
    for point in question.scale:
        if point.value == given:
            return text(point.label, language)
    option = question.options_by_code.get(str(given))
    return text(option.label, language) if option else clean(given)


def severity(question: Question, value: Any, language: str) -> str:
    """How big a challenge is, as a word."""
    for option in question.scale:
        if option.value == value:
            return text(option.label, language)
    return _("Not filled in")
