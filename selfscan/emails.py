"""Every mail of this app: one function each. None holds an answer: the address is unproven."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from collectievekracht.common import mail
from collectievekracht.common.mail import absolute
from selfscan.models import Response
from selfscan.querysets import DRAFT_LIFE, LINK_LIFE_AFTER_SENDING

REPEAT = "repeat_scan"


def _link(name: str, response: Response) -> str:
    with translation.override(response.language):
        return absolute(reverse(f"selfscan:{name}", args=[response.token]))


def _in_words(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day, "l j F Y")


def send_resume_link(response: Response, *, to: str, occasion: str) -> None:
    """The link with which a draft is resumed, on any device."""
    mail.send(
        "selfscan/resume_link",
        to=to,
        key=f"selfscan.resume_link:{response.pk}:{to}:{occasion}",
        kind="selfscan",
        language=response.language,
        context={
            "url": _link("overview", response),
            "until": _in_words(timezone.localdate(timezone.now() + DRAFT_LIFE), response.language),
        },
    )


def send_report_ready(response: Response, *, looked_by: date) -> None:
    """The link to the report, and what happens next; never the file."""
    if response.collective is None or response.completed_at is None:
        raise ValueError("Only a sent scan has a report.")
    mail.send(
        "selfscan/report_ready",
        to=response.answers["contact_email"],
        key=f"selfscan.report_ready:{response.pk}:{response.version}",
        kind="selfscan",
        language=response.language,
        context={
            "collective": response.collective.name,
            "url": _link("done", response),
            "reference": response.reference,
            "looked_by": _in_words(looked_by, response.language),
            "until": _in_words(
                timezone.localdate(response.completed_at + LINK_LIFE_AFTER_SENDING), response.language
            ),
        },
    )


def send_returned(response: Response, reason: str) -> None:
    """The scan is open again, with the reason why."""
    mail.send(
        "selfscan/returned",
        to=response.answers["contact_email"],
        key=f"selfscan.returned:{response.pk}:{response.version}",
        kind="selfscan",
        language=response.language,
        reply_to=settings.TEAM_EMAIL,
        context={"url": _link("overview", response), "why": reason, "reference": response.reference},
    )


def send_waiting(response: Response, *, to: str, looked_by: date) -> None:
    """Tell an admin that a scan waits; the queue says what it is about."""
    mail.send(
        "selfscan/waiting",
        to=to,
        key=f"selfscan.waiting:{response.pk}:{response.version}:{to}",
        kind="admin",
        language="nl",
        context={
            "reference": response.reference,
            "looked_by": _in_words(looked_by, "nl"),
            "url": absolute(reverse("admin:index")),
        },
    )


def send_repeat_invitation(response: Response) -> None:
    """A year after a scan: an invitation to repeat it; who represents the collective starts it after signing in."""
    collective = response.collective
    if collective is None or response.completed_at is None:
        raise ValueError("Only a sent scan can be repeated.")
    with translation.override(collective.language):
        url = absolute(reverse("selfscan:repeat", args=[collective.slug]))
    mail.send(
        "selfscan/repeat_invitation",
        to=collective.contact_email,
        key=f"selfscan.repeat_invitation:{response.pk}",
        kind=REPEAT,
        language=collective.language,
        context={
            "collective": collective.name,
            "day": _in_words(timezone.localdate(response.completed_at), collective.language),
            "url": url,
        },
    )
