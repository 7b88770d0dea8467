"""Every mail of this app: one function each."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation

from collectievekracht.common import mail
from collectievekracht.common.mail import absolute
from newsletter.models import Subscriber


def send_confirm(subscriber: Subscriber) -> None:
    """Ask whether this address really wants the newsletter."""
    with translation.override(subscriber.language):
        url = absolute(reverse("newsletter:confirm", args=[subscriber.token]))
    mail.send(
        "newsletter/confirm",
        to=subscriber.email,
        key=f"newsletter.confirm:{subscriber.pk}:{subscriber.asked_at:%Y%m%d}",
        kind="newsletter_confirm",
        language=subscriber.language,
        context={"url": url},
    )
