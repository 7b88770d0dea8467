"""What the dashboard shows of the labs."""

from __future__ import annotations

from collections.abc import Mapping
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
        .select_related("lab")
        .order_by("lab__position", "pk")
    )
    today = timezone.localdate()
    rows = [_row(membership, today) for membership in mine]
    return {"rows": rows} if rows else None


def _row(membership: LabMembership, today: Any) -> dict[str, Any]:
    standing = membership.standing(today)
    accepted = membership.state == ReviewState.APPROVED
    return {
        "membership": membership,
        "lab": membership.lab,
        "due_on": promised_on(membership.applied_at) if membership.state == ReviewState.PENDING else None,
        "asks": accepted and standing is not Standing.FRESH,
        "late": accepted and standing not in (Standing.FRESH, Standing.ASKED),
        "away": accepted and membership.is_away(today),
    }


MY_LABS = DashboardCard("my_labs", "labs/card.html", my_labs, order=30, part=DashboardPart.WAITS)
