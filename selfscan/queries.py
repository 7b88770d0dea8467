"""SQL by hand of the self-scan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

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
