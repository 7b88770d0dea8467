"""The steps that are promised when a scan is sent, each with attempts of its own."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from collectievekracht.common import outbox
from selfscan import publication
from selfscan.choices import Step
from selfscan.services import booklets, closing, forget_expired_drafts, links
from selfscan.services.benchmark import freeze_quarter
from selfscan.services.repeats import invite_repeats
from selfscan.services.traits import refresh_traits

outbox.task(Step.PUBLISH.value)(publication.publish_response)
outbox.task(Step.REPORT.value, queue="report", on_failure=publication.report_failed)(publication.build_report)
outbox.task(Step.MAIL.value)(publication.mail_report)
outbox.task(booklets.TASK, queue="report")(booklets.draw_questionnaire)
outbox.task(closing.TASK)(closing.strip_answers)
outbox.task(links.TASK)(links.renew_links)


@shared_task(name="selfscan.freeze_quarter")
def freeze_quarter_task() -> None:
    """Every day: the first one of a quarter takes its snapshot, the others find it taken."""
    freeze_quarter(timezone.now())


@shared_task(name="selfscan.forget_drafts")
def forget_drafts_task() -> None:
    """Every night: drafts that nobody touched for 90 days go."""
    forget_expired_drafts()


@shared_task(name="selfscan.invite_repeats", ignore_result=True)
def invite_repeats_task() -> None:
    """Every morning: the collectives whose last scan is a year old are invited to repeat it, each scan once."""
    invite_repeats()


@shared_task(name="selfscan.refresh_traits", ignore_result=True)
def refresh_traits_task() -> None:
    """Every night: what collectives are alike by is written for those of whom it isn't known yet."""
    refresh_traits()
