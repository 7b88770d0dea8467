"""What the dashboard shows of somebody's collectives and of their first steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.templatetags.ui_page import url_if_any
from collectievekracht.pages import queries
from collectievekracht.pages.first_steps import Code, FirstStep, OwnCollective, Person, State, first_steps
from collectievekracht.pages.models import PutAway
from collectievekracht.pages.second_factor import FACTORS
from labs.confirming import earliest_for_research
from members.choices import PinPrecision, ReviewState, Role
from members.models import Collective, CollectiveProfile, Membership, User
from members.services.work import promised_on
from selfscan.choices import ResponseState
from selfscan.models import Report, Response

# Per step: what it is called, what it says, and the words of its link.
WORDS: dict[tuple[Code, State], tuple[Any, Any, Any]] = {
    (Code.SCAN, State.TODO): (
        _("Do the self-scan for your collective"),
        _(
            "It takes 10 to 15 minutes. You get a report at once, and after that a page and a pin if you want."
        ),
        _("To the self-scan"),
    ),
    (Code.ASK, State.TODO): (
        _("Is your collective here already? Ask for access"),
        _("Then you don't need a new self-scan. Look your collective up by its name."),
        _("Look up my collective"),
    ),
    (Code.LAB, State.TODO): (
        _("Do you want to help collectives with what you know? Join a lab"),
        _("For researchers, funders, civil servants, networks and supporters. Not for sales."),
        _("See the labs"),
    ),
    (Code.ASK, State.WAITING): (
        _("Your request for access waits for an answer"),
        _("Its representatives decide, or the team within two working days. You get an e-mail."),
        "",
    ),
    (Code.RESEARCH, State.TODO): (
        _("Show a second step before you do research"),
        _(
            "You work with what collectives told us in confidence, so a password alone is not enough. "
            "Set up an app with codes or a passkey once, and show it when you sign in."
        ),
        _("To the second step"),
    ),
    (Code.ANSWER, State.TODO): (
        _("Answer the team's question"),
        _("Your self-scan is open again. Change what is needed and send it once more."),
        _("Open the self-scan"),
    ),
    (Code.ANSWER, State.WAITING): (
        _("The team has a question"),
        _("The representative of your collective got it by e-mail and can answer it."),
        "",
    ),
    (Code.WAIT, State.WAITING): (
        _("The team looks at your self-scan"),
        _("You don't need to do anything. You get an e-mail when it is done."),
        "",
    ),
    (Code.REPORT, State.TODO): (
        _("Read your report and plan an evening to discuss it"),
        _("There is a question for your board on every page."),
        _("Open the report (PDF)"),
    ),
    (Code.PAGE, State.TODO): (
        _("Look at your page"),
        _(
            "Is the text right, and is your pin in the right place? A representative of your collective can change both."
        ),
        _("See our page"),
    ),
    (Code.INVITE, State.TODO): (
        _("Invite another collective or an expert"),
        _("The more collectives take part, the better you can compare."),
        _("Send an invitation"),
    ),
    (Code.SECOND_STEP, State.TODO): (
        _("Make your account safer with a second step"),
        _("An app with codes, or a passkey: the fingerprint or face of your phone."),
        _("Set up a second step"),
    ),
    (Code.HANDBOOK, State.TODO): (
        _("Read the handbook for admins"),
        _("A day as platform admin: the work queue, reviewing a self-scan, and what you never do."),
        _("To the handbook"),
    ),
}
ADDRESSES = {
    Code.SCAN: "selfscan:start",
    Code.ASK: "selfscan:find",
    Code.LAB: "labs:index",
    Code.INVITE: "pages:invite",
    Code.SECOND_STEP: "mfa_index",
    Code.RESEARCH: "mfa_index",
    Code.HANDBOOK: "admin:handbook",
}


@dataclass(frozen=True)
class MyCollective:
    """One of the person's collectives as the dashboard shows it."""

    membership: Membership
    scans: list[Response]
    reopened: Response | None
    due_on: date | None
    is_late: bool
    pin: str  # how exact it stands; empty without one
    page_waits: bool

    @property
    def collective(self) -> Collective:
        """The collective itself."""
        return self.membership.collective

    @property
    def represents(self) -> bool:
        """Whether the person may open its scans and reports at any time."""
        return self.membership.role == Role.REPRESENTATIVE

    @property
    def is_public(self) -> bool:
        """Whether everybody can see the page."""
        collective = self.collective
        return collective.state == ReviewState.APPROVED and collective.published_profile_id is not None

    @property
    def pin_is_exact(self) -> bool:
        """Whether the pin stands on the very spot."""
        return self.pin == PinPrecision.EXACT

    @property
    def newest_scan(self) -> Response | None:
        """The scan that was sent last: the newest report is its."""
        return self.scans[0] if self.scans else None


@dataclass(frozen=True)
class Shown:
    """A first step in words, with where it leads."""

    step: FirstStep
    title: Any
    text: Any
    url: str
    action: Any


def memberships_of(user: User) -> list[Membership]:
    """The person's memberships, by the name of the collective, with what every card asks of it; one query."""
    waiting = CollectiveProfile.objects.filter(
        collective=OuterRef("collective_id"), state=ReviewState.PENDING
    )
    mine = Membership.objects.active().filter(user_id=user.pk)
    return list(
        mine.select_related("collective")
        .annotate(
            page_waits=Exists(waiting),
            pin=F("collective__pin__precision"),
            region=F("collective__published_profile__region"),
            sectors=F("collective__published_profile__sectors"),
        )
        .order_by("collective__sort_name", "pk")
    )


