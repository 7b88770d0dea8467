"""A snapshot's figures stand in one row per group, so that a comparison reads six rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selfscan", "0002_instrument_immutable")]

    operations = [
        migrations.RemoveConstraint(model_name="benchmarkgroup", name="benchmark_group_once"),
        migrations.RemoveField(model_name="benchmarkgroup", name="indicator"),
        migrations.RemoveField(model_name="benchmarkgroup", name="n"),
        migrations.RemoveField(model_name="benchmarkgroup", name="histogram"),
        migrations.AddField(
            model_name="benchmarkgroup",
            name="figures",
            field=models.JSONField(
                default=dict, help_text="By indicator: how many collectives have each score."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="benchmarkgroup", name="key", field=models.CharField(blank=True, max_length=80)
        ),
        migrations.AddConstraint(
            model_name="benchmarkgroup",
            constraint=models.UniqueConstraint(
                fields=["snapshot", "code", "key"], name="benchmark_group_once"
            ),
        ),
        migrations.RemoveField(model_name="benchmarkentry", name="scores"),
        migrations.AddField(
            model_name="benchmarkentry",
            name="values",
            field=models.JSONField(
                default=dict, help_text="Scores by indicator, answers by question about money."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="benchmarkentry", name="sector", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AlterField(
            model_name="benchmarkentry", name="size_class", field=models.CharField(blank=True, max_length=10)
        ),
    ]
