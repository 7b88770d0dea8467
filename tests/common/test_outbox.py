import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from collectievekracht.common import leases, outbox, upkeep
from collectievekracht.common.models import Promise, SentMail

pytestmark = pytest.mark.django_db


def the_promise():
    return Promise.objects.get()


def test_promise_is_done_once(step):
    done = []
    name = step(done.append)
    outbox.promise(name, 7)
    outbox.promise(name, 7)

    assert outbox.state_of(name, 7) == "open"
    assert outbox.run(name, 7)
    assert not outbox.run(name, 7)
    assert done == [7]
    assert outbox.state_of(name, 7) == "done"
    assert outbox.state_of(name, 8) is None


def test_promise_passes_its_version_to_a_step_that_takes_it(step):
    seen = []
    name = step(lambda pk, version: seen.append((pk, version)))
    for version in ("1", "2"):
        outbox.promise(name, 7, version=version)

    assert outbox.run_due() == 2
    assert sorted(seen) == [(7, "1"), (7, "2")]


@pytest.mark.django_db(transaction=True)
def test_promise_vanishes_with_its_transaction(step):
    name = step(lambda pk: None)

    def fail():
        with transaction.atomic():
            outbox.promise(name, 7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert outbox.state_of(name, 7) is None


@pytest.mark.django_db(transaction=True)
def test_same_message_delivered_100_times_in_20_threads_runs_once(step, at_once):
    done = []
    name = step(lambda pk: (done.append(pk), time.sleep(0.05)))
    outbox.promise(name, 7)

    answers = at_once(lambda _: outbox.run(name, 7), 100)

    assert done == [7]
    assert answers.count(True) == 1
    assert the_promise().attempts == 1


def test_poison_is_tried_three_times_then_fails_with_one_alert_per_admin(step):
    tries = []

    def poison(pk):
        tries.append(pk)
        raise ValueError("secret answer of a person")

    name = step(poison, backoff=(0,))
    outbox.promise(name, 7)
    for _ in range(10):
        outbox.run(name, 7)

    promise = Promise.objects.get(task=name)
    assert (len(tries), promise.state, promise.attempts) == (3, "failed", 3)
    assert promise.last_error == "ValueError"
    alerts = SentMail.objects.filter(template="common/step_failed")
    assert sorted(alerts.values_list("to", flat=True)) == ["admin@example.org", "second@example.org"]
    assert "secret" not in str(list(alerts.values_list("context", flat=True)))


def test_on_failure_runs_once_with_the_promise(step):
    told = []

    def poison(pk):
        raise ValueError

    name = step(poison, on_failure=lambda pk, version: told.append((pk, version)))
    outbox.promise(name, 7, version="a", max_attempts=1)
    outbox.run(name, 7, "a")
    outbox.run(name, 7, "a")
    assert told == [(7, "a")]


def test_worker_that_dies_each_time_is_given_up_by_the_sweep(step):
    name = step(lambda pk: None)
    outbox.promise(name, 7)
    Promise.objects.update(attempts=3, leased_until=timezone.now() + timedelta(minutes=2), leased_by=gone())

    assert outbox.sweep().failed == 1
    assert the_promise_of(name).state == "failed"


def the_promise_of(name):
    return Promise.objects.get(task=name)


def gone():
    """The mark of a process of this machine that has died."""
    machine = leases.me().split("|")[0]
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{machine}|{process.pid}|12345"


def test_failed_promise_can_be_renewed(step):
    fail = [True]

    def act(pk):
        if fail[0]:
            raise ValueError

    name = step(act)
    outbox.promise(name, 7, max_attempts=1)
    outbox.run(name, 7)
    assert outbox.state_of(name, 7) == "failed"

    fail[0] = False
    assert outbox.renew(name, 7)
    assert not outbox.renew(name, 7)
    assert outbox.run(name, 7)


def test_a_lease_keeps_others_away_until_it_runs_out(step):
    done = []
    name = step(done.append)
    outbox.promise(name, 7)
    someone = {"leased_by": "elsewhere|1|1", "attempts": 1}
    Promise.objects.update(leased_until=timezone.now() + timedelta(seconds=120), **someone)
    assert not outbox.run(name, 7)

    Promise.objects.update(leased_until=timezone.now() - timedelta(seconds=1), **someone)
    assert outbox.run(name, 7)
    assert the_promise().attempts == 2


def test_a_lease_of_a_dead_process_of_this_machine_ends_at_once(step):
    done = []
    name = step(done.append)
    outbox.promise(name, 7)
    Promise.objects.update(leased_until=timezone.now() + timedelta(seconds=120), leased_by=gone(), attempts=1)
    assert outbox.run(name, 7)
    assert done == [7]


def test_a_lease_of_a_living_process_stands(step):
    name = step(lambda pk: None)
    outbox.promise(name, 7)
    Promise.objects.update(leased_until=timezone.now() + timedelta(seconds=120), leased_by=leases.me())
    assert not outbox.run(name, 7)


def test_who_comes_late_changes_nothing(step):
    def slow(pk):
        # Its lease runs out and another process does the work meanwhile.
        Promise.objects.update(attempts=2, leased_by="elsewhere|1|1")

    name = step(slow)
    outbox.promise(name, 7)
    outbox.run(name, 7)
    assert the_promise().state == "open"
    assert the_promise().leased_by == "elsewhere|1|1"


def test_retry_comes_later_and_may_not_count(step):
    def later(pk):
        raise outbox.Retry(timedelta(minutes=5), counts=False, why="not yet")

    name = step(later)
    outbox.promise(name, 7)
    outbox.run(name, 7)

    promise = the_promise()
    assert (promise.state, promise.attempts, promise.last_error) == ("open", 0, "not yet")
    assert promise.due_at > timezone.now() + timedelta(minutes=4)
    assert not outbox.run(name, 7)


def test_a_database_that_is_away_does_not_count(step, monkeypatch):
    def away(pk):
        raise OperationalError

    monkeypatch.setattr(outbox, "_database_answers", lambda: False)
    name = step(away)
    outbox.promise(name, 7)
    outbox.run(name, 7)
    assert the_promise().attempts == 0


def test_a_lease_must_outlast_the_hard_limit():
    with pytest.raises(ValueError, match="lease"):
        outbox.task("test.short", lease=90, hard=90)


# The broker.


@pytest.fixture
def sent(monkeypatch):
    messages = []

    class App:
        away = False

        def send_task(self, name, args, queue, **options):
            assert options == {"retry": False, "ignore_result": True}
            if self.away:
                raise ConnectionError
            messages.append((name, *args, queue))

    app = App()
    app.messages = messages
    monkeypatch.setattr(outbox, "_broker_app", lambda: app)
    return app


@pytest.mark.django_db(transaction=True)
def test_promise_is_sent_after_the_commit(step, sent, settings):
    settings.OUTBOX_PUBLISH = True
    name = step(lambda pk: None, queue="report")
    with transaction.atomic():
        outbox.promise(name, 7, version="a")
        assert sent.messages == []
    outbox._publisher.drain()
    assert sent.messages == [(name, 7, "a", "report")]


def test_sweep_sends_what_was_not_sent_lately(step, sent):
    name = step(lambda pk: None)
    outbox.promise(name, 7)
    assert outbox.sweep().sent == 0

    ago = timezone.now() - timedelta(seconds=25)
    Promise.objects.update(queued_at=ago, created_at=ago)
    assert outbox.sweep().sent == 1
    assert outbox.sweep().sent == 0


def test_sweep_sends_ever_more_rarely_so_that_a_long_queue_is_not_flooded(step, sent):
    name = step(lambda pk: None)
    outbox.promise(name, 7)
    now = timezone.now()
    Promise.objects.update(created_at=now - timedelta(minutes=10), queued_at=now - timedelta(minutes=2))
    assert outbox.sweep().sent == 0
    Promise.objects.update(created_at=now - timedelta(hours=10), queued_at=now - timedelta(minutes=6))
    assert outbox.sweep().sent == 1


def test_sweep_leaves_what_could_not_be_sent_for_the_next_one(step, sent):
    name = step(lambda pk: None)
    for pk in range(5):
        outbox.promise(name, pk)
    Promise.objects.update(queued_at=None)
    sent.away = True
    assert outbox.sweep() == outbox.Counts(sent=0, unsent=5, failed=0)

    sent.away = False
    outbox.broker_breaker.reset()
    assert outbox.sweep().sent == 5


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_send_each_promise_once(step, sent, at_once):
    name = step(lambda pk: None)
    for pk in range(100):
        outbox.promise(name, pk)
    Promise.objects.update(queued_at=None)
    at_once(lambda _: outbox.sweep(batch=7), 8, threads=8)
    assert len(sent.messages) == len(set(sent.messages)) == 100


def test_sweep_waits_for_code_that_knows_the_step(step, sent):
    outbox.promise("test.of_newer_code", 7)
    name = step(lambda pk: None)
    outbox.promise(name, 8)
    Promise.objects.update(queued_at=None)
    outbox.sweep()
    assert sent.messages == [(name, 8, "", "celery")]
    assert outbox.run_due() == 1
    assert outbox.state_of("test.of_newer_code", 7) == "open"


def test_sweep_command_does_the_work(step, capsys):
    done = []
    name = step(done.append)
    for pk in (1, 2, 3):
        outbox.promise(name, pk)
    call_command("sweep")
    assert done == [1, 2, 3]
    assert "done 3" in capsys.readouterr().out


def test_prune_keeps_what_failed_and_what_is_open(step):
    long_ago = timezone.now() - timedelta(days=31)
    for pk, state in enumerate(("open", "done", "failed")):
        Promise.objects.create(task="test.old", target=pk, state=state, finished_at=long_ago)
    Promise.objects.create(task="test.old", target=9, state="done", finished_at=timezone.now())
    upkeep.prune()
    assert set(Promise.objects.values_list("state", "target")) == {("open", 0), ("failed", 2), ("done", 9)}


def test_prune_empties_the_database_cache_of_what_expired(db):
    cache = caches["default"]
    cache.set("kept", 1, 60)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        cache.set("expired", 1, 60)
    upkeep.prune()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_table")
        assert {key.rpartition(":")[2] for (key,) in cursor.fetchall()} & {"kept", "expired"} == {"kept"}


@pytest.fixture
def redis_server(tmp_path):
    """A Redis of this test's own, to stop and to freeze."""
    port = 21000 + os.getpid() % 9000
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.3)
    yield process, f"redis://127.0.0.1:{port}/0"
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.wait()


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_broker_that_is_frozen_or_dead_costs_half_a_second_once(step, redis_server, monkeypatch, fault):
    from celery import Celery

    from collectievekracht.celery import configuration

    process, url = redis_server
    app = Celery("test", set_as_current=False)
    app.conf.update(configuration() | {"broker_url": url})
    monkeypatch.setattr(outbox, "_broker_app", lambda: app)
    name = step(lambda pk: None)
    assert outbox._publish(name, 1, "")

    process.send_signal(fault)
    started = time.monotonic()
    assert not outbox._publish(name, 2, "")
    assert time.monotonic() - started < 1
    started = time.monotonic()
    assert not outbox._publish(name, 3, "")
    assert time.monotonic() - started < 0.05
    app.close()


@pytest.mark.django_db(transaction=True)
def test_a_request_does_not_wait_for_a_slow_broker(step, monkeypatch, settings):
    settings.OUTBOX_PUBLISH = True
    name = step(lambda pk: None)
    monkeypatch.setattr(outbox, "_publish", lambda *message: time.sleep(1))
    started = time.monotonic()
    outbox.promise(name, 7)
    assert time.monotonic() - started < 0.3
    assert connection.connection is not None
