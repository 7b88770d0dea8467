from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from collectievekracht.common.working_days import deadline, is_working_day

AMS = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ((2026, 11, 24, 12), (2026, 11, 26)),  # Tuesday → Thursday
        ((2026, 11, 27, 12), (2026, 12, 1)),  # Friday → Tuesday
        ((2026, 11, 28, 12), (2026, 12, 1)),  # Saturday → Tuesday
        ((2026, 12, 23, 12), (2026, 12, 28)),  # both days of Christmas (Friday, Saturday)
        ((2026, 12, 31, 23), (2027, 1, 5)),  # New Year, a weekend
        ((2026, 4, 1, 12), (2026, 4, 7)),  # Goede Vrijdag and Tweede Paasdag
        ((2026, 4, 24, 12), (2026, 4, 29)),  # King's day on a Monday
        ((2025, 4, 24, 12), (2025, 4, 28)),  # King's day moved to Saturday the 26th
        ((2025, 5, 2, 12), (2025, 5, 7)),  # 5 May in a lustrum year is a day off
        ((2026, 5, 4, 12), (2026, 5, 6)),  # in another year it is not
        ((2026, 5, 13, 12), (2026, 5, 18)),  # Hemelvaart
    ],
)
def test_deadline_is_two_working_days_later(sent, due):
    assert deadline(datetime(*sent, tzinfo=AMS), closing_days=()) == date(*due)


def test_deadline_counts_from_the_day_in_amsterdam():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))  # already the 25th here
    assert deadline(late, closing_days=()) == date(2026, 11, 27)


def test_deadline_leaves_out_the_closing_days_of_the_team(settings):
    settings.TEAM_CLOSING_DAYS = ["2026-11-25"]
    assert deadline(datetime(2026, 11, 24, 12, tzinfo=AMS)) == date(2026, 11, 27)
    assert not is_working_day(date(2026, 11, 25))
    assert is_working_day(date(2026, 11, 25), closing_days=())


def test_deadline_of_other_lengths():
    assert deadline(datetime(2026, 11, 24, 12, tzinfo=AMS), days=5, closing_days=()) == date(2026, 12, 1)
