"""What the dashboard shows of the labs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from collectievekracht.common.registry import DashboardCard, DashboardPart
from labs.confirming import Standing
from labs.models import LabMembership
from members.choices import ReviewState
from members.services.work import promised_on

SHOWN = (
    *("state", "capacity", "confirm_by", "absent_from", "absent_until", "applied_at"),
    *("lab__code", "lab__nl", "lab__en"),
)


def my_labs(request: HttpRequest) -> Mapping[str, Any] | None:
    """My applications and memberships; one query, another while an application waits, and no card without any."""
    running = LabMembership.objects.open_to(request.user).running()
    mine = list(running.select_related("lab").only(*SHOWN).order_by("lab__position", "pk"))
    sent_in: dict[int, datetime] = {}
    if any(one.state == ReviewState.PENDING for one in mine):
        waiting: Any = running.filter(state=ReviewState.PENDING).with_handed_in_at()
        sent_in = dict(waiting.values_list("pk", "handed_in_at"))
    today = timezone.localdate()
    rows = [_row(one, sent_in.get(one.pk) or one.applied_at, today) for one in mine]
    return {"rows": rows} if rows else None


def _row(membership: LabMembership, sent_in: datetime, today: date) -> dict[str, Any]:
    standing = membership.standing(today)
    accepted = membership.state == ReviewState.APPROVED
    due_on = promised_on(sent_in) if membership.state == ReviewState.PENDING else None
    return {
        "membership": membership,
        "lab": membership.lab,
        "due_on": due_on,
        "is_late": due_on is not None and due_on < today,
        "asks": accepted and standing is not Standing.FRESH,
        "late": accepted and standing not in (Standing.FRESH, Standing.ASKED),
        "away": accepted and membership.is_away(today),
    }


MY_LABS = DashboardCard("my_labs", "labs/card.html", my_labs, order=30, part=DashboardPart.WAITS)
