"""What the labs tell the mailer, the notifier, the ledger and the dashboard of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import (
    ContributionKind,
    NotificationKind,
    contribution_kinds,
    mail_kind,
    notification_kinds,
)
from labs.models import LabMembership

JOINED, STAYED, THERE, WROTE = "lab_joined", "lab_stayed", "lab_there", "lab_wrote"
ACCEPTED, ASKED, DECLINED, CONFIRM = "lab_accepted", "lab_asked", "lab_declined", "lab_confirm"


def facts_of(membership: LabMembership) -> dict[str, Any]:
    """What a notification and a line of the ledger keep: the lab, in both languages."""
    lab = membership.lab
    return {"membership": membership.pk, "lab": lab.code, "nl": lab.nl, "en": lab.en}


def _lab(facts: Mapping[str, Any]) -> str:
    return str(facts["en"] if get_language() == "en" else facts["nl"])


def _mine(facts: Mapping[str, Any]) -> str:
    return reverse("labs:mine", args=[facts["lab"]])


def _application(facts: Mapping[str, Any]) -> str:
    return reverse("labs:apply", args=[facts["lab"]])


def _page(facts: Mapping[str, Any]) -> str:
    return reverse("labs:lab", args=[facts["lab"]])


def _is_theirs(user_id: int, facts: Mapping[str, Any]) -> bool:
    return LabMembership.objects.filter(pk=facts["membership"], user_id=user_id, ended_at=None).exists()


def register() -> None:
    """Tell them; called once at start-up."""
    mail_kind(
        "lab",
        name=_("Your membership of a lab"),
        reason=_("You get this mail because you applied for a lab with this address."),
    )
    mail_kind(
        "lab_letter",
        name=_("Messages from members to you as an expert"),
        reason=_("You get this mail because you take part in a lab, where members can write to you."),
    )
    # Each has a mail of its own, which doesn't wait for a pace: by itself the notifier mails nothing of these.
    kinds = (
        (ACCEPTED, _("You were accepted in a lab"), lambda f: _("Welcome to %(lab)s.") % {"lab": _lab(f)}, _mine),
        (ASKED, _("A question about your application for a lab"),
         lambda f: _("The team has a question about your application for %(lab)s.") % {"lab": _lab(f)}, _application),
        (DECLINED, _("Your application for a lab was declined"),
         lambda f: _("The team decided about your application for %(lab)s.") % {"lab": _lab(f)}, _application),
        (CONFIRM, _("Confirm your membership of a lab"),
         lambda f: _("Is your membership of %(lab)s still right? Confirm it.") % {"lab": _lab(f)}, _mine),
    )  # fmt: skip
    for code, name, text, link in kinds:
        notification_kinds.add(NotificationKind(code, text, link, _is_theirs, name, "never"))
    lines = (
        (JOINED, _("Joined a lab"),
         lambda f: _("You made your knowledge available in %(lab)s.") % {"lab": _lab(f)}),
        (STAYED, _("Stayed in a lab"),
         lambda f: _("You made your knowledge available in %(lab)s for another year.") % {"lab": _lab(f)}),
        (THERE, _("There for others as an expert"),
         lambda f: _("You were there for somebody who wrote to you through %(lab)s.") % {"lab": _lab(f)}),
        (WROTE, _("Contact with experts"),
         lambda f: _("You wrote to an expert of %(lab)s.") % {"lab": _lab(f)}),
    )  # fmt: skip
    for code, name, text in lines:
        contribution_kinds.add(ContributionKind(code, name, text, _page))
