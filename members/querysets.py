"""Named sets of rows, and the one door of visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from members.choices import ReviewState, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class CollectiveQuerySet(models.QuerySet[Any]):
    """Sets of collectives."""

    def published(self) -> Self:
        """Collectives with a public page: approved, and with consent to a page."""
        return self.filter(state=ReviewState.APPROVED, published_profile__isnull=False)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published collectives, plus those that the person represents; everything for admins (`User.is_admin`)."""
        if user.is_anonymous:
            return self.published()
        if user.is_admin:
            return self
        public = Q(state=ReviewState.APPROVED, published_profile__isnull=False)
        mine = self.model.objects.filter(
            memberships__user=user, memberships__left_at=None, memberships__role=Role.REPRESENTATIVE
        )
        return self.filter(public | Q(pk__in=mine.values("pk")))


class DirectoryEntryQuerySet(models.QuerySet[Any]):
    """Sets of entries of the directory, which hold published collectives only."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All of them, for everybody: a collective that isn't public has no entry."""
        return self.all()


class MapPinQuerySet(models.QuerySet[Any]):
    """Sets of pins."""

    def published(self) -> Self:
        """Pins of published collectives; a pin row exists with consent to the map only."""
        return self.filter(
            collective__state=ReviewState.APPROVED, collective__published_profile__isnull=False
        )


class ConsentQuerySet(models.QuerySet[Any]):
    """Sets of consents."""

    def in_force(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)


class WorkItemQuerySet(models.QuerySet[Any]):
    """Sets of work."""

    def open(self) -> Self:
        """Not decided yet, the most urgent first."""
        return self.filter(decided_at=None).order_by("due_at", "pk")
