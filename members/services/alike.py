"""Collectives that are alike write to each other; neither sees the other's address first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import ContributionKind, Text, contribution_kinds, mail_kind
from members import emails
from members.choices import ConsentKind, Direction
from members.models import Collective, ContactMessage
from members.services.consents import withdraw_consent
from members.services.contributions import record_contribution

CONTACT = "members.alike_contact"
ANSWERING = "members.alike_asked"


@transaction.atomic
def write_to_alike(
    sender: Collective, reader: Collective, *, name: str, email: str, message: str
) -> ContactMessage:
    """Pass a collective's message on to one like it, and write it in the ledger of both."""
    row = ContactMessage.objects.create(collective=reader, name=name, email=email, message=message)
    emails.send_alike_message(row, sender)
    record_contribution(
        CONTACT,
        Direction.GOT,
        key=f"{CONTACT}:{row.pk}",
        collective_id=sender.pk,
        facts={"name": reader.name, "slug": reader.slug},
    )
    record_contribution(
        ANSWERING,
        Direction.GAVE,
        key=f"{ANSWERING}:{row.pk}",
        collective_id=reader.pk,
        facts={"name": sender.name, "slug": sender.slug},
    )
    return row


@transaction.atomic
def hide_from_alike(address: str) -> None:
    """No collective with this address is shown to others any more: the yes is withdrawn."""
    for collective in Collective.objects.filter(contact_email__iexact=address):
        withdraw_consent(collective, ConsentKind.ALIKE)


def _contact(facts: Mapping[str, Any]) -> Text:
    return _("You wrote to %(name)s, a collective like you.") % {"name": facts["name"]}


def _asked(facts: Mapping[str, Any]) -> Text:
    return _("You were there for %(name)s, a collective like you that wrote to you.") % {
        "name": facts["name"]
    }


def register() -> None:
    """Tell the mailer and the ledger what this brings; called once at start-up."""
    mail_kind(
        emails.ALIKE,
        name=_("Messages from collectives like us"),
        reason=_("You get this mail because your collective agreed to be shown to collectives like it."),
        turn_off=hide_from_alike,
    )
    contribution_kinds.add(ContributionKind(CONTACT, _("Contact with collectives like us"), _contact))
    contribution_kinds.add(ContributionKind(ANSWERING, _("There for collectives like us"), _asked))
