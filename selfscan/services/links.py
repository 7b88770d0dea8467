"""New links for the scans of a collective, so that the old ones open nothing to who no longer speaks for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import outbox
from members.models import Collective, Membership
from members.services.erasing import addresses_of
from selfscan.models import Response, new_token

TASK = "selfscan.renew_links"


def promise_new_links(collective: Collective) -> None:
    """Promise it once the change is certain; a scan is taken before its collective."""
    outbox.promise(TASK, collective.pk, version=timezone.now().isoformat())


def renew_links(collective_id: int, _occasion: str) -> None:
    """Give every scan of the collective another link, and forget addresses that are of none of its representatives.

    Representatives find the scans with their collective; may run any number of times.
    """
    speaking = Membership.objects.representatives().filter(collective=collective_id).select_related("user")
    known = {address for one in speaking for address in addresses_of(one.user)}
    for pk in Response.objects.filter(collective=collective_id).order_by("pk").values_list("pk", flat=True):
        _renew(pk, known)


@transaction.atomic
def _renew(pk: int, known: set[str]) -> None:
    for scan in Response.objects.select_for_update(of=("self",)).filter(pk=pk):
        kept = scan.email if scan.email.lower() in known else ""
        Response.objects.filter(pk=pk).update(token=new_token(), email=kept)
