"""Named sets of rows, and the door to a scan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selfscan.choices import ResponseState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

DRAFT_LIFE = timedelta(days=90)
LINK_LIFE_AFTER_SENDING = timedelta(days=30)
RETURNED_LIFE = timedelta(days=365)


class ResponseQuerySet(models.QuerySet[Any]):
    """Sets of filled-in scans."""

    def drafts(self) -> Self:
        """Scans that may still be filled in."""
        return self.filter(state=ResponseState.DRAFT)

    def completed(self) -> Self:
        """Scans that were sent."""
        return self.filter(state=ResponseState.COMPLETED)

    def expired(self) -> Self:
        """Drafts that nobody touched for 90 days."""
        return self.drafts().filter(saved_at__lt=timezone.now() - DRAFT_LIFE)

    def forgettable(self) -> Self:
        """Drafts whose time is over: 90 days, or a year once a scan was sent and came back."""
        long_ago = timezone.now() - RETURNED_LIFE
        return self.expired().filter(Q(collective=None) | Q(completed_at=None) | Q(saved_at__lt=long_ago))

    def repeats(self) -> Self:
        """Unfinished scans that repeat another one and were never sent."""
        return self.drafts().filter(previous__isnull=False, completed_at=None)

    def open_to(self, user: User | AnonymousUser, token: str) -> Self:
        """The one scan behind this link, as long as the link lives for this person.

        A draft opens for whoever holds the link until 90 days after its last save; a sent scan for 30 days,
        and after that for the representatives of its collective and for admins (`User.is_admin`).
        """
        now = timezone.now()
        scan = self.filter(token=token)
        by_link = Q(state=ResponseState.DRAFT, saved_at__gte=now - DRAFT_LIFE) | Q(
            state=ResponseState.COMPLETED, completed_at__gte=now - LINK_LIFE_AFTER_SENDING
        )
        if user.is_anonymous:
            return scan.filter(by_link)
        if user.is_admin:
            return scan
        own = Q(
            collective__memberships__user=user,
            collective__memberships__left_at=None,
            collective__memberships__role="representative",
        )
        return scan.filter(by_link | own).distinct()

    def latest_per_collective(self) -> Self:
        """Of every collective its newest sent scan."""
        return self.completed().order_by("collective_id", "-completed_at", "-pk").distinct("collective_id")
