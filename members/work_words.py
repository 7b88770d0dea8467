"""How urgent a piece of work is and who decided it, in words; pure: the moment is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from collectievekracht.common.templatetags.ui_formats import format_day

if TYPE_CHECKING:
    from members.models import WorkItem


@dataclass(frozen=True)
class Urgency:
    """`level` is late, today or later; `words` say how late it is, or how long there is left."""

    level: str
    words: str


def urgency(due_at: datetime, moment: datetime) -> Urgency:
    """How `due_at` stands to `moment`: late, due today, or later."""
    left = due_at - moment
    if left < timedelta(0):
        return Urgency("late", _late(-left))
    days = (timezone.localtime(due_at).date() - timezone.localtime(moment).date()).days
    if days == 0:
        hours = int(left.total_seconds() // 3600)
        if hours == 0:
            return Urgency("today", _("today, less than an hour left"))
        return Urgency(
            "today", ngettext("today, %(n)s hour left", "today, %(n)s hours left", hours) % {"n": hours}
        )
    return Urgency("later", ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days})


def _late(late: timedelta) -> str:
    if late < timedelta(hours=1):
        return _("less than an hour late")
    if late < timedelta(days=1):
        hours = int(late.total_seconds() // 3600)
        return ngettext("%(n)s hour late", "%(n)s hours late", hours) % {"n": hours}
    return ngettext("%(n)s day late", "%(n)s days late", late.days) % {"n": late.days}


def decided_words(item: WorkItem | None) -> str:
    """Who decided, when and what."""
    if item is None or item.decided_at is None:
        return _("this work is not waiting any more")
    at = timezone.localtime(item.decided_at)
    return _("already decided by %(who)s on %(day)s at %(time)s: %(decision)s") % {
        "who": item.decided_by or _("somebody"),
        "day": format_day(at.date(), get_language() or "nl"),
        "time": f"{at:%H:%M}",
        "decision": item.get_decision_display(),
    }
