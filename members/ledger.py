"""The lines of the ledger that members writes: what kind they are, and how they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import ContributionKind, Text, contribution_kinds

RESEARCH = "members.research"
OFFER = "members.offer"

Facts = Mapping[str, Any]


def _research(facts: Facts) -> Text:
    return _("You said yes to research with your answers, without your name.")


def _offer(facts: Facts) -> Text:
    return _("You offer the platform: %(title)s.") % {"title": facts["title"]}


def register() -> None:
    """Tell the ledger of them; called once at start-up."""
    for kind in (
        ContributionKind(RESEARCH, _("Taking part in research"), _research),
        ContributionKind(OFFER, _("Services on offer"), _offer),
    ):
        contribution_kinds.add(kind)
