"""The lines of the ledger that are missing, written by the database itself: quick for any number of scans."""

from __future__ import annotations

from django.db import connection

LEDGER = (
    """
    INSERT INTO members_contribution (collective_id, kind, direction, key, facts, at)
    SELECT r.collective_id, 'selfscan.scan', 'gave', 'selfscan.scan:' || r.id,
           jsonb_build_object('reference', r.reference), r.completed_at
    FROM selfscan_response r JOIN members_collective c ON c.id = r.collective_id
    WHERE r.state = 'completed' AND c.state = 'approved'
    ON CONFLICT (key) DO NOTHING
    """,
    """
    INSERT INTO members_contribution (collective_id, kind, direction, key, facts, at)
    SELECT r.collective_id, 'selfscan.report', 'got', 'selfscan.report:' || r.id,
           jsonb_build_object('reference', r.reference), min(p.built_at)
    FROM selfscan_report p JOIN selfscan_response r ON r.id = p.response_id
    WHERE r.collective_id IS NOT NULL
    GROUP BY r.id
    ON CONFLICT (key) DO NOTHING
    """,
    """
    INSERT INTO members_contribution (collective_id, kind, direction, key, facts, at)
    SELECT collective_id, 'members.research', 'gave',
           'members.research:' || collective_id || ':' || date_part('year', given_at AT TIME ZONE 'Europe/Amsterdam'),
           '{}'::jsonb, min(given_at)
    FROM members_consent WHERE kind = 'research'
    GROUP BY collective_id, date_part('year', given_at AT TIME ZONE 'Europe/Amsterdam')
    ON CONFLICT (key) DO NOTHING
    """,
)


def fill_ledger() -> int:
    """Write what is missing in the ledger of scans that were taken in, of reports and of research; gives how many."""
    with connection.cursor() as cursor:
        written = 0
        for statement in LEDGER:
            cursor.execute(statement)
            written += cursor.rowcount
    return written
