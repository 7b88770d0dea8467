"""What an admin decides about a sent scan: once, with its history."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from members.choices import ReviewState
from members.models import Collective, User
from members.services import collectives, contributions
from selfscan import emails, publication
from selfscan.choices import ResponseState
from selfscan.models import Response
from selfscan.services import ledger


def _collective_of(response: Response) -> Collective:
    if response.collective is None:
        raise ValueError("A sent scan has its collective.")
    return response.collective


def _hold(response: Response) -> None:
    """Take the scan before its collective, as sending and publishing do."""
    Response.objects.select_for_update(no_key=True).only("pk").get(pk=response.pk)


@transaction.atomic
def approve_response(response: Response, by: User) -> None:
    """Let the collective in, or take over what the scan of one that is in says anew.

    Raises `AlreadyDecided` when another admin was first.
    """
    _hold(response)
    collective = _collective_of(response)
    again = collective.state == ReviewState.APPROVED
    if again:
        collectives.renew_collective(
            collective, name=response.answers["org_name"], contact_email=response.answers["contact_email"]
        )
    collectives.approve_collective(collective, by, scan_id=response.pk)
    ledger.record_scan(response)
    publication.settle(response, again=again)


@transaction.atomic
def return_response(response: Response, by: User, reason: str) -> None:
    """Open the scan again and mail its link with the reason."""
    _hold(response)
    collectives.return_collective(_collective_of(response), by, reason, scan_id=response.pk)
    Response.objects.completed().filter(pk=response.pk).update(
        state=ResponseState.DRAFT, return_reason=reason, saved_at=timezone.now()
    )
    emails.send_returned(response, reason)


def refuse_response(response: Response, by: User, reason: str) -> None:
    """Refuse the collective; the reason is mailed."""
    collectives.refuse_collective(_collective_of(response), by, reason, scan_id=response.pk)


@transaction.atomic
def merge_response(response: Response, into: Collective, by: User) -> None:
    """This scan is one of a collective that is here already: it moves there."""
    _hold(response)
    collectives.merge_collective(_collective_of(response), into, by, scan_id=response.pk)
    Response.objects.filter(pk=response.pk).update(collective=into)
    contributions.move_contributions(_collective_of(response), into)
    response.collective = into
    ledger.record_scan(response)
