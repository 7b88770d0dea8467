"""The machinery's own tasks; the beat schedule is in collectievekracht.celery."""

from celery import shared_task

from collectievekracht.common import health, mail, outbox, upkeep


@outbox.task("common.deliver_mail", lease=150)
def deliver_mail_task(pk: int) -> None:
    mail.deliver(pk)


@shared_task(name="common.sweep", ignore_result=True)
def sweep_task() -> None:
    health.beat("worker")  # that it runs shows that scheduler, broker and worker all live
    outbox.sweep()


@shared_task(name="common.prune", ignore_result=True)
def prune_task() -> None:
    upkeep.prune()
