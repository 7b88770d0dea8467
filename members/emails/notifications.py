"""Mails about notifications. They hold which ones; what these say is asked when the mail leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from collectievekracht.common import mail
from members.choices import Pace
from members.models import Notification, User

NEWS = "news."  # and the notification's kind: turning the mail off turns this kind off
DIGESTS = {Pace.DAILY: "digest.daily", Pace.WEEKLY: "digest.weekly"}


def send_notification(notification: Notification) -> None:
    """Tell the person this one thing at once."""
    person = notification.user
    mail.send(
        "members/notification",
        to=person.email,
        key=f"members.notification:{notification.pk}",
        kind=f"{NEWS}{notification.kind}",
        language=person.language,
        context={"notifications": [notification.pk]},
    )


def digest_key(person_id: int | str, pace: Pace, day: date) -> str:
    """The key of a person's one digest of a period, which ended on this day."""
    return f"members.{DIGESTS[pace]}:{day.isoformat()}:{person_id}"


def send_digest(person: User, pace: Pace, day: date, notifications: Sequence[int]) -> None:
    """Tell the person all of these in one mail; once per period."""
    mail.send(
        "members/digest",
        to=person.email,
        key=digest_key(person.pk, pace, day),
        kind=DIGESTS[pace],
        language=person.language,
        context={"notifications": list(notifications)},
    )
