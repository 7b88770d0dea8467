"""Mails to whoever reported something."""

from __future__ import annotations

from collectievekracht.common import mail
from members.choices import ReviewState
from members.models import AbuseReport


def send_abuse_answered(report: AbuseReport, *, to: str) -> None:
    """Tell who reported something what the team found, and did."""
    mail.send(
        "members/abuse_answered",
        to=to,
        key=f"members.abuse_answered:{report.pk}",
        kind="abuse",
        language=report.reporter.language if report.reporter else report.language,
        context={
            "page_url": mail.absolute(report.address),
            "acted": report.state == ReviewState.APPROVED,
            "answer": report.answer,
        },
    )
