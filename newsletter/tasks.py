"""What the scheduler does for the newsletter."""

from celery import shared_task
from django.utils import timezone

from newsletter.services import forget_unconfirmed


@shared_task(name="newsletter.forget_unconfirmed", ignore_result=True)
def forget_unconfirmed_task() -> None:
    """Every night: addresses that nobody confirmed go."""
    forget_unconfirmed(timezone.now())
