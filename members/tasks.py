"""What the scheduler asks of members."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from members.services import map_grid, work


@shared_task(name="members.remind_admins", ignore_result=True)
def remind_admins_task() -> None:
    """Remind the team of what is due today; the mail's key makes it once a day, however often this runs."""
    work.remind_admins(timezone.now())


@shared_task(name="members.refresh_map_grid", ignore_result=True)
def refresh_map_grid_task() -> None:
    """Bring the map's grid up to date; little work while there are few pins."""
    map_grid.refresh_map_grid()
