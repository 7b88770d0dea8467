"""The report's pictures, each drawn once per document: the page names one by its address, the press draws it.

An inline picture would be read, styled and laid out shape by shape, as part of the page; an image is one element.
Every image has its numbers as text, for who can't see it and for who takes the text out of the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from collectievekracht.common import charts
from collectievekracht.common.charts import COLOURS, CONDITIONS

BUNDLED = "bundled:/"
NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg" '
SEVERITIES = 4
TRACK = "#e6ddca"
WIDTH = 400
NUMBER = r"(\d{1,3}(?:\.\d)?|x)"


def logo() -> SafeString:
    """The platform's sign."""
    return _image("logo", "Logo")


def flower(scores: Mapping[str, float | None], label: str) -> SafeString:
    """The combination: a heart and four petals, each as full as its score; None keeps the dashed outline."""
    return _image("flower-" + "-".join(_number(scores.get(name)) for name in CONDITIONS), label)


def score_bar(label: str, score: float | None, colour: str, borders: Iterable[float]) -> SafeString:
    """A score of 0 to 100 as a filled track with a tick at each border between levels; numbers stand beside it."""
    ticks = "".join(f"-{_number(border)}" for border in borders)
    return _image(f"bar-{colour}-{_number(score)}{ticks}", label, "bar")


def group_bar(label: str, score: int, group: tuple[int, int]) -> SafeString:
    """The middle half of a group in sun, and our own mark in ink."""
    return _image(f"group-{score}-{group[0]}-{group[1]}", label)


def dots(value: object) -> SafeString:
    """How big a challenge is, as a row of four dots; the word stands beside it."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= SEVERITIES:
        return mark_safe("")
    return _image(f"dots-{value}", f"{value} / {SEVERITIES}")


def drawn(address: str) -> str | None:
    """The picture with this address as SVG; None when there is no such picture."""
    if not address.startswith(BUNDLED) or not address.endswith(".svg"):
        return None
    name = address.removeprefix(BUNDLED).removesuffix(".svg")
    for pattern, draw in DRAWERS:
        if found := re.fullmatch(pattern, name):
            return str(draw(*found.groups())).replace("<svg ", NAMESPACE, 1)
    return None


def _image(name: str, label: str, css_class: str = "") -> SafeString:
    chosen = f' class="{css_class}"' if css_class else ""
    return mark_safe(f'<img src="{BUNDLED}{name}.svg" alt="{escape(label)}"{chosen}>')  # noqa: S308 -- escaped


def _number(value: float | None) -> str:
    return "x" if value is None else f"{value:.1f}".removesuffix(".0")


def _score(number: str) -> float | None:
    return None if number == "x" else min(float(number), 100)


def _flower(*numbers: str) -> str:
    return charts.flower(dict(zip(CONDITIONS, map(_score, numbers), strict=True)), "", "")


def _score_bar(colour: str, number: str, *borders: str) -> str:
    parts = [f'<rect width="{WIDTH}" height="6" rx="3" fill="{TRACK}"/>']
    if score := _score(number):
        width = max(round(score * WIDTH / 100), 6)
        parts.append(f'<rect width="{width}" height="6" rx="3" fill="{COLOURS[colour]}"/>')
    ticks = "".join(f"M{round((_score(border) or 0) * WIDTH / 100)} 0V6" for border in borders)
    parts.append(f'<path d="{ticks}" stroke="#fff" stroke-width="2"/>')
    return f'<svg viewBox="0 0 {WIDTH} 6">{"".join(parts)}</svg>'


def _group_bar(score: str, low: str, high: str) -> str:
    return charts.bar("", float(score), group=(float(low), float(high)))


def _dots(value: str) -> str:
    return charts.dot_row("", int(value), SEVERITIES)


DRAWERS = (
    (r"logo", charts.logo),
    ("flower-" + "-".join([NUMBER] * len(CONDITIONS)), _flower),
    (rf"bar-({'|'.join(COLOURS)})-{NUMBER}-{NUMBER}-{NUMBER}", _score_bar),
    (r"group-(\d{1,3})-(\d{1,3})-(\d{1,3})", _group_bar),
    (rf"dots-([0-{SEVERITIES}])", _dots),
)
