"""The Celery application: tasks survive a broker, a worker or a database that goes away.

What each setting is for stands in docs/decisions. Redis holds nothing that must survive: every task that matters is a
promise in the database (see `collectievekracht.common.outbox`), and the broker only makes it quick.
"""

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

import kombu
from celery import Celery
from celery.app.amqp import AMQP
from celery.schedules import crontab
from celery.signals import heartbeat_sent
from django.conf import settings
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collectievekracht.settings")


def _on(task: str, when: crontab, *, expires: int = 3600) -> dict[str, Any]:
    """A message that no worker took in so many seconds is thrown away: none pile up while no worker runs."""
    return {"task": task, "schedule": when, "options": {"expires": expires}}


def schedule() -> dict[str, dict[str, Any]]:
    """What the scheduler sends, and when."""
    seconds = settings.SWEEP_SECONDS
    return {
        "sweep": {
            "task": "common.sweep",
            "schedule": timedelta(seconds=seconds),
            "options": {"expires": seconds},
        },
        # Through the day. The day's digests leave at seven; later runs reach whom an earlier one did not.
        "mail_digests": _on("members.mail_digests", crontab(minute="5-59/10"), expires=500),
        "refresh_map_grid": _on("members.refresh_map_grid", crontab(minute="*/10"), expires=500),
        "expire_copies": _on("members.expire_copies", crontab(minute="20"), expires=3000),
        # By night.
        "erase_due": _on("members.erase_due", crontab(hour="2", minute="40")),
        "forget_letters": _on("members.forget_letters", crontab(hour="3", minute="10")),
        "forget_receipts": _on("pages.forget_receipts", crontab(hour="3", minute="15")),
        "freeze_quarter": _on("selfscan.freeze_quarter", crontab(hour="3", minute="20")),
        "refresh_traits": _on("selfscan.refresh_traits", crontab(hour="3", minute="25")),
        "forget_notifications": _on("members.forget_notifications", crontab(hour="3", minute="30")),
        "forget_unconfirmed": _on("newsletter.forget_unconfirmed", crontab(hour="3", minute="40")),
        "forget_drafts": _on("selfscan.forget_drafts", crontab(hour="3", minute="50")),
        "prune": _on("common.prune", crontab(hour="4", minute="10")),
        "mind_accounts": _on("members.mind_accounts", crontab(hour="4", minute="30")),
        # In the morning, since people get a mail of it.
        "keep_labs_confirmed": _on("labs.keep_confirmed", crontab(hour="8", minute="20")),
        "ask_still_right": _on("members.ask_still_right", crontab(hour="8", minute="30", day_of_week="mon")),
        "invite_repeats": _on("selfscan.invite_repeats", crontab(hour="8", minute="40")),
        "remind_admins": _on(
            "members.remind_admins", crontab(hour="9,14", minute="0", day_of_week="mon-fri")
        ),
    }


def configuration() -> dict[str, Any]:
    """Read when the app is first used, because Django's settings must be there by then."""
    # Nobody waits for a worker; a page must not wait for the broker.
    waiting = settings.PROCESS not in ("worker", "beat")
    transport: dict[str, Any] = {
        "socket_connect_timeout": 0.5 if waiting else 1.0,
        "socket_timeout": 0.5 if waiting else 5.0,
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
    if waiting:
        transport |= {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    return {
        "broker_url": settings.REDIS_URL,
        "broker_transport_options": transport,
        "broker_connection_timeout": 0.5 if waiting else 4,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry": not waiting,
        "result_backend": None,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": "celery",
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": 60,
        "task_time_limit": 90,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 60,
        "worker_enable_soft_shutdown_on_idle": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        # Nobody commands workers from afar; and with it kombu 5.7 ends a worker whose broker dies while it works.
        "worker_enable_remote_control": False,
        "beat_schedule": schedule(),
        "beat_schedule_filename": str(settings.DATA_DIR / "beat"),
        "beat_max_loop_interval": 5,
        "timezone": settings.TIME_ZONE,
    }


class Places(redis.QoS):
    """How much work a worker has taken: what it did is no longer counted, also when the broker can't be told.

    By itself kombu 5.7 counts such work for ever: a worker whose broker is away for the moment in which its work ends
    takes none again, and looks alive. A broker that kept the message hands it out again, which a promise endures.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            self._quick_ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        finally:
            self._quick_ack(delivery_tag)


class BrokerChannel(redis.Channel):
    QoS = Places


class BrokerTransport(redis.Transport):
    Channel = BrokerChannel


class BrokerConnection(kombu.Connection):
    """Asks every other second for a broker that is away; by itself it would wait ever longer, up to half a minute."""

    def get_transport_cls(self) -> type[BrokerTransport]:
        return BrokerTransport

    def ensure_connection(self, *args: Any, **waiting: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_start": 2, "interval_step": 0} | waiting)


class BrokerProtocol(AMQP):
    Connection = BrokerConnection


app = Celery("collectievekracht", amqp=BrokerProtocol)
app.add_defaults(configuration)
app.set_default()
app.autodiscover_tasks()


@heartbeat_sent.connect
def sign_of_life(sender: Any, **_more: Any) -> None:
    """A worker whose loop runs and whose broker answers touches a file, which the container's health check reads."""
    with suppress(OSError):
        (settings.DATA_DIR / f"{sender.eventer.hostname.partition('@')[0]}.alive").touch()
