"""The whole platform as live processes, and the faults that can be done to it."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import requests
from psycopg.sql import SQL, Identifier
from redis import Redis

from collectievekracht.local import paths, postgres, redis, services
from collectievekracht.local.child import Child, passable_folder, plain_environment, service_folder
from collectievekracht.local.processes import PROCESSES
from tests.trust.figures import FULL, within

CHECKOUT = paths.CHECKOUT
TABLES = """
CREATE TABLE IF NOT EXISTS probe_work (id serial PRIMARY KEY, seconds real NOT NULL);
CREATE TABLE IF NOT EXISTS probe_run (id serial PRIMARY KEY, work int, pid int, ended bool DEFAULT false);
CREATE TABLE IF NOT EXISTS probe_built (work int PRIMARY KEY, times int DEFAULT 1);
"""


def services_are_given() -> bool:
    """Whether somebody named servers to test on; those of `with-services` are none, and serve other tests."""
    named = {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys()
    return named and os.environ["DATABASE_URL"] != services.database_url(paths.data_dir())


class Platform:
    """Started once; every fault is undone by `make_whole`."""

    def __init__(self, *, own_services: bool = True) -> None:
        """With `own_services` off it lives on the servers of `DATABASE_URL` and `REDIS_URL`, in a database of its own."""
        self.own_services = own_services
        self.data = passable_folder(Path(tempfile.mkdtemp(prefix="collectievekracht-trust-", dir="/var/tmp")))
        self.logs = self.data / "logs"
        self.logs.mkdir()
        self.redis_port, self.web_port = redis.free_port(), redis.free_port()
        self.redis_password = secrets.token_hex(8)
        self.children: dict[str, Child] = {}
        self.session = requests.Session()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.trust.settings",
            "DATA": str(self.data),
            "DATABASE_URL": services.database_url(self.data),
            "REDIS_URL": f"redis://:{self.redis_password}@127.0.0.1:{self.redis_port}/0",
            "DEBUG": "1",
            "PORT": str(self.web_port),
            "WEB_WORKERS": "2",
            "SITE_URL": f"http://127.0.0.1:{self.web_port}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(CHECKOUT),
            # The scheduler's real interval, or one that fits in a test of ten seconds.
            "SWEEP_SECONDS": "15" if FULL else "3",
        }
        for name in ("PROCESS", "EMAIL_URL", "CACHE_URL"):
            self.environment.pop(name, None)

    # Starting and stopping.

    def __enter__(self) -> Platform:
        try:
            self.start_all()
        except BaseException:
            self.stop_all()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop_all()

    def start_all(self) -> None:
        if self.own_services:
            self.start_postgres()
            self.start_redis()
        else:
            self.borrow_services()
        self.run("-m", "collectievekracht.local", "prepare")
        self.sql(TABLES)
        for name in ("web", "worker", "report", "beat"):
            self.start(name)
        self.await_true(self.is_ready, 90, "the web answers")

    def stop_all(self) -> None:
        for name in ("beat", "report", "worker", "web", "redis", "postgres"):
            if child := self.children.pop(name, None):
                self.signal(child, signal.SIGCONT)
                self.signal(child, signal.SIGKILL if name != "postgres" else signal.SIGINT)
                child.await_end(10)
        if not self.own_services:
            self.on_the_given_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(paths.outside(self.data), ignore_errors=True)

    def borrow_services(self) -> None:
        """A new database on the given server, and the given broker, emptied."""
        given = urlsplit(os.environ["DATABASE_URL"])
        self.environment["DATABASE_URL"] = given._replace(
            path=f"/{self.data.name.replace('-', '_')}"
        ).geturl()
        self.environment["REDIS_URL"] = os.environ["REDIS_URL"]
        self.on_the_given_server("CREATE DATABASE {}")
        Redis.from_url(self.environment["REDIS_URL"]).flushdb()

    def on_the_given_server(self, statement: str) -> None:
        name = urlsplit(self.environment["DATABASE_URL"]).path.lstrip("/")
        with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as connection:
            connection.execute(SQL(statement).format(Identifier(name)))

    def make_whole(self) -> None:
        """Start what a fault left stopped, wait until the platform is ready, and empty the probe's tables."""
        if "redis" not in self.children:
            self.start_redis()
        self.thaw("redis")
        if "postgres" not in self.children:
            self.start_postgres()
        for name in ("web", "worker", "report", "beat"):
            if name not in self.children or self.children[name].ended() is not None:
                self.start(name)
        self.await_true(self.is_ready, 60, "the platform is whole again")
        with suppress(AssertionError):  # what a failed test left is thrown away
            self.await_true(self.is_idle, 20, "nothing is being built")
        self.sql(
            "TRUNCATE probe_work, probe_run, probe_built; DELETE FROM common_promise; DELETE FROM common_sentmail"
        )
        for mail in self.mails():
            mail.unlink()

    def start(self, name: str) -> None:
        process = next(process for process in PROCESSES if process.name == name)
        command = [sys.executable if word == "python" else word for word in shlex.split(process.command)]
        self.children[name] = Child(
            name, command, log=self.logs / f"{name}.log", environment=self.environment | process.environment
        )

    def start_postgres(self) -> None:
        self.children["postgres"] = postgres.start(self.data, self.logs)

    def start_redis(self, *, durable: bool = False) -> None:
        """On the same port each time; without persistence it comes back empty."""
        folder = service_folder(passable_folder(paths.services_dir(self.data)) / "redis-faults")
        command = [str(redis.find(self.data)), "--port", str(self.redis_port), "--bind", "127.0.0.1"]
        command += ["--requirepass", self.redis_password, "--dir", str(folder), "--save", ""]
        command += ["--appendonly", "yes" if durable else "no", "--maxmemory-policy", "noeviction"]
        child = Child(
            "redis",
            command,
            log=self.logs / "redis.log",
            environment=plain_environment(),
            folder=Path("/"),
            user=paths.service_user(),
        )
        child.await_ready(lambda: redis.listens(self.redis_port))
        self.children["redis"] = child

    def manage(self, *words: str) -> str:
        """What a management command prints."""
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env=self.environment | {"PROCESS": "command"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # Faults.

    def signal(self, child: Child, number: int, *, group: bool = False) -> None:
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(child._process.pid, number)

    def kill(self, name: str) -> None:
        """kill -9, with everything that it started."""
        child = self.children.pop(name)
        self.signal(child, signal.SIGKILL, group=True)
        child.await_end(10)

    def freeze(self, name: str) -> None:
        self.signal(self.children[name], signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self.signal(self.children[name], signal.SIGCONT)

    def restart_postgres(self) -> None:
        """A fast restart: sessions are cut, nothing is lost."""
        child = self.children.pop("postgres")
        self.signal(child, signal.SIGINT)
        child.await_end(20)
        self.start_postgres()

    # Looking.

    def processes(self, name: str) -> list[int]:
        """The numbers of a process and of everything that it started."""
        leader = self.children[name]._process.pid
        listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True)
        rows = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for pid, group in rows if int(group) == leader]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web_port}{path}"

    def is_ready(self) -> bool:
        try:
            answer = requests.get(self.url("/readyz"), timeout=5)
        except requests.RequestException:
            return False
        return answer.status_code == 200 and "worker" not in answer.json()["degraded"]

    def is_alive(self, name: str) -> bool:
        """Whether this worker showed it in the last seconds, as its container's health check asks."""
        sign = self.data / f"{name}.alive"
        return sign.exists() and time.time() - sign.stat().st_mtime < 3

    @property
    def address(self) -> str:
        """The database's, for psycopg."""
        return self.environment["DATABASE_URL"].replace("postgres://", "postgresql://")

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(text, values or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, text: str, *values: Any) -> Any:
        return self.sql(text, *values)[0][0]

    def mails(self, to: str = "") -> list[Path]:
        """The mails that left, those to `to` only when it is given."""
        found = list((self.data / "mail").glob("*.eml"))
        return [mail for mail in found if f"To: {to}" in mail.read_text(errors="replace")] if to else found

    def await_true(self, holds: Callable[[], Any], limit: float, what: str) -> float:
        """Wait until it holds; how long that took. An error with the ends of the logs when it takes too long."""
        started, limit = time.monotonic(), within(limit)
        while not holds():
            if time.monotonic() - started > limit:
                ends = "\n".join(
                    f"--- {name}\n{child.last_words(12)}" for name, child in self.children.items()
                )
                raise AssertionError(f"Waited {limit:.0f} s in vain: {what}\n{ends}")
            time.sleep(0.05)
        return time.monotonic() - started

    def spread(self, acts: Sequence[Callable[[], Answer]], *, over: float, threads: int = 8) -> list[Answer]:
        """Do these one after the other, spread evenly over so many seconds, whatever the ones before take."""
        begun = time.monotonic()

        def one(number: int) -> Answer:
            time.sleep(max(0.0, begun + over * number / len(acts) - time.monotonic()))
            return acts[number]()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(len(acts))))

    # The probe.

    def complete(self, seconds: float = 0.3, **fields: str) -> Answer:
        """Complete one piece of work by the web; its number, and how long the request took."""
        started = time.monotonic()
        try:
            answer = requests.post(
                self.url("/probe/complete/"), data={"seconds": seconds, **fields}, timeout=30
            )
            pk = answer.json()["pk"] if answer.ok else None
            return Answer(answer.status_code, time.monotonic() - started, pk)
        except (requests.RequestException, ValueError) as error:
            return Answer(599, time.monotonic() - started, None, repr(error))

    def complete_many(
        self, times: int, *, over: float, threads: int = 8, seconds: float = 0.05
    ) -> list[Answer]:
        """So many completions spread evenly over so many seconds."""
        return self.spread([lambda: self.complete(seconds)] * times, over=over, threads=threads)

    def built(self) -> int:
        return int(self.one("SELECT count(*) FROM probe_built"))

    def is_idle(self) -> bool:
        return not self.one("SELECT count(*) FROM common_promise WHERE state = 'open'")


class Answer:
    """How the web answered."""

    def __init__(self, status: int, seconds: float, pk: int | None, error: str = "") -> None:
        self.status, self.seconds, self.pk, self.error = status, seconds, pk, error

    def __repr__(self) -> str:
        return f"<{self.status} in {self.seconds:.2f} s {self.error}>"
