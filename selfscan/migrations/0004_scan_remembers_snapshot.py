"""A sent scan remembers the snapshot it is compared with, so that its report says the same whenever it is built."""

import django.db.models.deletion
from django.db import migrations, models

# As its first report was built, or would be built now.
REMEMBER = """
UPDATE selfscan_response r SET benchmark_id = (
    SELECT s.id FROM selfscan_benchmarksnapshot s, selfscan_instrument i
     WHERE i.id = r.instrument_id AND s.scoring_version = i.scoring_version
       AND s.taken_at <= coalesce(
           (SELECT min(p.built_at) FROM selfscan_report p
             WHERE p.response_id = r.id AND p.version LIKE r.version || '-%'), now())
     ORDER BY s.quarter DESC LIMIT 1)
 WHERE r.state = 'completed'
"""


class Migration(migrations.Migration):
    dependencies = [("selfscan", "0003_benchmark_figures_per_group")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="benchmark",
            field=models.ForeignKey(
                blank=True,
                help_text="What it is compared with: the newest snapshot when it was sent, however often its report is built.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="selfscan.benchmarksnapshot",
            ),
        ),
        migrations.RunSQL(REMEMBER, migrations.RunSQL.noop),
    ]
