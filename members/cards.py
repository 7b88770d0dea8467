"""What members puts on the dashboard of other apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from collectievekracht.common.registry import DashboardCard, DashboardPart, dashboard_cards
from members import queries_peers
from members.alike_page import found_for
from members.choices import ConsentKind
from members.consent_texts import ASKED


def register() -> None:
    """Called once at start-up."""
    dashboard_cards.add(
        DashboardCard("alike", "members/card_alike.html", alike_card, order=40, part=DashboardPart.FITS)
    )


def alike_card(request: HttpRequest) -> Mapping[str, Any] | None:
    """The collective most like the first of mine, with the reason; and whether one of mine may be shown, which I speak for.

    Two queries.
    """
    if not request.user.is_authenticated:
        return None
    mine = queries_peers.of_person(request.user.pk)
    if not mine:
        return None
    first = mine[0]
    found = found_for(first)
    return {
        "mine": first,
        "others": mine[1:],
        "nearest": found[0] if found else None,
        "count": len(found),
        "asks": next((one for one in mine if one.represents and not one.agreed), None),
        "asked": ASKED[ConsentKind.ALIKE],
    }
