"""Notifications in bulk: one query for any number of people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection


def tell(
    user_ids: Iterable[int], *, kind: str, key: str, facts: Mapping[str, Any], made_at: datetime
) -> list[int]:
    """Write a row for each of these people who lives and has none with this key; gives the new ones, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_notification (user_id, kind, key, facts, made_at)"
            " SELECT id, %s, %s, %s::jsonb, %s FROM members_user WHERE id = ANY(%s) AND is_active ORDER BY id"
            " ON CONFLICT (user_id, key) DO NOTHING RETURNING id",
            [kind, key, json.dumps(dict(facts)), made_at, list(user_ids)],
        )
        return sorted(pk for (pk,) in cursor.fetchall())
