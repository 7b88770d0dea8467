"""Mails about access to a collective, and messages from visitors."""

from __future__ import annotations

from collectievekracht.common import mail
from members.emails.links import account_link, link_to
from members.models import ContactMessage, JoinRequest


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


def send_access_decided(
    request: JoinRequest, *, approved: bool, reason: str = "", has_account: bool = False
) -> None:
    """Tell the person who asked for access what was decided, and how to go on."""
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
            "has_account": has_account,
            "page_url": link_to("pages:dashboard", language=request.language) if has_account else "",
            "signup_url": account_link("account_signup", "members:my_profile", language=request.language),
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
