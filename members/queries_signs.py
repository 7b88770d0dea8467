"""When a collective last gave a sign of life: a scan, an approval, a confirmation."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from members.choices import Decision, WorkKind
from members.models import Collective, CollectiveProfile, StateChange, WorkItem
from members.querysets import CollectiveQuerySet


def with_last_sign(collectives: CollectiveQuerySet) -> CollectiveQuerySet:
    """These collectives, each with `last_sign`."""
    texts = CollectiveProfile.objects.filter(collective=OuterRef("pk"))
    approvals = StateChange.objects.filter(collective=OuterRef("pk"), decision=Decision.APPROVED)
    scans = WorkItem.objects.filter(collective=OuterRef("pk"), kind=WorkKind.SCAN)
    return collectives.annotate(
        last_sign=Greatest(
            "created_at",
            "onboarded_at",
            "confirmed_at",
            _newest(texts, "created_at"),
            _newest(texts, "decided_at"),
            _newest(approvals, "at"),
            _newest(scans, "opened_at"),
        )
    )


def _newest(rows: Any, moment: str) -> Subquery:
    grouped = rows.order_by().values("collective")
    return Subquery(grouped.annotate(newest=Max(moment)).values("newest"))


def last_sign_of(collective: Collective) -> Any:
    """When this one last gave a sign of life."""
    found = with_last_sign(Collective.objects.filter(pk=collective.pk))
    return found.values_list("last_sign", flat=True).get()
