"""What members keeps of a person, and how it is taken away: a module per subject."""

from __future__ import annotations

from collectievekracht.common.registry import personal_data
from members.personal_data.account import ACCOUNT
from members.personal_data.collectives import COLLECTIVES
from members.personal_data.exchange import EXCHANGE
from members.personal_data.news import NEWS
from members.personal_data.profile import PROFILE
from members.personal_data.requests import REQUESTS, forget_work
from members.personal_data.team import TEAM

__all__ = ["forget_work", "register"]


def register() -> None:
    """Tell the registry of them; called once at start-up."""
    for entry in (ACCOUNT, PROFILE, COLLECTIVES, EXCHANGE, REQUESTS, NEWS, TEAM):
        personal_data.add(entry)
