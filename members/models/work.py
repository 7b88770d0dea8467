"""The team's work queue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import choices, querysets
from members.models.collectives import Collective


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
