"""How a collective lives: active, dormant or stopped; and that its people looked whether the page is still right."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from members import map_cache
from members.choices import Activity
from members.models import Collective, Membership, User
from members.notifications import settle
from members.page_news import STILL_RIGHT
from members.queries_peers import rank_anew
from members.services.holding import hold


@transaction.atomic
def change_activity(collective: Collective, to: Activity, by: User) -> bool:
    """Write down how the collective lives; False when it lives so already. Directory and page say it at once."""
    hold(collective)
    before = Collective.objects.values_list("activity", flat=True).get(pk=collective.pk)
    if before == to:
        return False
    Collective.objects.filter(pk=collective.pk).update(activity=to)
    audit.record(by.pk, "collective.activity", collective, before=before, after=str(to))
    map_cache.forget()
    rank_anew()
    return True


@transaction.atomic
def confirm(collective: Collective, by: User | None) -> None:
    """Write down that what is public is still right; by somebody who is signed in, or by the yearly link."""
    hold(collective)
    looked(collective)
    Collective.objects.filter(pk=collective.pk).update(confirmed_at=timezone.now())
    audit.record(by.pk if by else None, "collective.confirmed", collective)


def looked(collective: Collective) -> None:
    """Somebody looked at the page: the yearly question is no news to its representatives any more."""
    people = Membership.objects.representatives().filter(collective=collective)
    settle(STILL_RIGHT, people.values_list("user", flat=True), collective=collective.pk)
