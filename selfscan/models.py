"""Instruments, filled-in scans, their scores and reports, and the frozen figures to compare with."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Collective
from selfscan import choices, querysets


def new_token() -> str:
    """An unguessable name for a scan's link (192 bits)."""
    return secrets.token_urlsafe(24)


class Instrument(models.Model):
    """A published questionnaire; the text never changes once it is stored (a trigger holds that)."""

    code = models.SlugField(max_length=40)
    version = models.CharField(_("version"), max_length=20)
    scoring_version = models.CharField(_("version of the scoring"), max_length=20)
    sha256 = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ("-loaded_at", "-pk")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="instrument_version_once")]

    def __str__(self) -> str:
        return self.version


class Response(models.Model):
    """A self-scan that is being filled in, or was sent."""

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, null=True, editable=False)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="responses", verbose_name=_("questionnaire")
    )
    collective = models.ForeignKey(
        Collective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="responses",
        verbose_name=_("collective"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ResponseState, default=choices.ResponseState.DRAFT
    )
    language = models.CharField(_("language"), max_length=2, default="nl")
    answers = models.JSONField(_("answers"), default=dict)
    typed = models.JSONField(
        default=dict, help_text="Fields as typed that are not valid answers yet; drafts only."
    )
    version = models.PositiveIntegerField(
        default=0, help_text="Grows with every save; two people never overwrite each other."
    )
    seen_sections = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    email = models.EmailField(_("address for the link"), max_length=200, blank=True)
    return_reason = models.TextField(_("why it was sent back"), blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)
    completed_at = models.DateTimeField(_("sent"), null=True)
    active_seconds = models.PositiveIntegerField(default=0)
    scoring_version = models.CharField(max_length=20, blank=True)
    scores = models.JSONField(null=True)
    eligibility = models.CharField(_("fits the definition"), max_length=10, blank=True)
    benchmark = models.ForeignKey(
        "selfscan.BenchmarkSnapshot",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What it is compared with: the newest snapshot when it was sent, however often its report is built.",
    )

    previous = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeats",
        verbose_name=_("repeats"),
        help_text="The scan that this one repeats.",
    )
    proposals = models.JSONField(
        default=dict,
        blank=True,
        help_text="Answers of the scan before that wait for somebody to confirm them; never answers themselves.",
    )
    invited_at = models.DateTimeField(_("invited to repeat"), null=True, editable=False)

    objects = querysets.ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-scan")
        verbose_name_plural = _("self-scans")
        ordering = ("-completed_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="completed_has_moment",
                condition=Q(state="draft") | Q(completed_at__isnull=False, reference__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["collective"],
                condition=Q(state="draft", previous__isnull=False),
                name="repeat_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["collective", "-completed_at"], name="response_latest"),
            models.Index(fields=["saved_at"], condition=Q(state="draft"), name="response_drafts"),
            models.Index(
                fields=["completed_at"],
                condition=Q(state="completed", invited_at=None),
                name="response_not_invited",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(_("unfinished self-scan"))

    def get_absolute_url(self) -> str:
        """The scan's overview while it is a draft, its finished page after."""
        name = "selfscan:overview" if self.state == choices.ResponseState.DRAFT else "selfscan:done"
        return reverse(name, args=[self.token])


class IndicatorScore(models.Model):
    """One indicator of one sent scan, for groups; the whole result stands in `Response.scores`."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="indicator_scores")
    indicator = models.CharField(max_length=40)
    score = models.FloatField(null=True)
    membership = models.FloatField(null=True)
    level = models.CharField(max_length=16)
    answered = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "indicator"], name="indicator_once")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.score}"


class Report(models.Model):
    """A built feedback report: the result of a scan, a version of the template and a language."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="reports", verbose_name=_("self-scan")
    )
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=2)
    file = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    built_at = models.DateTimeField(_("built"), default=timezone.now)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["response", "version", "language"], name="report_once")
        ]

    def __str__(self) -> str:
        return self.file


class BenchmarkSnapshot(models.Model):
    """The frozen figures of one quarter; made once, never changed."""

    quarter = models.CharField(_("quarter"), max_length=6, unique=True)
    scoring_version = models.CharField(max_length=20)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)

    class Meta:
        verbose_name = _("quarterly snapshot")
        verbose_name_plural = _("quarterly snapshots")
        ordering = ("-quarter",)

    def __str__(self) -> str:
        return self.quarter


class BenchmarkEntry(models.Model):
    """What one collective brings to a snapshot: kept so that it can be left out of its own comparison."""

    snapshot = models.ForeignKey(BenchmarkSnapshot, models.CASCADE, related_name="entries")
    collective = models.ForeignKey(Collective, models.CASCADE, related_name="+")
    sector = models.CharField(max_length=40, blank=True)
    size_class = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=6)
    values = models.JSONField(help_text="Scores by indicator, answers by question about money.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "collective"], name="benchmark_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.collective_id}"


class BenchmarkGroup(models.Model):
    """One fixed group of a snapshot, with the figures that the disclosure gate let through."""

    snapshot = models.ForeignKey(BenchmarkSnapshot, models.CASCADE, related_name="groups")
    code = models.CharField(max_length=30)
    key = models.CharField(max_length=80, blank=True)
    figures = models.JSONField(help_text="By indicator: how many collectives have each score.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "code", "key"], name="benchmark_group_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"
