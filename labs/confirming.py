"""How long a membership of a lab holds without being confirmed; pure: the day is passed in."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

ASK_BEFORE = timedelta(days=30)  # the first mail comes so long before the day
REMIND_BEFORE_LAPSE = timedelta(days=14)
RESEARCH_AFTER = timedelta(days=60)  # so long after the day, research is still open


class Standing(StrEnum):
    """How a membership stands to its yearly confirmation, from fresh to over."""

    FRESH = "fresh"
    ASKED = "asked"  # the day comes near
    DUE = "due"  # the day has passed
    LAST_CALL = "last_call"  # research closes soon
    UNCONFIRMED = "unconfirmed"  # closed for research, and shown as not confirmed
    OVER = "over"  # a year after the day: it ends


def a_year_after(day: date) -> date:
    """The same day next year; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def research_until(confirm_by: date) -> date:
    """The last day on which research is open without a confirmation."""
    return confirm_by + RESEARCH_AFTER


def earliest_for_research(today: date) -> date:
    """Whoever had to confirm before this day, and didn't, does no research today."""
    return today - RESEARCH_AFTER


def standing(confirm_by: date, today: date) -> Standing:
    """How a membership that is to be confirmed by this day stands today."""
    lapse = research_until(confirm_by)
    if today >= a_year_after(confirm_by):
        return Standing.OVER
    if today > lapse:
        return Standing.UNCONFIRMED
    if today > lapse - REMIND_BEFORE_LAPSE:
        return Standing.LAST_CALL
    if today > confirm_by:
        return Standing.DUE
    return Standing.ASKED if today >= confirm_by - ASK_BEFORE else Standing.FRESH


def is_away(first: date | None, last: date | None, today: date) -> bool:
    """Whether somebody who is away from `first` up to and including `last` is away today."""
    if first is None and last is None:
        return False
    return (first is None or first <= today) and (last is None or today <= last)
