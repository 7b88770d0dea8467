"""Every mail of this app: one function each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from collectievekracht.common import mail
from collectievekracht.common.mail import absolute
from members.models import Collective, ContactMessage, JoinRequest, WorkItem


def _link(name: str, *args: object, language: str) -> str:
    with translation.override(language):
        return absolute(reverse(name, args=args))


def send_approved(collective: Collective, *, occasion: int) -> None:
    """Tell the person of the scan that the collective is in."""
    public = collective.published_profile_id is not None
    mail.send(
        "members/approved",
        to=collective.contact_email,
        key=f"members.approved:{collective.pk}:{occasion}",
        kind="collective",
        language=collective.language,
        context={
            "collective": collective.name,
            "page_url": _link("members:profile", collective.slug, language=collective.language)
            if public
            else "",
            "signup_url": _link("account_signup", language=collective.language),
        },
    )


def send_refused(collective: Collective, reason: str, *, occasion: int) -> None:
    """Tell the person of the scan that it was refused, and why."""
    mail.send(
        "members/refused",
        to=collective.contact_email,
        key=f"members.refused:{collective.pk}:{occasion}",
        kind="collective",
        language=collective.language,
        reply_to=settings.TEAM_EMAIL,
        context={"collective": collective.name, "why": reason},
    )


def send_access_asked(request: JoinRequest) -> None:
    """Confirm to the person who asks for access that the request waits."""
    mail.send(
        "members/access_asked",
        to=request.email,
        key=f"members.access_asked:{request.pk}",
        kind="access",
        language=request.language,
        context={"name": request.name, "collective": request.collective.name},
    )


def send_access_decided(request: JoinRequest, *, approved: bool, reason: str = "") -> None:
    """Tell the person who asked for access what was decided."""
    mail.send(
        "members/access_decided",
        to=request.email,
        key=f"members.access_decided:{request.pk}",
        kind="access",
        language=request.language,
        context={
            "name": request.name,
            "collective": request.collective.name,
            "approved": approved,
            "why": reason,
            "signup_url": _link("account_signup", language=request.language),
        },
    )


def send_contact_message(message: ContactMessage) -> None:
    """Pass a visitor's message on; an answer goes straight to the visitor."""
    collective = message.collective
    mail.send(
        "members/contact_message",
        to=collective.contact_email,
        key=f"members.contact_message:{message.pk}",
        kind="contact",
        language=collective.language,
        reply_to=message.email,
        context={
            "collective": collective.name,
            "name": message.name,
            "email": message.email,
            "message": message.message,
        },
    )


def send_work_due(*, to: str, day: date, items: Sequence[WorkItem]) -> None:
    """Remind an admin of what is due today or late."""
    mail.send(
        "members/work_due",
        to=to,
        key=f"members.work_due:{day.isoformat()}:{to}",
        kind="admin",
        language="nl",
        context={"titles": [item.title for item in items], "queue_url": absolute(reverse("admin:index"))},
    )


def send_account(*, to: str, occasion: str, subject: str, body: str, language: str) -> None:
    """A mail about somebody's own account, in the words that allauth's templates gave it."""
    mail.send(
        "members/account",
        to=to,
        key=f"members.account:{occasion}",
        kind="account",
        language=language,
        context={"subject": subject, "body": body},
    )
