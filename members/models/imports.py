"""Imports of existing collectives: each as a batch that can be undone, with what it did row by row."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import choices
from members.models.collectives import Collective, CollectiveProfile


class ImportBatch(models.Model):
    """One file that was looked at, brought in, or undone again. Its bytes are kept until it is brought in only."""

    state = models.CharField(
        _("state"), max_length=10, choices=choices.ImportState, default=choices.ImportState.CHECKED
    )
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True, editable=False)
    texts_wait = models.BooleanField(_("texts wait for a decision"), default=False)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    applied_at = models.DateTimeField(_("brought in"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name


class ImportedCollective(models.Model):
    """A collective that came by an import: its key, and what the import wrote last.

    A field whose value is another one by now was changed by people, and no import touches it any more.
    """

    collective = models.OneToOneField(
        Collective, models.CASCADE, related_name="imported", verbose_name=_("collective")
    )
    key = models.CharField(_("key"), max_length=200, unique=True)
    name_place = models.CharField(max_length=200, db_index=True)
    profile = models.ForeignKey(CollectiveProfile, models.SET_NULL, null=True, related_name="+")
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("imported collective")
        verbose_name_plural = _("imported collectives")

    def __str__(self) -> str:
        return self.key


class ImportLine(models.Model):
    """What became of one row of the file; `before` and `after` are what undoing needs."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="lines", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("result"), max_length=10, choices=choices.ImportOutcome)
    name = models.CharField(_("name"), max_length=120, blank=True)
    collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, related_name="import_lines", verbose_name=_("collective")
    )
    problems = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_line_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"
