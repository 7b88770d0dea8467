"""The yearly "is this still right?" of a lab membership; see docs/decisions for what follows when nobody answers."""

from __future__ import annotations

from datetime import date, datetime

from django.core import signing
from django.db import transaction
from django.utils import timezone

from labs import emails, kinds
from labs.choices import MembershipEvent
from labs.confirming import Standing, a_year_after, research_until
from labs.models import LabMembership
from labs.services.history import note
from labs.services.labs import lab_was_changed
from labs.services.memberships import end_membership
from members.choices import Direction
from members.models import User
from members.notifications import notify, settle
from members.services.contributions import record_contribution

SALT = "labs.confirm"
ENDED_BY_THE_CLOCK = "not confirmed for a year"


def token_of(membership: LabMembership) -> str:
    """What stands in the mailed link: which membership, and for which year's confirmation."""
    assert membership.confirm_by is not None
    return signing.dumps([membership.pk, membership.confirm_by.toordinal()], salt=SALT, compress=True)


def read_token(token: str) -> tuple[LabMembership, date] | None:
    """The membership in force that a link is for, and the day that it asks about; None for a link that is none."""
    try:
        pk, ordinal = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = LabMembership.objects.in_force().filter(pk=pk).select_related("lab", "user").first()
    return (found, date.fromordinal(ordinal)) if found else None


@transaction.atomic
def confirm(membership: LabMembership, by: User, *, due: date) -> bool:
    """Confirm it for another year, counted from the day itself, or from today when that has passed.

    `due` is the day that the question was about: once that was answered, or when the membership ended, it is False.
    """
    until = a_year_after(max(due, timezone.localdate()))
    open_question = LabMembership.objects.in_force().filter(pk=membership.pk, confirm_by=due)
    pks = list(open_question.select_for_update(of=("self",)).values_list("pk", flat=True))
    waiting = LabMembership.objects.filter(pk__in=pks, confirm_by=due, ended_at=None)
    if not waiting.update(confirmed_at=timezone.now(), confirm_by=until):
        return False
    note(membership, MembershipEvent.CONFIRMED, by)
    settle(kinds.CONFIRM, [membership.user_id], membership=membership.pk)
    record_contribution(
        kinds.STAYED,
        Direction.GAVE,
        key=f"{kinds.STAYED}:{membership.pk}:{until.isoformat()}",
        user_id=membership.user_id,
        facts=kinds.facts_of(membership),
    )
    lab_was_changed()
    return True


def keep_confirmed(moment: datetime) -> tuple[int, int]:
    """Ask whoever has to confirm, each at most once per step, and end what was silent for a year.

    Gives how many were looked at and how many ended; running it again changes nothing.
    """
    today = timezone.localdate(moment)
    asked = ended = 0
    memberships = LabMembership.objects.to_confirm(today).select_related("lab", "user").order_by("pk")
    for membership in memberships.iterator(chunk_size=500):
        if membership.standing(today) is Standing.OVER:
            ended += _end(membership)
        else:
            _ask(membership, membership.standing(today))
            asked += 1
    return asked, ended


@transaction.atomic
def _ask(membership: LabMembership, standing: Standing) -> None:
    assert membership.confirm_by is not None
    until = research_until(membership.confirm_by) if membership.lab.does_research else None
    key = f"{kinds.CONFIRM}:{membership.pk}:{membership.confirm_by.isoformat()}"
    notify(kinds.CONFIRM, [membership.user_id], key=key, facts=kinds.facts_of(membership))
    emails.send_confirm(membership, token=token_of(membership), standing=standing, research_until=until)


@transaction.atomic
def _end(membership: LabMembership) -> bool:
    ended = end_membership(membership, None, reason=ENDED_BY_THE_CLOCK)
    if ended:
        emails.send_ended(membership)
    return ended
