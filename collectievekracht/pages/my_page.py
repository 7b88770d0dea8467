"""What the dashboard shows of somebody's collectives and of their first steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.templatetags.ui_page import url_if_any
from collectievekracht.pages.first_steps import Code, FirstStep, OwnCollective, Person, State, first_steps
from collectievekracht.pages.models import Invitation, PutAway
from collectievekracht.pages.second_factor import FACTORS
from members.choices import PinPrecision, ReviewState, Role
from members.models import Collective, CollectiveProfile, JoinRequest, MapPin, Membership, User
from members.services.work import promised_on
from selfscan.choices import ResponseState
from selfscan.models import Response

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
    (Code.ASK, State.WAITING): (
        _("Your request for access is with the team"),
        _("They look at it within two working days. You get an e-mail."),
        "",
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
            "Does the text fit, and does your pin stand in the right place? If something is wrong, write to us."
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
    Code.INVITE: "pages:invite",
    Code.SECOND_STEP: "mfa_index",
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
    pin: MapPin | None
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
        return self.pin is not None and self.pin.precision == PinPrecision.EXACT

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


def my_collectives(user: User) -> list[MyCollective]:
    """The person's collectives by name, each with its scans, the newest first; a fixed number of queries."""
    scans = Response.objects.exclude(completed_at=None).defer("answers", "typed", "scores")
    waiting = CollectiveProfile.objects.filter(state=ReviewState.PENDING).only("collective_id")
    memberships = (
        Membership.objects.filter(user_id=user.pk, left_at=None)
        .select_related("collective__merged_into", "collective__pin")
        .prefetch_related(
            Prefetch(
                "collective__responses",
                queryset=scans.order_by("-completed_at", "-pk").prefetch_related("reports"),
                to_attr="known_scans",
            ),
            Prefetch("collective__profiles", queryset=waiting, to_attr="waiting_texts"),
        )
        .order_by("collective__sort_name", "pk")
    )
    return [_shown(membership) for membership in memberships]


def _shown(membership: Membership) -> MyCollective:
    collective: Any = membership.collective
    sent = [scan for scan in collective.known_scans if scan.state == ResponseState.COMPLETED]
    reopened = [scan for scan in collective.known_scans if scan.state == ResponseState.DRAFT]
    pending = collective.state == ReviewState.PENDING and bool(sent)
    due_on = promised_on(sent[0].completed_at) if pending else None
    return MyCollective(
        membership=membership,
        scans=sent,
        reopened=reopened[0] if reopened else None,
        due_on=due_on,
        is_late=bool(due_on and due_on < timezone.localdate()),
        pin=getattr(collective, "pin", None),
        page_waits=collective.state == ReviewState.APPROVED and bool(collective.waiting_texts),
    )


def asked_for_access(user: User) -> list[str]:
    """Names of the collectives to which the person asked for access from a proven address, still waiting."""
    proven = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)  # type: ignore[attr-defined]
    waiting = JoinRequest.objects.filter(
        email__in=[address.lower() for address in proven], state=ReviewState.PENDING
    )
    return list(waiting.order_by("pk").values_list("collective__name", flat=True))


def person(user: User, mine: Iterable[MyCollective], asked: Iterable[str]) -> Person:
    """The facts from which first steps follow."""
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
            for one in mine
            if one.collective.merged_into_id is None
        ],
        waits_for=list(asked),
        has_second_step=Authenticator.objects.filter(user=user, type__in=FACTORS).exists(),
        invited=Invitation.objects.filter(inviter=user).exists() if url_if_any("pages:invite") else None,
        is_admin=user.is_staff,
    )


def steps_of(user: User, mine: list[MyCollective], asked: list[str]) -> list[Shown]:
    """The first steps that are left, in words and with their links."""
    put_away = set(PutAway.objects.filter(user=user).values_list("key", flat=True))
    by_pk = {one.collective.pk: one for one in mine}
    return [_in_words(step, by_pk.get(step.pk)) for step in first_steps(person(user, mine, asked), put_away)]


def put_away(user: User, key: str) -> bool:
    """Show this first step no more; False if it is none of the person's."""
    mine = my_collectives(user)
    steps = first_steps(person(user, mine, asked_for_access(user)))
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
