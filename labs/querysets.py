"""Named sets of rows of the labs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Max, Q

from labs.choices import MembershipEvent
from labs.confirming import ASK_BEFORE, earliest_for_research
from members.choices import ReviewState

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class LabQuerySet(models.QuerySet[Any]):
    """Sets of labs; all of them are public."""

    def published(self) -> Self:
        """What stands on the site, in order."""
        return self.order_by("position", "code")


class LabMembershipQuerySet(models.QuerySet[Any]):
    """Sets of applications and memberships."""

    def in_force(self) -> Self:
        """Of accepted members who have not left and whose account lives."""
        return self.filter(state=ReviewState.APPROVED, ended_at=None, user__is_active=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Members of the labs, for everybody: how much of each a page shows is up to the reader and the member."""
        return self.in_force()

    def confirmed(self, today: date) -> Self:
        """Of members whose yearly confirmation is not too long ago to do research."""
        return self.filter(confirm_by__gte=earliest_for_research(today))

    def to_confirm(self, today: date) -> Self:
        """In force, and to be confirmed within a month or earlier already."""
        return self.in_force().filter(confirm_by__lte=today + ASK_BEFORE)

    def running(self) -> Self:
        """Applications and memberships that are neither refused nor ended: at most one per person and lab."""
        return self.filter(ended_at=None).exclude(state=ReviewState.REFUSED)

    def with_handed_in_at(self) -> Self:
        """Each with `handed_in_at`: when it was sent in last, by applying or by answering the team's question."""
        sent_in = Q(history__event__in=[MembershipEvent.APPLIED, MembershipEvent.ANSWERED])
        return self.annotate(handed_in_at=Max("history__at", filter=sent_in))

    def open_to(self, user: User | AnonymousUser) -> Self:
        """The person's own, whatever their state."""
        return self.none() if user.is_anonymous else self.filter(user=user)
