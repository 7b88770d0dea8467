import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import collectievekracht.common.rich_text


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0004_work_without_reminded_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="The end of the short address: /aanmelden/code/. It stays as it is: it is printed.",
                        max_length=20,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note for the team")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("choice", "The choice: self-scan, profile, lab or newsletter"),
                            ("scan", "The self-scan"),
                            ("directory", "The directory"),
                            ("map", "The map"),
                            ("home", "The home page"),
                        ],
                        default="choice",
                        max_length=20,
                        verbose_name="leads to",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": ("-created_at", "code"),
            },
        ),
        migrations.CreateModel(
            name="FaqEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="Links to this question end with it: #code.",
                        max_length=60,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("collectives", "Citizen collectives"),
                            ("taking_part", "Taking part"),
                            ("scan", "The self-scan and your page"),
                            ("data", "Data and science"),
                            ("partners", "Partners and companies"),
                        ],
                        max_length=20,
                        verbose_name="part",
                    ),
                ),
                ("question_nl", models.CharField(max_length=200, verbose_name="Dutch question")),
                ("question_en", models.CharField(max_length=200, verbose_name="English question")),
                ("answer_nl", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="Dutch answer")),
                (
                    "answer_en",
                    collectievekracht.common.rich_text.SafeHtmlField(verbose_name="English answer"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_shown", models.BooleanField(default=True, verbose_name="shown on the site")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "frequently asked question",
                "verbose_name_plural": "frequently asked questions",
                "ordering": ("position", "code"),
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="The last part of the address; it stays as it is.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("title_nl", models.CharField(max_length=120, verbose_name="Dutch title")),
                ("title_en", models.CharField(max_length=120, verbose_name="English title")),
                ("summary_nl", models.CharField(blank=True, max_length=300, verbose_name="Dutch summary")),
                ("summary_en", models.CharField(blank=True, max_length=300, verbose_name="English summary")),
                ("body_nl", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="Dutch text")),
                ("body_en", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="English text")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="HistoricalFaqEntry",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="Links to this question end with it: #code.",
                        max_length=60,
                        verbose_name="code",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("collectives", "Citizen collectives"),
                            ("taking_part", "Taking part"),
                            ("scan", "The self-scan and your page"),
                            ("data", "Data and science"),
                            ("partners", "Partners and companies"),
                        ],
                        max_length=20,
                        verbose_name="part",
                    ),
                ),
                ("question_nl", models.CharField(max_length=200, verbose_name="Dutch question")),
                ("question_en", models.CharField(max_length=200, verbose_name="English question")),
                ("answer_nl", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="Dutch answer")),
                (
                    "answer_en",
                    collectievekracht.common.rich_text.SafeHtmlField(verbose_name="English answer"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_shown", models.BooleanField(default=True, verbose_name="shown on the site")),
                ("changed_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical frequently asked question",
                "verbose_name_plural": "historical frequently asked questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPage",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="The last part of the address; it stays as it is.",
                        max_length=40,
                        verbose_name="code",
                    ),
                ),
                ("title_nl", models.CharField(max_length=120, verbose_name="Dutch title")),
                ("title_en", models.CharField(max_length=120, verbose_name="English title")),
                ("summary_nl", models.CharField(blank=True, max_length=300, verbose_name="Dutch summary")),
                ("summary_en", models.CharField(blank=True, max_length=300, verbose_name="English summary")),
                ("body_nl", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="Dutch text")),
                ("body_en", collectievekracht.common.rich_text.SafeHtmlField(verbose_name="English text")),
                ("changed_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical page",
                "verbose_name_plural": "historical pages",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="CampaignDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("arrivals", models.PositiveIntegerField(default=0, verbose_name="arrivals")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="pages.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "arrivals on a day",
                "verbose_name_plural": "arrivals by day",
                "ordering": ("campaign", "day"),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "day"), name="campaign_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address_hash", models.CharField(max_length=64, verbose_name="keyed hash of the address")),
                (
                    "kind",
                    models.CharField(
                        choices=[("collective", "A collective"), ("lab", "An expert for a lab")],
                        max_length=20,
                        verbose_name="invited as",
                    ),
                ),
                ("token", models.CharField(max_length=43, unique=True, verbose_name="token")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                (
                    "collective",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.collective",
                        verbose_name="on behalf of",
                    ),
                ),
                (
                    "inviter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-sent_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("inviter__isnull", False)),
                        fields=("inviter", "address_hash"),
                        name="invited_once_by_each",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PutAway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps_put_away",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="put_away_once")],
            },
        ),
    ]
