"""Dates and numbers as people in the Netherlands write them; cached, since Django's `date` filter is slow."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.template import Library
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language

register = Library()


@lru_cache(maxsize=4096)
def format_day(value: date, language: str, weekday: bool = False) -> str:
    """ "3 december 2026", or with its weekday "donderdag 3 december 2026"; in the active language."""
    text = f"{value.day} {MONTHS[value.month]} {value.year}"
    return f"{WEEKDAYS[value.weekday()]} {text}" if weekday else text


def _local(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: date | None) -> str:
    """A date or a moment as "3 december 2026"; nothing for None."""
    return format_day(_local(value), get_language() or "nl") if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """A date or a moment as "donderdag 3 december 2026"; nothing for None."""
    return format_day(_local(value), get_language() or "nl", weekday=True) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """A moment as "14.32 uur" (Dutch) or "14:32" (English), in the platform's time zone."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H.%M} uur" if (get_language() or "nl") == "nl" else f"{local:%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as "3 december 2026, 14.32 uur"."""
    return f"{day(value)}, {clock(value)}" if value else ""


@register.filter
def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """1250 as "1.250" (Dutch) or "1,250" (English), with this many decimals; nothing for None."""
    if value is None or value == "":
        return ""
    text = f"{value:,.{decimals}f}"
    if (get_language() or "nl") == "nl":
        return text.translate(str.maketrans(",.", ".,"))
    return text
