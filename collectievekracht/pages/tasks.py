"""What these pages promise to do later."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from collectievekracht.common import outbox
from collectievekracht.pages.services import campaigns, receipts

outbox.task(campaigns.TASK, queue="report")(campaigns.draw_sheets)
outbox.task(receipts.TASK, queue="report")(receipts.draw_receipt)


@shared_task(name="pages.forget_receipts", ignore_result=True)
def forget_receipts_task() -> None:
    """Throw away receipts that were drawn long ago."""
    receipts.forget_old_receipts(timezone.now())
