"""Why a scan fits the definition of a collective or not, point by point; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from selfscan.instrument import Definition, text

QUESTION = "definition_check"
FITS = "fits"


@dataclass(frozen=True)
class Point:
    """One point of the definition: what was asked, what was answered, and whether that is a plain yes."""

    statement: str
    answer: str
    fits: bool


def points(definition: Definition, checked: Mapping[str, str], language: str) -> list[Point]:
    """Every point of the definition with its answer; a point without an answer is no yes."""
    question = definition.question(QUESTION)
    return [
        Point(
            statement=text(item.text, language),
            answer=text(question.options_by_code[answer].label, language)
            if answer in question.options_by_code
            else "–",
            fits=answer == FITS,
        )
        for item in question.items
        for answer in [checked.get(item.code, "")]
    ]


FITS_WORDS = {
    "fits": gettext_lazy("Fits"),
    "review": gettext_lazy("Doubtful"),
    "talk": gettext_lazy("Doesn't seem to fit"),
}
REMARKS = {
    "straightlining": gettext_lazy("the same answer everywhere"),
    "very_fast": gettext_lazy("filled in very fast"),
    "many_dk": gettext_lazy("often “don't know”"),
}
KINDS = {"fits": "", "review": "sun", "talk": "clay"}


def verdict(code: str) -> tuple[str, str] | None:
    """How the scan fits, in words, and the kind of label for it; nothing before it is known."""
    return (str(FITS_WORDS[code]), KINDS[code]) if code in FITS_WORDS else None


def remarks(codes: Iterable[str]) -> list[str]:
    """What stands out about the way in which the scan was filled in, in words."""
    return [str(REMARKS.get(code, code)) for code in codes]
