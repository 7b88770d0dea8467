import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An invitation is sent on behalf of a collective; whether its link was opened is nobody's business."""

    dependencies = [
        ("members", "0004_work_without_reminded_at"),
        ("pages", "0002_steps_put_away"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="invitation",
            options={
                "ordering": ("-sent_at", "-pk"),
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
            },
        ),
        migrations.RemoveField(model_name="invitation", name="opened_at"),
        migrations.AddField(
            model_name="invitation",
            name="collective",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="members.collective",
                verbose_name="on behalf of",
            ),
        ),
    ]