def my_collectives(user: User, memberships: list[Membership] | None = None) -> list[MyCollective]:
    """The person's collectives by name, each with its scans, the newest first; one query besides the memberships, and
    another where one of them was merged."""
    memberships = memberships_of(user) if memberships is None else memberships
    if any(one.collective.merged_into_id for one in memberships):
        prefetch_related_objects(memberships, "collective__merged_into")
    scans: dict[int | None, list[Response]] = {}
    if memberships:
        sent = Response.objects.filter(collective__in=[one.collective_id for one in memberships])
        for scan in (
            sent.exclude(completed_at=None)
            .annotate(has_report=Exists(Report.objects.filter(response=OuterRef("pk"))))
            .only("collective", "state", "token", "reference", "completed_at", "return_reason")
            .order_by("-completed_at", "-pk")
        ):
            scans.setdefault(scan.collective_id, []).append(scan)
    return [_shown(membership, scans.get(membership.collective_id, [])) for membership in memberships]


def _shown(membership: Any, scans: list[Response]) -> MyCollective:
    collective: Collective = membership.collective
    sent = [scan for scan in scans if scan.state == ResponseState.COMPLETED]
    reopened = [scan for scan in scans if scan.state == ResponseState.DRAFT]
    pending = collective.state == ReviewState.PENDING and bool(sent)
    due_on = promised_on(sent[0].completed_at) if pending and sent[0].completed_at else None
    return MyCollective(
        membership=membership,
        scans=sent,
        reopened=reopened[0] if reopened else None,
        due_on=due_on,
        is_late=bool(due_on and due_on < timezone.localdate()),
        pin=membership.pin or "",
        page_waits=collective.state == ReviewState.APPROVED and membership.page_waits,
    )


class MyPage:
    """Everything that the cards of these pages show of one person; each part is read once, when it is asked for."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def memberships(self) -> list[Membership]:
        """Their memberships; a query of the frame."""
        return memberships_of(self.user)

    @property
    def approved(self) -> list[Collective]:
        """Their collectives that were let in."""
        mine = [one.collective for one in self.memberships]
        return [one for one in mine if one.state == ReviewState.APPROVED and one.closed_at is None]

    @property
    def unread(self) -> int:
        """How many notifications they have not read."""
        return self.facts.unread

    @cached_property
    def mine(self) -> list[MyCollective]:
        """Their collectives with their scans; a query."""
        return my_collectives(self.user, self.memberships)

    @cached_property
    def facts(self) -> queries.Facts:
        """What is asked about the person themselves; a query of the frame."""
        return queries.facts_of(self.user.pk, FACTORS, earliest_for_research(timezone.localdate()))

    @cached_property
    def steps(self) -> list[Shown]:
        """The first steps that are left, in words and with their links."""
        facts = self.person
        by_pk = {one.collective.pk: one for one in self.mine}
        left = first_steps(facts, self.facts.put_away)
        shown = [_in_words(step, by_pk.get(step.pk)) for step in left]
        if facts.has_second_step:  # set up, and not shown in this session: no need to set it up again
            to_show = f"{reverse('mfa_reauthenticate')}?next={reverse('pages:dashboard')}"
            shown = [replace(one, url=to_show) if one.step.code == Code.RESEARCH else one for one in shown]
        return shown

    @property
    def person(self) -> Person:
        """The facts from which first steps follow."""
        facts = self.facts
        return Person(
            collectives=[
                OwnCollective(
                    pk=one.collective.pk,
                    name=one.collective.name,
                    state=one.collective.state,
                    represents=one.represents,
                    has_report=one.newest_scan is not None,
                    is_public=one.is_public,
                )
                for one in self.mine
                if one.collective.merged_into_id is None
            ],
            waits_for=facts.asked,
            has_second_step=facts.has_second_step,
            waits_for_second_step=facts.is_researcher
            and not (facts.has_second_step and self.user.showed_factor()),
            invited=facts.invited if url_if_any("pages:invite") else None,
            has_lab=facts.has_lab,
            is_admin=self.user.is_staff,
        )


def my_page(request: HttpRequest) -> MyPage:
    """The page of the person of this request: the same for every card on it."""
    if not hasattr(request, "_my_page"):
        request._my_page = MyPage(request.user)  # type: ignore[attr-defined, arg-type]
    return request._my_page  # type: ignore[attr-defined]


def put_away(user: User, key: str) -> bool:
    """Show this first step no more; False if it is none of the person's."""
    steps = first_steps(MyPage(user).person)
    if not any(step.key == key and step.may_be_put_away for step in steps):
        return False
    PutAway.objects.get_or_create(user=user, key=key)
    return True


def _in_words(step: FirstStep, one: MyCollective | None) -> Shown:
    title, text, action = WORDS[step.code, step.state]
    url = _address(step.code, one) if action else ""
    return Shown(step, title, text, url, action if url else "")


def _address(code: Code, one: MyCollective | None) -> str:
    if code in ADDRESSES:
        return url_if_any(ADDRESSES[code])
    if one is None:
        return ""
    match code:
        case Code.ANSWER:
            return one.reopened.get_absolute_url() if one.reopened else ""
        case Code.REPORT:
            return reverse("selfscan:report", args=[one.newest_scan.token]) if one.newest_scan else ""
    return one.collective.get_absolute_url()
