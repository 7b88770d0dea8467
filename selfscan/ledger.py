"""The lines of the ledger that scans bring: what kind they are, and how they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import ContributionKind, Text, contribution_kinds

SCAN = "selfscan.scan"
REPORT = "selfscan.report"

Facts = Mapping[str, Any]


def _scan(facts: Facts) -> Text:
    return _("Your self-scan %(reference)s: others can compare with it, and research can build on it.") % {
        "reference": facts["reference"]
    }


def _report(facts: Facts) -> Text:
    return _("The feedback report of self-scan %(reference)s, for your board.") % {
        "reference": facts["reference"]
    }


def register() -> None:
    """Tell the ledger of them; called once at start-up."""
    for kind in (
        ContributionKind(SCAN, _("Self-scans"), _scan),
        ContributionKind(REPORT, _("Feedback reports"), _report),
    ):
        contribution_kinds.add(kind)
