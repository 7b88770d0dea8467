"""What the scheduler asks of the labs."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from labs.services import confirmations


@shared_task(name="labs.keep_confirmed", ignore_result=True)
def keep_confirmed_task() -> None:
    """Ask members to confirm, and end what was silent for a year; each mail's key makes it once."""
    confirmations.keep_confirmed(timezone.now())
