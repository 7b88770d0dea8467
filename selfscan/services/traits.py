"""By what collectives are alike, of the scans that were approved before anybody wrote it down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from members.choices import ReviewState
from members.services.traits import TraitFacts, write_all_traits
from selfscan import queries
from selfscan.models import Response
from selfscan.publication import trait_facts


def refresh_traits(*, every: bool = False) -> int:
    """Write the traits of approved collectives that have none yet, or of all; gives how many were written."""
    latest = Response.objects.latest_per_collective().filter(
        ~Q(pk__in=queries.all_refused_scans()),
        collective__state=ReviewState.APPROVED,
        collective__closed_at=None,
        scores__isnull=False,
    )
    if not every:
        latest = latest.filter(collective__traits=None)
    rows = latest.values_list("collective_id", "answers", "scores")
    return write_all_traits(_facts(rows.iterator(chunk_size=1000)))


def _facts(rows: Iterable[tuple[int | None, Any, Any]]) -> Iterator[tuple[int, TraitFacts]]:
    for pk, answers, scores in rows:
        assert pk is not None
        yield pk, trait_facts(answers, scores)
