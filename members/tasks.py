"""What the scheduler asks of members."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from collectievekracht.common import outbox
from members import notifications
from members.services import (
    copies,
    erasing,
    idle,
    import_undo,
    map_grid,
    notifying,
    retention,
    sessions,
    still_right,
    work,
)


@shared_task(name="members.remind_admins", ignore_result=True)
def remind_admins_task() -> None:
    """Remind the team of what is due today; the mail's key makes it once a day, however often this runs."""
    work.remind_admins(timezone.now())


@shared_task(name="members.refresh_map_grid", ignore_result=True)
def refresh_map_grid_task() -> None:
    """Bring the map's grid up to date; little work while there are few pins."""
    map_grid.refresh_map_grid()


outbox.task(notifications.TASK)(notifying.mail_at_once)


@shared_task(name="members.mail_digests", ignore_result=True)
def mail_digests_task() -> None:
    """Mail what is new to whoever wants it once a day or week; one each, however often this runs."""
    notifying.mail_digests(timezone.now())


@shared_task(name="members.forget_notifications", ignore_result=True)
def forget_notifications_task() -> None:
    """Throw away what people were told over a year ago."""
    notifying.forget_old(timezone.now())


outbox.task(copies.TASK, on_failure=copies.copy_failed)(copies.build_copy)
outbox.task(erasing.TASK)(erasing.erase_due)


@shared_task(name="members.expire_copies", ignore_result=True)
def expire_copies_task() -> None:
    """Throw away copies of people's data after a week."""
    copies.expire_copies(timezone.now())


@shared_task(name="members.erase_due", ignore_result=True)
def erase_due_task() -> None:
    """Promise every erasure whose 30 days are over; tell the team ahead when a collective has nobody left by it."""
    erasing.promise_due(timezone.now())
    erasing.warn_team(timezone.now())


@shared_task(name="members.mind_accounts", ignore_result=True)
def mind_accounts_task() -> None:
    """Forget sessions that ended; warn and erase accounts that nobody uses, and those that nobody proved."""
    sessions.forget_ended_sessions()
    idle.forget_unproven_accounts(timezone.now())
    idle.mind_idle_accounts(timezone.now())


@shared_task(name="members.ask_still_right", ignore_result=True)
def ask_still_right_task() -> None:
    """Ask collectives that gave no sign for a year whether their page is right; one mail each, however often this runs."""
    still_right.ask(timezone.now())


@shared_task(name="members.forget_letters", ignore_result=True)
def forget_letters_task() -> None:
    """Throw away old messages, refused requests and answered reports, and what undoing an old import would need."""
    retention.forget_letters(timezone.now())
    import_undo.forget_old_imports(timezone.now())
