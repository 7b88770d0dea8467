"""SQL by hand of the self-scan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from members.choices import Activity, Decision, ReviewState, Role, WorkKind
from members.models import Collective, WorkItem
from selfscan.choices import ResponseState

# One row: the snapshot, this collective's own entry in it, and the figures of its groups.
SNAPSHOT = """
SELECT s.taken_at,
       (SELECT json_build_object('sector', e.sector, 'size_class', e.size_class, 'country', e.country, 'values', e.values)
          FROM selfscan_benchmarkentry e WHERE e.snapshot_id = s.id AND e.collective_id = %(collective)s)::text,
       (SELECT json_agg(json_build_array(g.code, g.key, g.figures))
          FROM selfscan_benchmarkgroup g
          JOIN unnest(%(codes)s::text[], %(keys)s::text[]) AS wanted (code, key)
            ON g.code = wanted.code AND g.key = wanted.key
         WHERE g.snapshot_id = s.id)::text
  FROM selfscan_benchmarksnapshot s
 WHERE s.id = %(snapshot)s AND s.scoring_version = %(scoring_version)s
"""


@dataclass(frozen=True)
class Frozen:
    """What a snapshot holds for one collective: counts by group code, key and indicator, and its own entry."""

    taken_at: datetime
    figures: list[tuple[str, str, dict[str, list[tuple[float | str, int]]]]]
    own: dict[str, Any] | None


def frozen_figures(
    snapshot_id: int | None,
    *,
    scoring_version: str,
    collective_id: int | None,
    groups: Sequence[tuple[str, str]],
) -> Frozen | None:
    """The figures of these groups in this snapshot, and this collective's own entry.

    None without a snapshot, or where it was scored otherwise.
    """
    if snapshot_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            SNAPSHOT,
            {
                "snapshot": snapshot_id,
                "scoring_version": scoring_version,
                "collective": collective_id,
                "codes": [code for code, _key in groups],
                "keys": [key for _code, key in groups],
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    taken_at, entry, cells = row
    return Frozen(taken_at, json.loads(cells or "[]"), json.loads(entry) if entry else None)


# Of every collective the newest sent scan, when it is old enough and nothing newer is being filled in.
TO_REPEAT = """
SELECT r.id
  FROM selfscan_response r
  JOIN members_collective c ON c.id = r.collective_id
 WHERE r.state = %(completed)s AND r.invited_at IS NULL AND r.completed_at < %(before)s
   AND c.state = %(approved)s AND c.closed_at IS NULL AND c.activity <> %(stopped)s
   AND NOT EXISTS (SELECT 1 FROM selfscan_response o
                    WHERE o.collective_id = r.collective_id AND o.id <> r.id
                      AND (o.state = %(draft)s OR (o.completed_at, o.id) > (r.completed_at, r.id)))
 ORDER BY r.completed_at, r.id
 LIMIT %(most)s
"""


def scans_to_repeat(day: date, most: int) -> list[int]:
    """The newest scans (ids) of collectives that were sent on this day or before it, whom nobody asked to repeat them."""
    before = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    with connection.cursor() as cursor:
        cursor.execute(
            TO_REPEAT,
            {
                "completed": ResponseState.COMPLETED,
                "draft": ResponseState.DRAFT,
                "approved": ReviewState.APPROVED,
                "stopped": Activity.STOPPED,
                "before": before,
                "most": most,
            },
        )
        return [pk for (pk,) in cursor.fetchall()]


LAST_SENT = """
SELECT c.id, c.slug, c.name, max(r.completed_at) FILTER (WHERE r.state = %(completed)s),
       bool_or(r.state = %(draft)s)
  FROM members_membership m
  JOIN members_collective c ON c.id = m.collective_id
  JOIN selfscan_response r ON r.collective_id = c.id
 WHERE m.user_id = %(person)s AND m.left_at IS NULL AND m.role = %(representative)s
   AND c.state = %(approved)s AND c.closed_at IS NULL AND c.activity <> %(stopped)s
 GROUP BY c.id
HAVING max(r.completed_at) FILTER (WHERE r.state = %(completed)s) < %(before)s
 ORDER BY c.sort_name, c.id
"""


def last_sent_by(user_id: int | None, before: datetime) -> list[tuple[Collective, datetime, bool]]:
    """The approved collectives for which this person speaks, whose last scan was sent before a moment: when that was,
    and whether another was begun. One query, for the collective's name and address only."""
    with connection.cursor() as cursor:
        cursor.execute(
            LAST_SENT,
            {
                "person": user_id,
                "representative": Role.REPRESENTATIVE,
                "completed": ResponseState.COMPLETED,
                "draft": ResponseState.DRAFT,
                "approved": ReviewState.APPROVED,
                "stopped": Activity.STOPPED,
                "before": before,
            },
        )
        return [
            (Collective(pk=pk, slug=slug, name=name), last, begun)
            for pk, slug, name, last, begun in cursor.fetchall()
        ]


def refused_scans(collective_id: int) -> list[int]:
    """The scans (ids) of this collective that the team refused."""
    refused = WorkItem.objects.filter(kind=WorkKind.SCAN, collective=collective_id, decision=Decision.REFUSED)
    return list(refused.values_list("target_id", flat=True))


def all_refused_scans() -> QuerySet[WorkItem, Any]:
    """The scans (ids) that the team refused, for a query to leave out."""
    return WorkItem.objects.filter(kind=WorkKind.SCAN, decision=Decision.REFUSED).values("target_id")
