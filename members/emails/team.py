"""Mails to the platform's team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from collectievekracht.common import mail
from collectievekracht.common.mail import absolute
from members.models import WorkItem


def send_work_due(*, to: str, day: date, items: Sequence[WorkItem]) -> None:
    """Remind an admin of what is due today or late."""
    mail.send(
        "members/work_due",
        to=to,
        key=f"members.work_due:{day.isoformat()}:{to}",
        kind="admin",
        language="nl",
        context={"titles": [item.title for item in items], "queue_url": absolute(reverse("admin:index"))},
    )
