"""Working days of the team. Pure: the moment is passed in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def _days_off(year: int) -> frozenset[date]:
    """Dutch public holidays; Goede Vrijdag counts as one here, Bevrijdingsdag only in lustrum years."""
    import holidays  # noqa: PLC0415 -- large, and most processes never ask

    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: date, closing_days: Iterable[str | date] | None = None) -> bool:
    """Whether the team works on that day; its closing days are settings.TEAM_CLOSING_DAYS (ISO dates)."""
    closed = settings.TEAM_CLOSING_DAYS if closing_days is None else closing_days
    return (
        day.weekday() < 5
        and day not in _days_off(day.year)
        and day.isoformat() not in {str(d) for d in closed}
    )


def deadline(moment: datetime, days: int = 2, closing_days: Iterable[str | date] | None = None) -> date:
    """The day by which something of this moment is done: so many working days after its day in Amsterdam."""
    closed = None if closing_days is None else tuple(closing_days)
    day = moment.astimezone(AMSTERDAM).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, closed)
    return day
