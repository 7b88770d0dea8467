"""What these pages promise to do later."""

from __future__ import annotations

from collectievekracht.common import outbox
from collectievekracht.pages.services import campaigns, receipts

outbox.task(campaigns.TASK, queue="report")(campaigns.draw_sheets)
outbox.task(receipts.TASK, queue="report")(receipts.draw_receipt)
