"""The team's work queue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import choices, querysets
from members.models.collectives import Collective


class AbuseReport(models.Model):
    """Somebody says that something on the platform is not right; the team looks at it."""

    about = models.CharField(_("about"), max_length=40)
    target_id = models.BigIntegerField()
    address = models.CharField(_("page"), max_length=300)
    reason = models.CharField(_("reason"), max_length=10, choices=choices.AbuseReason)
    text = models.TextField(_("what is not right"), max_length=2000)
    reporter = models.ForeignKey(
        "members.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="abuse_reports",
        verbose_name=_("by"),
    )
    email = models.EmailField(_("e-mail address"), max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ReviewState, default=choices.ReviewState.PENDING
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("report of abuse")
        verbose_name_plural = _("reports of abuse")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.address}"


class WorkItem(models.Model):
    """Something that waits for the team, with the moment by which they promised to look.

    Opened and closed by the app that owns the thing, so that the queue is one query.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=choices.WorkKind)
    target_id = models.BigIntegerField()
    collective = models.ForeignKey(
        Collective, models.CASCADE, null=True, blank=True, related_name="work_items"
    )
    title = models.CharField(_("what"), max_length=200)
    facts = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    claimed_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=choices.Decision, blank=True)
    decided_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = querysets.WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work queue")
        ordering = ("due_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"], condition=Q(decided_at=None), name="work_once_open"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(decided_at=None), name="work_open")]

    def __str__(self) -> str:
        return self.title
