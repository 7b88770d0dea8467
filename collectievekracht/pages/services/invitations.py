"""Inviting others, and what is kept of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import queries, suppressions
from collectievekracht.pages import emails, ledger
from collectievekracht.pages.models import Invitation
from members.choices import Direction
from members.services.contributions import record_contribution

if TYPE_CHECKING:
    from members.models import Collective, User

A_DAY = 10


class TooMany(Exception):
    """More than the person may invite today; `left` says how many they still may."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


@transaction.atomic
def invite(
    inviter: User,
    addresses: Sequence[str],
    *,
    name: str = "",
    kind: str,
    collective: Collective | None,
    sentence: str,
    language: str,
) -> None:
    """Invite these addresses, each at most once by the same person and at most ten a day; else `TooMany`.

    `name` becomes the name of an inviter who has none yet.

    Nothing that comes back tells whether an address is known here, was invited by others or wants no invitations:
    the mailer leaves those out when it sends. The address itself stands, in plain, only in the row of the mailer
    until the mail has left, which then forgets it (`keeps_address=False`): the mailer needs it to try again when the
    mail server is away, and encrypting it there would keep it no safer than the key beside it. Here stays a keyed
    hash, by which the same person is not invited twice.
    """
    queries.lock(f"invitations:{inviter.pk}")
    marks = {mark_of(address): address for address in addresses}
    mine = Invitation.objects.filter(inviter=inviter)
    for known in mine.filter(address_hash__in=marks).values_list("address_hash", flat=True):
        del marks[known]
    left = A_DAY - mine.filter(sent_at__gt=timezone.now() - timedelta(days=1)).count()
    if len(marks) > left:
        raise TooMany(max(left, 0))
    if name and not inviter.name:
        inviter.name = name
        inviter.save(update_fields=["name"])
    for mark, address in marks.items():
        invitation = Invitation.objects.create(
            inviter=inviter,
            collective=collective,
            address_hash=mark,
            kind=kind,
            token=secrets.token_urlsafe(32),
        )
        emails.send_invitation(invitation, to=address, sentence=sentence, language=language)


def led_to(collective: Collective) -> None:
    """A collective was let in: whoever invited its address gave the platform a collective, each once."""
    if not collective.contact_email:
        return
    for invitation in Invitation.objects.filter(address_hash=mark_of(collective.contact_email)):
        if invitation.inviter_id or invitation.collective_id:
            record_contribution(
                ledger.INVITATION,
                Direction.GAVE,
                key=f"{ledger.INVITATION}:{invitation.pk}",
                collective_id=invitation.collective_id,
                user_id=invitation.inviter_id,
            )


def mark_of(address: str) -> str:
    """By what an address that was invited is known again."""
    return suppressions.mark(address, "invitation")


def personal_rows(user_id: int | None, email: str) -> Iterator[Mapping[str, Any]]:
    """Invitations that a person sent and got, for the access file; of others nothing."""
    yield from _rows("sent", Invitation.objects.filter(inviter_id=user_id) if user_id else ())
    yield from _rows("received", Invitation.objects.filter(address_hash=mark_of(email)))


def _rows(direction: str, invitations: Iterable[Invitation]) -> Iterator[Mapping[str, Any]]:
    for one in invitations:
        yield {
            "table": "pages.invitation",
            "invitation": direction,
            "kind": one.get_kind_display(),
            "sent_at": one.sent_at,
        }


def forget_person(user_id: int | None, email: str) -> None:
    """Erase a person: links that they sent stay open without their name, what was sent to them is gone."""
    if user_id:
        Invitation.objects.filter(inviter_id=user_id).update(inviter=None)
    Invitation.objects.filter(address_hash=mark_of(email)).delete()
