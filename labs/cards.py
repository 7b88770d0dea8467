"""What the dashboard shows of the labs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from collectievekracht.common.registry import DashboardCard, DashboardPart
from labs.confirming import Standing
from labs.models import LabMembership
from members.choices import ReviewState
from members.services.work import promised_on


def my_labs(request: HttpRequest) -> Mapping[str, Any] | None:
    """My applications and memberships, what they ask of me first; one query, and no card without any."""
    mine = (
        LabMembership.objects.open_to(request.user)
        .running()
        .with_handed_in_at()
        .select_related("lab")
        .order_by("lab__position", "pk")
    )
    today = timezone.localdate()
    rows = [_row(membership, today) for membership in mine]
    return {"rows": rows} if rows else None


def _row(membership: Any, today: date) -> dict[str, Any]:
    standing = membership.standing(today)
    accepted = membership.state == ReviewState.APPROVED
    waits = membership.state == ReviewState.PENDING
    due_on = promised_on(membership.handed_in_at or membership.applied_at) if waits else None
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
