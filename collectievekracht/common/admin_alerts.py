"""Mails to the admins when something needs a person."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver

from collectievekracht.common import mail, registry
from collectievekracht.common.models import Promise, SentMail
from collectievekracht.common.signals import promise_failed


@receiver(promise_failed, dispatch_uid="common.step_failed")
def step_failed(sender: type[Promise], promise: Promise, **kwargs: Any) -> None:
    """Tell every admin once that a promise used its attempts. A failing alert isn't alerted again."""
    if promise.task == mail.TASK and SentMail.objects.filter(pk=promise.target, kind="admin_alert").exists():
        return
    moment = promise.finished_at.isoformat() if promise.finished_at else ""
    send(
        "common/step_failed",
        key=f"step_failed {promise.pk} {moment}",
        context={
            "task": promise.task,
            "target": promise.target,
            "version": promise.version,
            "attempts": promise.attempts,
            "error": promise.last_error,
        },
    )


def send(template: str, *, key: str, context: dict[str, object]) -> None:
    """One mail to each admin's address; `key` is made unique per address."""
    for address in registry.admin_addresses():
        mail.send(
            template,
            to=address,
            key=f"{key[:120]} {mail.suppressions.normal(address)[:70]}",
            kind="admin_alert",
            context=context,
            language=settings.LANGUAGE_CODE,
        )
