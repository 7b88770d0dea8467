"""How things are measured: CPU time of this process, medians of interleaved runs, each beside its yardstick."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, sleep
from typing import Self

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.runner import DiscoverRunner

ROUNDS = 15


@dataclass(frozen=True)
class Line:
    """A line of the table: what, ours, its yardstick, the ratio of the two, and the bound on it."""

    what: str
    ours: str
    yardstick: str
    ratio: str
    bound: str
    met: bool


def ratio_line(
    what: str, ours: float, yardstick: float, name: str, bound: float, unit: str = "ms CPU", note: str = ""
) -> Line:
    """A line whose bound is on ours divided by the yardstick."""
    ratio = ours / yardstick
    return Line(
        what,
        f"{ours:.2f} {unit}{note}",
        f"{yardstick:.2f} ({name})",
        f"{ratio:.2f}",
        f"≤ {bound:g} ×",
        ratio <= bound,
    )


def limit_line(what: str, ours: float, bound: float, unit: str, note: str = "") -> Line:
    """A line whose bound is a figure of its own."""
    return Line(what, f"{ours:.4g} {unit}{note}", "–", "–", f"≤ {bound:g} {unit}", ours <= bound)


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database of our own, thrown away afterwards."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(made)


class Site:
    """The platform as a server calls it, without a server."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()

    def get(self, address: str, cookie: str = "") -> bytes:
        """The body of a page that must be fine."""
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
        if cookie:
            environ["HTTP_COOKIE"] = cookie
        status: list[str] = []
        response = self.application(environ, lambda code, headers: status.append(code))
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise AssertionError(f"{address}: {status[0]}")
        return body


class Server:
    """The platform behind the server that it really has, with one worker."""

    def __init__(
        self, settings: str = "tests.bench.settings", environment: Mapping[str, str] | None = None
    ) -> None:
        """With other settings, or with more in its environment."""
        self.own = {"DJANGO_SETTINGS_MODULE": settings, **(environment or {})}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        environment = os.environ | {
            **self.own,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "BENCH_DATABASE": connection.settings_dict["NAME"],
            "PROCESS": "web",
        }
        options = [
            "--workers",
            "1",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "error",
        ]
        program = [
            sys.executable,
            "-m",
            "gunicorn",
            "collectievekracht.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            *options,
        ]
        self.process = subprocess.Popen(program, env=environment, start_new_session=True)
        for _ in range(300):
            try:
                self.get("/bench/bare/")
            except OSError:
                sleep(0.1)
            else:
                return self
        raise AssertionError("the server does not answer")

    def __exit__(self, *args: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)

    def get(self, address: str, cookie: str = "") -> bytes:
        """The body of a page that must be fine, by a connection of its own, as a proxy asks for it."""
        browser = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            browser.request(
                "GET", address, headers={"Host": "testserver"} | ({"Cookie": cookie} if cookie else {})
            )
            answer = browser.getresponse()
            body = answer.read()
        finally:
            browser.close()
        if answer.status != 200:
            raise AssertionError(f"{address}: {answer.status}")
        return body

    def spent(self) -> float:
        """Seconds of CPU of the server and its worker until now, by the scheduler's own nanoseconds."""
        tree = [self.process.pid, *_children(self.process.pid)]
        tasks = [file for pid in tree for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(file.read_text().split()[0]) for file in tasks) / 1e9


def _children(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [grandchild for child in found for grandchild in _children(child)]


def cpu(
    subjects: Mapping[str, Callable[[], object]],
    *,
    clock: Callable[[], float] = process_time,
    times: int = 10,
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """Milliseconds of CPU for one call of each; the subjects take turns, so that a busy machine hits all alike."""
    for subject in subjects.values():
        subject()
        subject()
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            begun = clock()
            for _again in range(times):
                subject()
            found[name].append(1000 * (clock() - begun) / times)
    return {name: median(values) for name, values in found.items()}


@dataclass
class Asked:
    """How often the database was asked, and how long it took to answer."""

    queries: int = 0
    seconds: float = 0


@contextmanager
def watching() -> Iterator[Asked]:
    """Watch what is asked of the database."""
    asked = Asked()

    def watch(execute, sql, params, many, context):
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.queries += 1
            asked.seconds += perf_counter() - begun

    with connection.execute_wrapper(watch):
        yield asked


def queries(subject: Callable[[], object]) -> int:
    """How many queries one call makes, once the process is warm."""
    subject()
    with watching() as asked:
        subject()
    return asked.queries


def backend_clock() -> Callable[[], float] | None:
    """Seconds of CPU that the database's process of this connection has spent, where it runs on this machine."""
    connection.ensure_connection()
    file = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        if "postgres" in file.with_name("comm").read_text():
            return lambda: int(file.read_text().split()[0]) / 1e9
    except OSError:
        pass
    return None


def in_database(subject: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of the database's CPU for one call, the median; of waiting for it where it runs elsewhere."""
    subject()
    clock, found = backend_clock(), []
    for _ in range(rounds):
        begun = clock() if clock else 0.0
        with watching() as asked:
            subject()
        found.append(1000 * (clock() - begun if clock else asked.seconds))
    return median(found)


def table(lines: list[Line]) -> str:
    """The lines as a table of text."""
    head = ("what", "ours", "yardstick", "ratio", "bound", "")
    rows = [
        (line.what, line.ours, line.yardstick, line.ratio, line.bound, "met" if line.met else "NOT MET")
        for line in lines
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
    return "\n".join([drawn[0], "  ".join("─" * width for width in widths), *drawn[1:]])
