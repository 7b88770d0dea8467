"""Promises: what must happen after a commit, written in the same transaction and never lost.

`promise` writes a row; after the commit its name, pk and version go to the broker. `sweep` finds every promise that
is not done, whatever happened to the broker or to the worker. A step may run more than once: it claims its promise
first, and its work is an upsert or guarded by a unique key.
"""

import atexit
import inspect
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from celery import current_task, shared_task
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.module_loading import autodiscover_modules, import_string

from collectievekracht.common import leases, queries
from collectievekracht.common.breaker import Breaker
from collectievekracht.common.models import Promise, PromiseState
from collectievekracht.common.signals import promise_failed

log = structlog.get_logger("collectievekracht.outbox")
broker_breaker = Breaker()


class Retry(Exception):
    """Raised by a step that wants to be tried later; `counts=False` when the try was nobody's fault of ours."""

    def __init__(
        self, later: timedelta = timedelta(seconds=30), *, counts: bool = True, why: str = ""
    ) -> None:
        super().__init__(why)
        self.later, self.counts, self.why = later, counts, why


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    act: Callable[..., Any]
    queue: str
    lease: float
    backoff: tuple[float, ...]
    takes_version: bool
    on_failure: Callable[[int, str], None] | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What a sweep did: sent to the broker, could not be sent, given up."""

    sent: int = 0
    unsent: int = 0
    failed: int = 0


_steps: dict[str, Step] = {}


def promise(task: str, pk: int, *, version: str = "", max_attempts: int = 3) -> None:
    """Promise that `task` will be done for `pk`, once per version; part of the caller's transaction.

    The same promise again is no second one. It is sent to the broker after the commit, off the request's path.
    """
    fresh = Promise(task=task, target=pk, version=version, max_attempts=max_attempts)
    Promise.objects.bulk_create([fresh], ignore_conflicts=True)
    transaction.on_commit(lambda: _post(task, pk, version), robust=True)


def renew(task: str, pk: int, *, version: str = "") -> bool:
    """Open a promise that failed or was done, with all its attempts; False if there is none or it is open."""
    finished = Promise.objects.filter(task=task, target=pk, version=version).exclude(state=PromiseState.OPEN)
    found = finished.update(
        state=PromiseState.OPEN, attempts=0, due_at=Now(), queued_at=Now(), finished_at=None, last_error=""
    )
    if found:
        transaction.on_commit(lambda: _post(task, pk, version), robust=True)
    return bool(found)


def state_of(task: str, pk: int, version: str = "") -> str | None:
    """ "open", "done", "failed", or None when it was never promised."""
    found = Promise.objects.filter(task=task, target=pk, version=version)
    return found.values_list("state", flat=True).first()


def task(
    name: str,
    *,
    queue: str = "celery",
    lease: float = 120,
    soft: float = 60,
    hard: float = 90,
    backoff: tuple[float, ...] = (10, 60, 300),
    on_failure: Callable[[int, str], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the step that keeps promises of this name: `act(pk)` or `act(pk, version)`.

    It runs when its promise is free, is done when it returns, and is tried again when it raises, after `backoff`
    seconds, until the promise's attempts are used: then the promise is failed, `on_failure(pk, version)` runs in the
    same transaction, and the admins get one mail.
    """
    if lease <= hard:
        raise ValueError("A lease must last longer than the hard time limit.")

    def register(act: Callable[..., Any]) -> Callable[..., Any]:
        takes_version = len(inspect.signature(act).parameters) > 1
        _steps[name] = Step(name, act, queue, lease, backoff, takes_version, on_failure)

        @shared_task(
            name=name,
            acks_late=True,
            reject_on_worker_lost=True,
            soft_time_limit=soft,
            time_limit=hard,
            ignore_result=True,
            max_retries=0,
        )
        def message(pk: int, version: str = "") -> None:
            with suppress(DatabaseError, InterfaceError):  # a database that is away: the sweep sends it again
                run(name, pk, version)

        return act

    return register


