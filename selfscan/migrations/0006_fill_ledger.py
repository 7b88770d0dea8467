"""The ledger of what was there before it: scans that were taken in, reports, and a yes to research."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("selfscan", "0005_repeat_scans"), ("members", "0006_people_and_their_exchange")]
    operations = [migrations.RunSQL(list(LEDGER), migrations.RunSQL.noop)]
