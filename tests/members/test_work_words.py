"""How urgent work is, in words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from members.work_words import decided_words, urgency

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("hours", "level", "words"),
    [
        (-0.5, "late", "less than an hour late"),
        (-1, "late", "1 hour late"),
        (-23.5, "late", "23 hours late"),
        (-24, "late", "1 day late"),
        (-100, "late", "4 days late"),
        (0.5, "today", "today, less than an hour left"),
        (5, "today", "today, 5 hours left"),
        (11.9, "today", "today, 11 hours left"),
        (12.1, "later", "1 day left"),
        (53, "later", "2 days left"),
    ],
)
def test_urgency_says_how_late_or_how_long(hours, level, words):
    with override("en"):
        found = urgency(NOON + timedelta(hours=hours), NOON)
    assert (found.level, found.words) == (level, words)


def test_work_that_is_gone_is_told_in_words():
    with override("en"):
        assert decided_words(None) == "this work is not waiting any more"
