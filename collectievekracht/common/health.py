"""Is the process up, and can it do its work? For monitoring and load balancers."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from collectievekracht.common.models import Heartbeat, Promise, PromiseState

HEARTBEAT_LIMIT = timedelta(minutes=2)
PROMISE_LIMIT = timedelta(minutes=5)
FREE_DISK = 200_000_000

_migrated = False


def beat(name: str) -> None:
    """Write a sign of life of a process."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it looks at nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database is away or behind its migrations; what else is away is named as degraded, with 200."""
    try:
        ready, degraded = _is_migrated(), _degraded()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "degraded": ["database"]}, status=503)
    if not ready:
        return JsonResponse({"status": "unavailable", "degraded": ["migrations"]}, status=503)
    return JsonResponse({"status": "degraded" if degraded else "ok", "degraded": degraded})


def _is_migrated() -> bool:
    """Whether every migration of this code has run; once it is so it stays so for this process."""
    global _migrated  # noqa: PLW0603 -- one answer per process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _degraded() -> list[str]:
    checks: dict[str, Callable[[], bool]] = {
        "worker": _worker_lives,
        "promises": _promises_are_kept,
        "failed_promises": lambda: not Promise.objects.filter(state=PromiseState.FAILED).exists(),
        "broker": lambda: _answers(settings.REDIS_URL),
        "cache": lambda: _answers(settings.CACHES["pages"]["LOCATION"]),
        "disk": _has_disk,
    }
    return [name for name, holds in checks.items() if not holds()]


def _worker_lives() -> bool:
    return Heartbeat.objects.filter(name="worker", beat_at__gt=timezone.now() - HEARTBEAT_LIMIT).exists()


def _promises_are_kept() -> bool:
    late = Promise.objects.filter(state=PromiseState.OPEN, due_at__lt=timezone.now() - PROMISE_LIMIT)
    return not late.exists()


def _answers(url: str) -> bool:
    options: dict[str, Any] = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    try:
        with redis.Redis.from_url(
            url.replace("redis+socket://", "unix://"), retry=Retry(NoBackoff(), 0), **options
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):
        return False


def _has_disk() -> bool:
    try:
        return shutil.disk_usage(settings.DATA_DIR).free > FREE_DISK
    except OSError:
        return False
