"""The one notifier: people are told once, on the site at once and by mail at the pace that they chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.urls import NoReverseMatch
from django.utils import timezone

from collectievekracht.common import outbox, registry
from members import queries_notifications
from members.models import Notification

log = structlog.get_logger("collectievekracht.notifications")
TASK = "members.mail_notifications"


@transaction.atomic
def notify(kind: str, users: Iterable[int], *, key: str, facts: Mapping[str, Any]) -> None:
    """Tell these people (ids), each once per key, however often this is called; part of the caller's transaction.

    `kind` is registered in `registry.notification_kinds`, whose `text`, `link` and `may_still_see` get the `facts`:
    plain values, and of others no more than the reader may see. Who wants it at once is mailed by the worker, the
    rest finds it in a digest; the number of queries doesn't grow with the number of people.
    """
    registry.notification_kinds[kind]
    made = queries_notifications.tell(users, kind=kind, key=key, facts=facts, made_at=timezone.now())
    if made:
        outbox.promise(TASK, made[0], version=str(made[-1]))


def settle(kind: str, users: Iterable[int], **about: Any) -> None:
    """What these people were asked is done: what they were told of this kind with these facts is news no more, and is
    not mailed any more."""
    told = Notification.objects.filter(user__in=list(users), kind=kind, facts__contains=about)
    told.unread().update(read_at=timezone.now())


@dataclass(frozen=True, slots=True)
class Line:
    """A notification in words, in the current language."""

    pk: int
    text: str
    link: str
    made_at: datetime
    is_unread: bool


def in_words(notification: Notification) -> Line | None:
    """What this notification says; None when its kind is no more, or can't read facts as old as these."""
    kind = registry.notification_kinds.get(notification.kind)
    try:
        text = str(kind.text(notification.facts)) if kind else ""
        link = kind.link(notification.facts) if kind else ""
    except (LookupError, TypeError, ValueError, NoReverseMatch) as error:
        log.warning("notification_unreadable", notification=notification.pk, error_class=type(error).__name__)
        return None
    if not text:
        return None
    return Line(notification.pk, text, link, notification.made_at, notification.read_at is None)
