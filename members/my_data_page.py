"""What pages show of somebody's own data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from collectievekracht.common.registry import DashboardCard, DashboardPart, dashboard_cards
from members.emails.my_data import take_back_token
from members.models import User
from members.services import memberships
from members.services.erasing import waiting_erasure


def register() -> None:
    """Tell the dashboard of it; called once at start-up."""
    dashboard_cards.add(
        DashboardCard("erasure", "members/erasure_notice.html", erasure_card, 0, DashboardPart.WAITS)
    )


def erasure_of(user: User) -> dict[str, Any]:
    """The erasure that waits, where it is taken back, and what needs another voice before; empty when there is none."""
    erasure = waiting_erasure(user)
    if erasure is None:
        return {}
    url = reverse("members:take_back_erasure", args=[take_back_token(erasure.pk)])
    alone = list(memberships.only_representative_of(user).order_by("sort_name", "pk"))
    return {"erasure": erasure, "take_back_url": url, "alone": alone}


def erasure_card(request: HttpRequest) -> dict[str, Any] | None:
    """Shown on the dashboard as long as it can be taken back."""
    return erasure_of(request.user) or None  # type: ignore[arg-type]
