"""The steps that are promised when a scan is sent, each with attempts of its own."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from collectievekracht.common import outbox
from selfscan import publication
from selfscan.choices import Step
from selfscan.services import booklets, forget_expired_drafts
from selfscan.services.benchmark import freeze_quarter

outbox.task(Step.PUBLISH.value)(publication.publish_response)
outbox.task(Step.REPORT.value, queue="report", on_failure=publication.report_failed)(publication.build_report)
outbox.task(Step.MAIL.value)(publication.mail_report)
outbox.task(booklets.TASK, queue="report")(booklets.draw_questionnaire)


@shared_task(name="selfscan.freeze_quarter")
def freeze_quarter_task() -> None:
    """Every day: the first one of a quarter takes its snapshot, the others find it taken."""
    freeze_quarter(timezone.now())


@shared_task(name="selfscan.forget_drafts")
def forget_drafts_task() -> None:
    """Every night: drafts that nobody touched for 90 days go."""
    forget_expired_drafts()