def run(name: str, pk: int, version: str = "") -> bool:
    """Do a promise here and now if it is free; True if it is done by this call."""
    step = _step(name)
    claim = _claim(step, pk, version)
    if claim is None:
        return False
    started = time.monotonic()
    try:
        step.act(pk, version) if step.takes_version else step.act(pk)
    except Retry as retry:
        log.info("step_postponed", task=name, target=pk, why=retry.why, attempt=claim.attempt)
        _release(step, claim, error=retry.why or "Retry", later=retry.later, counts=retry.counts)
        return False
    except Exception as error:
        log.warning("step_raised", task=name, target=pk, attempt=claim.attempt, exc_info=error)
        seconds = step.backoff[min(claim.attempt, len(step.backoff)) - 1]
        away = isinstance(error, DatabaseError | InterfaceError) and not _database_answers()
        _release(step, claim, error=type(error).__name__, later=timedelta(seconds=seconds), counts=not away)
        return False
    _persistently(lambda: _mine(claim).update(**_over(PromiseState.DONE)))
    log.info(
        "step_done",
        task=name,
        target=pk,
        attempt=claim.attempt,
        ms=round(1000 * (time.monotonic() - started)),
    )
    return True


def run_due(limit: int = 10_000) -> int:
    """Do everything that is due, in this process, without a broker; the number of promises that were done."""
    _free_dead_leases()
    _give_up_exhausted()
    done, seen = 0, set[int]()
    for _ in range(limit):
        free = Promise.objects.filter(state=PromiseState.OPEN, due_at__lte=Now()).exclude(
            leased_until__gte=Now()
        )
        due = free.exclude(pk__in=seen).order_by("due_at", "pk").first()
        if due is None:
            break
        seen.add(due.pk)
        done += _known(due.task) and run(due.task, due.target, due.version)
    return done


def sweep(batch: int = 200) -> Counts:
    """Send everything that was promised and not done to the broker, and give up what has used its attempts.

    Any number of sweeps may run at once.
    """
    _free_dead_leases()
    failed, sent = _give_up_exhausted(), 0
    again_after = settings.SWEEP_SECONDS + 5
    while messages := queries.take_unqueued(batch, again_after=again_after):
        for position, message in enumerate(messages):
            if not _known(message.task):
                continue
            if not _publish(message.task, message.target, message.version):
                rest = [unsent.pk for unsent in messages[position:]]
                Promise.objects.filter(pk__in=rest, state=PromiseState.OPEN).update(queued_at=None)
                return Counts(sent, len(rest), failed)
            sent += 1
    return Counts(sent, 0, failed)


# Claims and their end.


def _step(name: str) -> Step:
    if name not in _steps:
        autodiscover_modules("tasks")
    return _steps[name]


def _known(name: str) -> bool:
    """Whether this code has the step; a promise of older or newer code waits for its own."""
    try:
        _step(name)
    except KeyError:
        log.error("unknown_step", task=name)
        return False
    return True


def _claim(step: Step, pk: int, version: str) -> queries.Claim | None:
    claim = queries.claim(step.name, pk, version, owner=leases.me(), seconds=step.lease)
    if claim is None:
        held = Promise.objects.filter(task=step.name, target=pk, version=version, state=PromiseState.OPEN)
        if _free_dead_leases(held):
            claim = queries.claim(step.name, pk, version, owner=leases.me(), seconds=step.lease)
        if claim is None:
            _give_up_exhausted(held)
    return claim


def _over(state: PromiseState) -> dict[str, Any]:
    return {"state": state, "finished_at": Now(), "leased_until": None, "leased_by": ""}


def _mine(claim: queries.Claim) -> Any:
    return Promise.objects.filter(
        pk=claim.pk, state=PromiseState.OPEN, attempts=claim.attempt, leased_by=leases.me()
    )


