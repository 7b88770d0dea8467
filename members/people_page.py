"""The people of a collective as a page: who is in, who asks to join, and who was invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from members.choices import ReviewState, Role
from members.emails.links import INVITATION_LIFE
from members.models import Collective, JoinRequest, Membership, PersonalProfile
from members.permissions import may_decide_for

if TYPE_CHECKING:
    from members.models import User


@dataclass(frozen=True)
class InIt:
    """Somebody who belongs to the collective; the address is there for who decides about people only."""

    pk: int
    name: str
    email: str
    role: str
    represents: bool
    can_sign_in: bool
    joined_at: datetime
    is_me: bool
    page_url: str


@dataclass(frozen=True)
class Invited:
    """Somebody who may come in and is not here yet; `until` is there for an invitation, whose link works that long."""

    pk: int
    email: str
    since: datetime | None
    until: datetime | None
    is_over: bool


@dataclass(frozen=True)
class PeoplePage:
    """What stands on the page; requests and invitations for who decides about them only."""

    collective: Collective
    people: list[InIt]
    decides: bool
    mine: InIt | None
    requests: list[JoinRequest]
    invited: list[Invited]

    @property
    def is_only_representative(self) -> bool:
        """Whether nobody else speaks for the collective than the reader; who can't sign in any more doesn't count."""
        others = any(one.represents and one.can_sign_in for one in self.people if not one.is_me)
        return self.mine is not None and self.mine.represents and not others

    @property
    def successors(self) -> list[InIt]:
        """To whom the reader can hand over."""
        return [one for one in self.people if one.can_sign_in and not one.is_me]


def people_page(collective: Collective, user: User) -> PeoplePage:
    """The page of a collective that came through `Collective.objects.peopled_for(user)`; a fixed number of queries."""
    decides = may_decide_for(user, collective)
    memberships = list(
        Membership.objects.active()
        .filter(collective=collective)
        .select_related("user")
        .order_by("-role", "joined_at", "pk")
    )
    pages = dict(
        PersonalProfile.objects.visible_to(user)
        .filter(user__in=[one.user_id for one in memberships])
        .values_list("user", "handle")
    )
    people = [_shown(one, user, decides, pages) for one in memberships]
    requests: list[JoinRequest] = []
    invited: list[Invited] = []
    if decides:
        asked = JoinRequest.objects.filter(collective=collective)
        requests = list(asked.waiting().order_by("created_at", "pk"))
        coming = (asked.invited() | asked.unused()).order_by("created_at", "pk")
        invited = [_invited(one, timezone.now()) for one in coming]
    mine = next((one for one in people if one.is_me), None)
    return PeoplePage(collective, people, decides, mine, requests, invited)


def _invited(one: JoinRequest, now: datetime) -> Invited:
    invited_at = one.decided_at if one.state == ReviewState.RETURNED else None
    until = invited_at + INVITATION_LIFE if invited_at else None
    return Invited(one.pk, one.email, one.decided_at, until, is_over=until is not None and until < now)


def _shown(one: Membership, reader: User, decides: bool, pages: dict[int, str]) -> InIt:
    handle = pages.get(one.user_id)
    # Colleagues know each other by name; an address is shown where it is needed to know who is who.
    return InIt(
        pk=one.pk,
        name=one.user.name,
        email=one.user.email if decides or one.user_id == reader.pk else "",
        role=one.get_role_display(),
        represents=one.role == Role.REPRESENTATIVE,
        can_sign_in=one.user.is_active,
        joined_at=one.joined_at,
        is_me=one.user_id == reader.pk,
        page_url=reverse("members:person", args=[handle]) if handle else "",
    )
