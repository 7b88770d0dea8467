"""`make run`: starts everything, keeps it up, and stops all of it again."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from collectievekracht.local import health, postgres, redis, services
from collectievekracht.local.child import CannotStartError, Child, passable_folder
from collectievekracht.local.processes import PROCESSES, Process

BANNER = "The embedded PostgreSQL and Redis are for development and try-outs, never for a real server."
LARGEST_LOG = 10_000_000
SECONDS_TO_STOP = 15.0
DEATHS_A_MINUTE = 5


class Supervisor:
    """Everything that was started for one `DATA`: services first, the platform's own processes above them."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self.data, self.environment = passable_folder(data), dict(environment)
        self.logs = data / "logs"
        self.logs.mkdir(mode=0o700, exist_ok=True)
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))
        self.stopping = False
        self._services: dict[str, Child] = {}
        self._processes: dict[str, Child] = {}
        self._deaths: list[tuple[str, float]] = []
        self._make_listens = _make_listens()

    def stop_on_signals(self) -> None:
        """Ctrl-C, kill and a closed terminal end `watch` and what stands before it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._stop_soon)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start_services(self, *, durable: bool = True) -> None:
        """Start the database and the broker that the environment doesn't name, and write down where they are."""
        if not self.environment.get("DATABASE_URL"):
            self._services["postgres"] = postgres.start(self.data, self.logs, durable=durable)
            self.environment["DATABASE_URL"] = services.database_url(self.data)
        if not self.environment.get("REDIS_URL"):
            self._services["redis"], self.environment["REDIS_URL"] = redis.start(
                self.data, self.logs, durable=durable
            )
        if self._services:
            services.write(self.data, {name: self.environment[name] for name in services.NAMES})
            for child in self._services.values():
                with child.log.open("a") as log:
                    log.write(f"{BANNER}\n")

    def run_once(self, name: str, command: str) -> None:
        """Run a command to its end, or until we are asked to stop."""
        child = self._processes[name] = self._start(Process(name, command))
        while child.ended() is None and not self._must_stop():
            time.sleep(0.05)
        if child.ended():
            raise CannotStartError(f"`{command}` failed:\n{child.last_words(25)}")
        if child.ended() == 0:
            del self._processes[name]

    def start_processes(self) -> None:
        """Start web, workers and scheduler."""
        for process in PROCESSES:
            if not self._must_stop():
                self._processes[process.name] = self._start(process)

    def await_answer(self, seconds: float = 120) -> bool:
        """Wait until the web process is ready; False when we are asked to stop before it is."""
        end = time.monotonic() + seconds
        while not self._must_stop():
            if (status := health.status()) == 200:
                return True
            self._start_again_what_ended()
            if time.monotonic() > end:
                words = self._processes["web"].last_words(25)
                raise CannotStartError(f"The web process is not ready (status {status}):\n{words}")
            time.sleep(0.1)
        return False

    def watch(self) -> None:
        """Start again what ends by itself, until we are asked to stop."""
        while not self._must_stop():
            time.sleep(0.3)
            self._start_again_what_ended()

    def stop(self) -> None:
        """Stop the processes, and only then the broker and the database under them."""
        for group in (self._processes, self._services):
            for child in group.values():
                child.ask_to_stop()
            end = time.monotonic() + SECONDS_TO_STOP
            for child in group.values():
                child.await_end(max(0.0, end - time.monotonic()))

    def _start(self, process: Process) -> Child:
        return Child(
            process.name,
            [sys.executable if word == "python" else word for word in shlex.split(process.command)],
            log=self.logs / f"{process.name}.log",
            environment=self.environment | process.environment,
        )

    def _start_again_what_ended(self) -> None:
        for group in (self._services, self._processes):
            for name, child in group.items():
                if child.ended() is None or self.stopping:
                    continue
                now = time.monotonic()
                self._deaths = [death for death in self._deaths if now - death[1] < 60] + [(name, now)]
                if sum(death[0] == name for death in self._deaths) > DEATHS_A_MINUTE:
                    raise CannotStartError(f"{name} ends again and again:\n{child.last_words(25)}")
                say(f"{name} ended (code {child.ended()}) and is started again; see {child.log}")
                group[name] = child.again()

    def _must_stop(self) -> bool:
        # A make that alone is interrupted goes on waiting for its recipe; it shows in its signal handlers.
        if self._make_listens and not _make_listens():
            self.stopping = True
        return self.stopping


def _make_listens() -> bool:
    """Whether our parent is a make that handles Ctrl-C."""
    try:
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{os.getppid()}/status").read_text().splitlines()
            if ":\t" in line
        )
    except OSError:
        return False
    return status.get("Name", "").strip() == "make" and bool(
        int(status["SigCgt"], 16) & 1 << signal.SIGINT - 1
    )


def say(text: str) -> None:
    """A line for whoever started us, if they are still there."""
    with suppress(OSError):
        print(text, flush=True)