def _release(step: Step, claim: queries.Claim, *, error: str, later: timedelta, counts: bool) -> None:
    def act() -> None:
        values: dict[str, Any] = {"leased_until": None, "leased_by": "", "last_error": error[:200]}
        if not counts:
            values["attempts"] = F("attempts") - 1
        # Queued "now" keeps it for the next sweep after it is due: a retry isn't urgent.
        values |= {"due_at": Now() + later, "queued_at": None}
        _mine(claim).update(**values)
        if counts and claim.attempt >= claim.max_attempts:
            _give_up_exhausted(Promise.objects.filter(pk=claim.pk))

    _persistently(act)


def _give_up_exhausted(among: Any = None) -> int:
    """Fail what has used its attempts and isn't being done; each failure is told to the admins once."""
    candidates = (Promise.objects.all() if among is None else among).filter(
        state=PromiseState.OPEN, attempts__gte=F("max_attempts")
    )
    count = 0
    for pk in list(candidates.exclude(leased_until__gte=Now()).values_list("pk", flat=True)):
        with transaction.atomic():
            free = Promise.objects.filter(pk=pk, state=PromiseState.OPEN, attempts__gte=F("max_attempts"))
            if free.exclude(leased_until__gte=Now()).update(**_over(PromiseState.FAILED)):
                count += 1
                _tell(Promise.objects.get(pk=pk))
    return count


def _tell(failed: Promise) -> None:
    log.error("step_failed", task=failed.task, target=failed.target, error_class=failed.last_error)
    step = _step(failed.task)
    if step.on_failure:
        step.on_failure(failed.target, failed.version)
    promise_failed.send(sender=Promise, promise=failed)


def _persistently(act: Callable[[], Any], seconds: float = 8) -> None:
    """Write the end of a step, also when the database is away for a moment."""
    until = time.monotonic() + seconds
    while True:
        try:
            act()
            return
        except (DatabaseError, InterfaceError):
            if time.monotonic() > until or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.5)


def _database_answers() -> bool:
    try:
        return connection.connection is not None and connection.is_usable()
    except Exception:  # noqa: BLE001 -- any answer but yes is no
        return False


def _free_dead_leases(among: Any = None) -> int:
    """End the leases of processes that died on this machine, so that their work is done again at once."""
    leased = (Promise.objects.all() if among is None else among).filter(
        state=PromiseState.OPEN, leased_until__gte=Now()
    )
    freed = 0
    for pk, owner in list(leased.values_list("pk", "leased_by")):
        if leases.is_dead(owner):
            mine = Promise.objects.filter(pk=pk, leased_by=owner, state=PromiseState.OPEN)
            freed += mine.update(leased_until=None, leased_by="", queued_at=None, last_error="WorkerLost")
    return freed


# To the broker.


@cache
def _broker_app() -> Any:
    return import_string(settings.CELERY_APP)


def _publish(name: str, pk: int, version: str) -> bool:
    """Send one message; False if the broker is away, which is then left alone for ten seconds."""
    step, app = _step(name), _broker_app()
    if broker_breaker.open:
        return False
    try:
        app.send_task(name, args=(pk, version), queue=step.queue, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 -- kombu, redis, sockets: all mean that the sweep will send it
        broker_breaker.trip()
        log.warning("broker_away", error_class=type(error).__name__)
        return False
    return True


class _Publisher:
    """A thread of the web process that sends messages, so that no request waits for the broker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[str, int, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, message: tuple[str, int, str]) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
                self._thread.start()
        self._waiting.put(message)

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None:
            with suppress(Exception):  # an unknown name: the sweep will say so
                _publish(*message)

    def drain(self) -> None:
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=2)

    def after_fork(self) -> None:
        self._lock = threading.Lock()
        self._forget()


_publisher = _Publisher()
atexit.register(_publisher.drain)
os.register_at_fork(after_in_child=_publisher.after_fork)


def _post(name: str, pk: int, version: str) -> None:
    if not getattr(settings, "OUTBOX_PUBLISH", True):
        return
    if current_task:
        _publish(name, pk, version)
    else:
        _publisher.put((name, pk, version))
