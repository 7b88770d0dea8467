"""Mails to the admins when something needs a person."""

from django.conf import settings

from collectievekracht.common import mail, registry
from collectievekracht.common.models import Promise, SentMail


def step_failed(failed: Promise) -> None:
    """Tell every admin once that a promise used its attempts. A failing alert isn't alerted again."""
    if failed.task == mail.TASK and SentMail.objects.filter(pk=failed.target, kind="admin_alert").exists():
        return
    moment = failed.finished_at.isoformat() if failed.finished_at else ""
    send(
        "common/step_failed",
        key=f"step_failed {failed.pk} {moment}",
        context={
            "task": failed.task,
            "target": failed.target,
            "version": failed.version,
            "attempts": failed.attempts,
            "error": failed.last_error,
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
