"""Subscribing to the newsletter: asked, confirmed, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.models import Subscriber

KEEP_UNCONFIRMED = timedelta(days=7)


@transaction.atomic
def subscribe(email: str, *, language: str, channel: str, text_version: str) -> None:
    """Ask this address to confirm that it wants the newsletter; one that did so already hears nothing."""
    # Locked, so that a confirmation of this moment isn't taken back.
    subscriber, made = Subscriber.objects.select_for_update().get_or_create(
        email=email.strip().lower(),
        defaults={"language": language, "channel": channel, "text_version": text_version},
    )
    if subscriber.confirmed_at and not subscriber.left_at:
        return
    if not made:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            asked_at=timezone.now(),
            language=language,
            channel=channel,
            text_version=text_version,
            confirmed_at=None,
            left_at=None,
        )
        subscriber.refresh_from_db()
    emails.send_confirm(subscriber)


def confirm(token: str) -> Subscriber | None:
    """The subscriber behind this link, confirmed from now on; None for a link that isn't known."""
    Subscriber.objects.filter(token=token, confirmed_at=None).update(
        confirmed_at=timezone.now(), left_at=None
    )
    return Subscriber.objects.filter(token=token).first()


def forget_unconfirmed(now: datetime) -> int:
    """Delete the addresses that did not confirm within seven days; how many there were."""
    waiting = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=now - KEEP_UNCONFIRMED)
    return waiting.delete()[0]
