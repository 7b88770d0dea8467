"""Charts as tags, each with its numbers in text beside it; `common/charts.py` draws them."""

from collections.abc import Iterable
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from collectievekracht.common import charts

register = Library()


@register.simple_tag
def logo() -> SafeString:
    """The flower of the platform."""
    return charts.logo()


@register.inclusion_tag("components/flower.html")
def flower(title: str, parts: Iterable[tuple[str, str, float | None, str]], desc: str = "") -> dict[str, Any]:
    """The picture of the combination with its legend: (condition, name, score or None, what to say of it)."""
    rows = list(parts)
    told = desc or ", ".join(f"{name} {words}" for _code, name, _score, words in rows)
    return {
        "picture": charts.flower({code: score for code, _name, score, _words in rows}, title, told),
        "rows": [(charts.swatch(code), name, words) for code, name, _score, words in rows],
    }


@register.simple_tag
def score_bar(
    label: str,
    value: float | None,
    words: str,
    *,
    low: float | None = None,
    high: float | None = None,
    shown: str = "",
    maximum: float = 100,
) -> SafeString:
    """A row of a bar chart: name, track with the group's middle half and our mark, value; `words` tells it aloud."""
    group = (low, high) if low is not None and high is not None else None
    value_text = shown or ("–" if value is None else f"{value:.0f}")
    picture = charts.bar(words, value, group=group, maximum=maximum)
    return format_html('<div class="bar"><span>{}</span>{}<b>{}</b></div>', label, picture, value_text)


@register.simple_tag
def dot_row(value: int, words: str, *, total: int = 5) -> SafeString:
    """Some dots of `total` filled, with the words beside them."""
    return format_html(
        '<span class="dot-row">{}<span>{}</span></span>', charts.dot_row(words, value, total), words
    )
