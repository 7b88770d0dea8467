"""Mails to the people of a collective, and to those who are invited to it."""

from __future__ import annotations

from django.utils import timezone

from collectievekracht.common import mail
from members.emails.links import invitation_token, link_to
from members.models import JoinRequest, Membership, User


def send_colleague_invited(invitation: JoinRequest, by: User) -> None:
    """Invite somebody to a collective by a link; the same words for known and unknown addresses, once a day at most."""
    mail.send(
        "members/colleague_invited",
        to=invitation.email,
        key=f"members.colleague_invited:{invitation.pk}:{timezone.localdate().isoformat()}",
        kind="colleague",
        language=invitation.language,
        context={
            "inviter": by.name,
            "collective": invitation.collective.name,
            "url": link_to(
                "members:invitation", invitation_token(invitation.pk), language=invitation.language
            ),
        },
    )


def send_removed(membership: Membership) -> None:
    """Tell somebody that they no longer belong to a collective."""
    _tell("members/removed", membership)


def send_closed(membership: Membership) -> None:
    """Tell somebody that their collective stopped, and what became of its page."""
    _tell("members/closed", membership)


def _tell(template: str, membership: Membership) -> None:
    user, collective = membership.user, membership.collective
    mail.send(
        template,
        to=user.email,
        key=f"{template.replace('/', '.')}:{membership.pk}",
        kind="people",
        language=user.language,
        context={"name": user.name, "collective": collective.name},
    )
