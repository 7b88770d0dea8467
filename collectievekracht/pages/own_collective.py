"""The front page of one's own collective, as its template sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from collectievekracht.pages.my_page import MyCollective, my_collectives
from members.choices import Activity, Role
from members.models import Collective, Consent, Membership, User
from members.own_page import Waiting, waiting_change
from members.services.still_right import is_due


@dataclass(frozen=True)
class OwnCollective:
    """What the page shows."""

    one: MyCollective
    waiting: Waiting | None
    people: list[Membership]
    requests: int
    offers: int
    consents: list[Consent]
    activities: list[tuple[str, str, str]]
    asks: bool
    people_url: str
    stop_url: str
    development_url: str

    @property
    def collective(self) -> Collective:
        """The collective itself."""
        return self.one.collective

    @property
    def represents(self) -> bool:
        """Whether the person speaks for it."""
        return self.one.represents


def own_collective(collective: Collective, user: User) -> OwnCollective:
    """The front page for somebody who belongs to the collective; a fixed number of queries."""
    one = next(one for one in my_collectives(user) if one.collective.pk == collective.pk)
    people = Membership.objects.active().filter(collective=collective).select_related("user")
    represents = one.represents
    return OwnCollective(
        one=one,
        waiting=waiting_change(collective) if represents else None,
        people=sorted(
            people, key=lambda member: (member.role != Role.REPRESENTATIVE, str(member.user).lower())
        ),
        requests=collective.join_requests.waiting().count() if represents else 0,
        offers=collective.offers.filter(is_open=True).count(),
        consents=list(collective.consents.in_force().order_by("pk")) if represents else [],
        activities=[(code, str(label), _activity_means(code)) for code, label in Activity.choices],
        asks=represents and is_due(collective),
        people_url=_address("members:people", collective.slug),
        stop_url=_address("members:close", collective.slug) if represents else "",
        development_url=_address("selfscan:development", collective.slug),
    )


def _activity_means(code: str) -> str:
    return {
        Activity.ACTIVE: _("You are at work."),
        Activity.DORMANT: _("You do nothing for a while, and want to go on later. Your page says so."),
        Activity.STOPPED: _("You don't go on. Your page stays as an example for others, and says so."),
    }[Activity(code)]


def _address(name: str, slug: str) -> str:
    """The address of a page about this collective, where there is such a page."""
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""
