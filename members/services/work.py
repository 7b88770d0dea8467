"""The team's work queue: opened and closed by whoever owns the thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from collectievekracht.common.working_days import deadline
from members import emails
from members.choices import Decision, WorkKind
from members.models import Collective, CollectiveProfile, User, WorkItem
from members.queries import admins_to_notify

CLOSING_TIME = time(17, 0)


class AlreadyDecided(Exception):
    """Somebody decided first; `item` says who, when and what."""

    def __init__(self, item: WorkItem | None) -> None:
        super().__init__("already decided")
        self.item = item


def promised_on(moment: datetime) -> date:
    """The day by whose end the team has looked: two working days after `moment`."""
    return deadline(moment)


def due_at(moment: datetime) -> datetime:
    """The moment by which the team has looked, in Amsterdam's time."""
    return timezone.make_aware(datetime.combine(promised_on(moment), CLOSING_TIME))


def end_of_day(moment: datetime) -> datetime:
    """The last moment of the day in Amsterdam on which `moment` falls."""
    return timezone.make_aware(datetime.combine(timezone.localdate(moment), time.max))


@transaction.atomic
def open_work(
    kind: WorkKind,
    target_id: int,
    *,
    title: str,
    collective: Collective | None = None,
    facts: dict[str, Any] | None = None,
    opened_at: datetime | None = None,
) -> WorkItem:
    """The open work on this thing: made, or brought up to date when it is open already."""
    opened_at = opened_at or timezone.now()
    item, _ = WorkItem.objects.update_or_create(
        kind=kind,
        target_id=target_id,
        decided_at=None,
        defaults={"title": title[:200], "collective": collective, "facts": facts or {}},
        create_defaults={
            "title": title[:200],
            "collective": collective,
            "facts": facts or {},
            "opened_at": opened_at,
            "due_at": due_at(opened_at),
        },
    )
    return item


def open_on_new_texts(profiles: Iterable[CollectiveProfile]) -> None:
    """Open work on texts that were just made, each with its collective; one query for many."""
    now = timezone.now()
    due = due_at(now)
    WorkItem.objects.bulk_create(
        WorkItem(
            kind=WorkKind.REVISION,
            target_id=profile.pk,
            title=profile.name[:200],
            collective=profile.collective,
            opened_at=now,
            due_at=due,
        )
        for profile in profiles
    )


def note_fact(kind: WorkKind, target_id: int, **facts: Any) -> None:
    """Add facts to open work, for the queue to show; nothing happens when none is open."""
    with transaction.atomic():
        item = WorkItem.objects.open().select_for_update().filter(kind=kind, target_id=target_id).first()
        if item:
            item.facts = {**item.facts, **facts}
            item.save(update_fields=["facts"])


def claim_work(item: WorkItem, by: User, *, instead_of: int | None = None) -> bool:
    """Take work on one's name; False when somebody else has it or it was decided.

    `instead_of` is the number of whoever has it, and from whom it is taken over.
    """
    free = WorkItem.objects.filter(pk=item.pk, decided_at=None, claimed_by=instead_of)
    return bool(free.update(claimed_by=by, claimed_at=timezone.now()))


def release_work(item: WorkItem, by: User) -> bool:
    """Give back work that was on one's own name."""
    mine = WorkItem.objects.filter(pk=item.pk, decided_at=None, claimed_by=by)
    return bool(mine.update(claimed_by=None, claimed_at=None))


def release_all(by: User) -> int:
    """Give back all work on the name of somebody who doesn't work here any more; gives the number of items."""
    mine = WorkItem.objects.filter(decided_at=None, claimed_by=by)
    return mine.update(claimed_by=None, claimed_at=None)


def close_work(kind: WorkKind, target_id: int, decision: Decision, by: User) -> None:
    """Write down the one decision on this thing; of two at once, one gets `AlreadyDecided`."""
    waiting = WorkItem.objects.filter(kind=kind, target_id=target_id, decided_at=None)
    if not waiting.update(decision=decision, decided_by=by, decided_at=timezone.now()):
        item = WorkItem.objects.filter(kind=kind, target_id=target_id).order_by("-decided_at").first()
        raise AlreadyDecided(item)


def is_decided(kind: WorkKind, target_id: int, since: datetime) -> bool:
    """Whether somebody decided on this thing at or after a moment."""
    return WorkItem.objects.filter(kind=kind, target_id=target_id, decided_at__gte=since).exists()


def supersede_work(kind: WorkKind, target_id: int, by: User | None) -> None:
    """Close open work on a thing that a newer one replaces; nothing happens when none is open.

    `by` is nobody where the newer one came by itself, as a scan does.
    """
    waiting = WorkItem.objects.filter(kind=kind, target_id=target_id, decided_at=None)
    waiting.update(decision=Decision.MERGED, decided_by=by, decided_at=timezone.now())


def withdraw_work(kind: WorkKind, target_id: int) -> None:
    """Take open work out of the queue because whoever asked for it took that back; nothing happens when none is open."""
    WorkItem.objects.filter(kind=kind, target_id=target_id, decided_at=None).delete()


def remind_admins(moment: datetime) -> int:
    """Mail the admins once a day about work that is due today or late; gives the number of items."""
    due = list(WorkItem.objects.open().filter(due_at__lte=end_of_day(moment)))
    if due:
        for address in admins_to_notify():
            emails.send_work_due(to=address, day=timezone.localdate(moment), items=due)
    return len(due)
