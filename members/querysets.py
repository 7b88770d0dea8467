"""Named sets of rows, and the one door of visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from collectievekracht.common.registry import member_sources
from members.choices import Activity, Audience, ConsentKind, ReviewState, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def is_member(user: User | AnonymousUser) -> bool:
    """Whether what is for members is open to this person.

    Members are people with an active membership of an approved collective, whoever a higher app names (accepted lab
    members), and admins. One query for each of these, until one says yes.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_admin:
        return True
    in_collective = user.memberships.filter(
        left_at=None, collective__state=ReviewState.APPROVED, collective__closed_at=None
    )
    return in_collective.exists() or any(source.is_member(user.pk) for source in member_sources)


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

    def of(self, user: User | AnonymousUser) -> Self:
        """Those that the person belongs to now, in any role."""
        if user.is_anonymous:
            return self.none()
        mine = self.model.objects.filter(memberships__user=user, memberships__left_at=None)
        return self.filter(pk__in=mine.values("pk"), closed_at=None)

    def peopled_for(self, user: User | AnonymousUser) -> Self:
        """Those whose people the person may see: the own ones, and for admins all that have not stopped."""
        if user.is_anonymous:
            return self.none()
        return self.filter(closed_at=None) if user.is_admin else self.of(user)

    def represented_by(self, user: User | AnonymousUser) -> Self:
        """Those that the person speaks for now; nothing for admins, who have the admin."""
        if user.is_anonymous:
            return self.none()
        mine = self.model.objects.filter(
            memberships__user=user, memberships__left_at=None, memberships__role=Role.REPRESENTATIVE
        )
        return self.filter(pk__in=mine.values("pk"), closed_at=None)

    def shown_alike(self, to: Any) -> Self:
        """Those that agreed to be shown to collectives like them, as another collective sees them: with a public page."""
        agreed = self.model.objects.filter(consents__kind=ConsentKind.ALIKE, consents__withdrawn_at=None)
        return (
            self.published()
            .filter(pk__in=agreed.values("pk"), closed_at=None)
            .exclude(activity=Activity.STOPPED)
            .exclude(pk=to.pk)
        )


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


class MembershipQuerySet(models.QuerySet[Any]):
    """Sets of memberships."""

    def active(self) -> Self:
        """Of people who have not left."""
        return self.filter(left_at=None)

    def representatives(self) -> Self:
        """Of people who speak for their collective now."""
        return self.active().filter(role=Role.REPRESENTATIVE)


class JoinRequestQuerySet(models.QuerySet[Any]):
    """Sets of requests for access."""

    def waiting(self) -> Self:
        """Not decided yet."""
        return self.filter(state=ReviewState.PENDING)

    def unused(self) -> Self:
        """Approved, of people who have no account yet; it lets nobody in twice."""
        return self.filter(state=ReviewState.APPROVED, user=None, collective__closed_at=None)

    def invited(self) -> Self:
        """Invitations by a representative, which are with the person: `RETURNED` until they say yes."""
        return self.filter(state=ReviewState.RETURNED, collective__closed_at=None)

    def open_to(self, user: User | AnonymousUser) -> Self:
        """Those that the person may decide about: of the collectives that they represent, and all for admins."""
        if user.is_anonymous:
            return self.none()
        if user.is_admin:
            return self
        return self.filter(
            collective__memberships__user=user,
            collective__memberships__left_at=None,
            collective__memberships__role=Role.REPRESENTATIVE,
        )


class PersonalProfileQuerySet(models.QuerySet[Any]):
    """Sets of personal profiles."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those of people who show their name to this reader; what else of them is `personal_page`'s.

        Nobody is seen who has no name or may not sign in.
        """
        audiences = [Audience.EVERYONE, Audience.MEMBERS] if is_member(user) else [Audience.EVERYONE]
        shown = Q(audiences__name__in=audiences, user__is_active=True) & ~Q(user__name="")
        return self.filter(shown) if user.is_anonymous else self.filter(shown | Q(user=user))


class NotificationQuerySet(models.QuerySet[Any]):
    """Sets of notifications."""

    def open_to(self, user: User | AnonymousUser) -> Self:
        """The person's own."""
        return self.none() if user.is_anonymous else self.filter(user=user)

    def unread(self) -> Self:
        """Not read yet."""
        return self.filter(read_at=None)


class DataExportQuerySet(models.QuerySet[Any]):
    """Sets of copies of people's data."""

    def open_to(self, user: User | AnonymousUser) -> Self:
        """The person's own."""
        return self.none() if user.is_anonymous else self.filter(user=user)


class ContributionQuerySet(models.QuerySet[Any]):
    """Sets of lines of the ledger."""


class ServiceOfferQuerySet(models.QuerySet[Any]):
    """Sets of services on offer."""

    def open_to(self, user: User | AnonymousUser) -> Self:
        """Those of the collectives that the person represents now."""
        if user.is_anonymous:
            return self.none()
        return self.filter(
            collective__memberships__user=user,
            collective__memberships__left_at=None,
            collective__memberships__role=Role.REPRESENTATIVE,
        )
