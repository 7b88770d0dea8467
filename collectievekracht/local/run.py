"""The commands behind `make run` and `make test`."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ

from collectievekracht.local import paths
from collectievekracht.local.child import CannotStartError, end_with_make, passable_folder
from collectievekracht.local.processes import PREPARE
from collectievekracht.local.supervise import BANNER, Supervisor, say

env = environ.Env()


def run() -> int:
    """Start the whole platform and stay until it is stopped; the exit code."""
    os.umask(0o077)  # reports, mails and sign-ins are for nobody else on this machine
    data = read_settings()
    port, address = _free_port(), f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    end_with_make()
    with _only_one(data, address):
        refuse_in_production()
        settings = {"PORT": str(port), "SITE_URL": address, "DATA": str(data), "PYTHONUNBUFFERED": "1"}
        supervisor = Supervisor(data, settings | os.environ | {"DATA": str(data)})
        os.environ.setdefault("SITE_URL", address)
        supervisor.stop_on_signals()
        try:
            say("Starting the database and the broker.")
            supervisor.start_services()
            say("Preparing the database; the first time with demonstration data.")
            supervisor.run_once("prepare", f"{PREPARE} --demonstration")
            if not env.bool("DEBUG", default=False):
                supervisor.run_once("collectstatic", "python manage.py collectstatic --no-input")
            supervisor.start_processes()
            if supervisor.await_answer():
                say(
                    f"CollectieveKracht runs at {address} (Ctrl-C stops it; logs, mail and sign-ins are in {data})"
                )
                supervisor.watch()
        finally:
            say("Stopping.")
            supervisor.stop()
    return 0


def run_with_services(command: Sequence[str]) -> int:
    """Run a command against an own, empty database and broker, which are thrown away; its exit code."""
    end_with_make()
    data = Path(tempfile.mkdtemp(prefix="collectievekracht-test-", dir="/var/tmp"))
    os.environ |= {"DATA": str(data), "DEBUG": os.environ.get("DEBUG", "1")}
    supervisor = Supervisor(data, os.environ)
    try:
        supervisor.start_services(durable=False)
        child = subprocess.Popen(command, env=supervisor.environment)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command hears Ctrl-C itself
        signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
        return child.wait()
    finally:
        supervisor.stop()
        shutil.rmtree(data, ignore_errors=True)


def read_settings() -> Path:
    """Take over what the settings read from files; returns the folder of the data."""
    environ.Env.read_env(paths.CHECKOUT / ".env")
    data = paths.data_dir()
    environ.Env.read_env(data / "local.env")
    return data


def refuse_in_production() -> None:
    """The embedded services are not for a real server."""
    embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    if embedded and not env.bool("DEBUG", default=False) and not env.bool("ALLOW_EMBEDDED", default=False):
        raise CannotStartError(
            f"{BANNER} DEBUG is off: set DATABASE_URL and REDIS_URL, or ALLOW_EMBEDDED=1 to try."
        )


def _free_port() -> int:
    chosen = os.environ.get("PORT", "8000")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(chosen)))
        except ValueError:
            raise CannotStartError(f"PORT must be a number, not {chosen!r}.") from None
        except (OSError, OverflowError) as error:
            raise CannotStartError(
                f"Port {chosen} can't be used ({error}). Choose another: PORT=8001 make run"
            ) from None
    return int(chosen)


@contextmanager
def _only_one(data: Path, address: str) -> Iterator[Any]:
    with (passable_folder(data) / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise CannotStartError(
                f"It already runs with this DATA ({data}): {lock.read()}. "
                "Stop that one first, or choose another folder and port: DATA=.data2 PORT=8001 make run"
            ) from None
        lock.truncate(0)
        lock.write(f"{address}, process {os.getpid()}")
        lock.flush()
        yield
