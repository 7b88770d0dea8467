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
    """The collective most like mine, with the reason; and whether ours may be shown. Two queries, for the first of mine."""
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
        "asks": first.represents and not first.agreed,
        "asked": ASKED[ConsentKind.ALIKE],
    }
