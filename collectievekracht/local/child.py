"""Processes that end with the one that started them, however it ends."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from collectievekracht.local import paths

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class CannotStartError(Exception):
    """Something is missing or in the way; the message says what to do."""


class Child:
    """One process, in a group of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        folder: Path = paths.CHECKOUT,
        user: pwd.struct_passwd | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.log, self._stop_signal = name, log, stop_signal
        self.again = partial(
            Child,
            name,
            command,
            log=log,
            environment=environment,
            folder=folder,
            user=user,
            stop_signal=stop_signal,
        )
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=folder,
                start_new_session=True,
                preexec_fn=_ending_with_parent(stop_signal),
                **as_user(user),
            )

    def ended(self) -> int | None:
        """The exit code, None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Ask it to finish; `await_end` sees to it."""
        if self.ended() is None:
            self._process.send_signal(self._stop_signal)

    def await_end(self, seconds: float) -> None:
        """Wait until it has gone; after `seconds` it is ended by force, with what it started itself."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def await_ready(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for `ready`; when it ends first or takes longer, an error with the end of its log."""
        end = time.monotonic() + seconds
        while not ready():
            if self.ended() is not None or time.monotonic() > end:
                raise CannotStartError(f"{self.name} did not start:\n{self.last_words()}")
            time.sleep(0.05)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _ending_with_parent(signal_number: int) -> Callable[[], None]:
    """What a child calls first: the kernel sends it `signal_number` when its parent dies, even by kill -9."""
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal_number)
            if os.getppid() != parent:
                os._exit(1)

    return ask_kernel


def end_with_make() -> None:
    """Let this process stop when the `make` that started it is killed."""
    if _libc is not None and "MAKELEVEL" in os.environ:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments with which a process runs as `user`."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def plain_environment() -> dict[str, str]:
    """The environment of a service: nothing of ours, and no PGPORT or PGDATA of the person's."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def passable_folder(folder: Path) -> Path:
    """Make `folder` so that the services' user can pass through it, and nobody else can list it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711 if paths.service_user() else 0o700)
    elif not paths.is_reachable(folder):
        raise CannotStartError(of_another_user(folder))
    return folder


def of_another_user(folder: object) -> str:
    """What to do about a folder that can't be used."""
    return f"{folder} belongs to another user. Run this as that user, or choose another folder with DATA=."


def service_folder(folder: Path) -> Path:
    """Make `folder` for the services' user alone; refuses one that belongs to somebody else."""
    user = paths.service_user()
    owner = user.pw_uid if user else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    if user and folder.lstat().st_uid == os.geteuid():
        os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise CannotStartError(of_another_user(folder))
    folder.chmod(0o700)
    return folder
