"""Mails between collectives that are alike."""

from __future__ import annotations

from collectievekracht.common import mail
from members.emails.links import link_to
from members.models import Collective, ContactMessage

ALIKE = "alike"


def send_alike_message(message: ContactMessage, sender: Collective) -> None:
    """Pass on what a collective writes to one like it; an answer goes straight to the person who wrote."""
    reader = message.collective
    public = sender.published_profile_id is not None
    mail.send(
        "members/alike_message",
        to=reader.contact_email,
        key=f"members.alike_message:{message.pk}",
        kind=ALIKE,
        language=reader.language,
        reply_to=message.email,
        context={
            "collective": reader.name,
            "sender": sender.name,
            "sender_url": link_to("members:profile", sender.slug, language=reader.language) if public else "",
            "name": message.name,
            "email": message.email,
            "message": message.message,
        },
    )
