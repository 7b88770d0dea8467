"""Steps that write down each of their runs. A piece of work is a row of `probe_work`, its result one of `probe_built`."""

import os
import signal
import time

from django.db import connection

from collectievekracht.common import mail, outbox, registry, storage

registry.mail_kind("probe", reason="You get this mail because you asked for it.")


def _execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if cursor.description else None


def _write_down(pk):
    return _execute("INSERT INTO probe_run (work, pid) VALUES (%s, %s) RETURNING id", pk, os.getpid())[0]


@outbox.task("probe.build", queue="report", backoff=(0,))
def build_task(pk):
    """As long as a report takes: a file, a row, a mail."""
    run = _write_down(pk)
    seconds = _execute("SELECT seconds FROM probe_work WHERE id = %s", pk)[0]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.02)
    storage.write_atomically(f"probe/{pk}.pdf", b"%PDF " * 20_000)
    _execute(
        "INSERT INTO probe_built (work) VALUES (%s) ON CONFLICT (work) DO UPDATE SET times = probe_built.times + 1",
        pk,
    )
    mail.send(
        "common/step_failed",
        to=f"person{pk}@example.org",
        key=f"probe {pk}",
        kind="probe",
        context={"task": f"probe {pk}", "target": pk, "version": "", "attempts": 1, "error": ""},
        language="nl",
    )
    _execute("UPDATE probe_run SET ended = true WHERE id = %s", run)


@outbox.task("probe.poison", queue="report", backoff=(0,))
def poison_task(pk):
    """Kills the process that runs it, each time."""
    _write_down(pk)
    os.kill(os.getpid(), signal.SIGKILL)
