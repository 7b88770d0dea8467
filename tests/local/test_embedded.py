"""The embedded services and the supervisor, for real."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from collectievekracht.local import paths, redis, run, supervise
from collectievekracht.local.child import CannotStartError, Child, passable_folder, service_folder

MODULE = [sys.executable, "-m", "collectievekracht.local"]


@pytest.fixture
def data():
    """A folder that the services' user can reach, with a space in its name; pytest's own is closed to others."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="collectievekracht test ", dir="/var/tmp"))
    yield passable_folder(folder)
    shutil.rmtree(folder)


def environment(data, **more):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "SITE_URL")
    }
    return kept | {"DATA": str(data), "DEBUG": "1"} | more


def processes_of(data):
    """The command lines of every process that has this data folder in its environment or its arguments."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            zombie = "(zombie)" in (folder / "status").read_text()
        except OSError:
            continue
        if os.fsencode(data) in told and not zombie and folder.name != str(os.getpid()):
            found.append((folder / "cmdline").read_bytes())
    return found


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_services_keep_what_they_hold_and_end_with_their_supervisor(data):
    first = supervise.Supervisor(data, environment(data))
    first.start_services()
    addresses = json.loads((data / "services.json").read_text())
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.info.server_version >= 150000
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
    broker = redis_client.from_url(addresses["REDIS_URL"])
    broker.set("kept", 1)
    assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert broker.config_get("appendonly") == {"appendonly": "yes"}
    assert (data / "redis").stat().st_mode & 0o777 == 0o700
    first.stop()
    assert not wait_for(lambda: processes_of(data), 0.2)

    began = time.monotonic()
    second = supervise.Supervisor(data, environment(data))
    second.start_services()
    assert time.monotonic() - began < 5
    try:
        addresses = json.loads((data / "services.json").read_text())
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (1,)
        assert redis_client.from_url(addresses["REDIS_URL"]).get("kept") == b"1"
    finally:
        second.stop()


def test_the_broker_wants_its_password(data):
    logs = data / "logs"
    logs.mkdir()
    child, address = redis.start(data, logs)
    try:
        port = int(address.rpartition(":")[2].split("/")[0])
        with pytest.raises(redis_client.AuthenticationError):
            redis_client.Redis("127.0.0.1", port).ping()
    finally:
        child.ask_to_stop()
        child.await_end(5)


def test_a_server_that_left_its_mark_behind_is_no_hindrance(data):
    first = supervise.Supervisor(data, environment(data))
    first.start_services()
    first.stop()
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    second = supervise.Supervisor(data, environment(data))
    second.start_services()
    second.stop()


def test_with_services_hands_on_the_exit_code_and_leaves_nothing(data):
    code = "import os, psycopg, sys; psycopg.connect(os.environ['DATABASE_URL']); print(os.environ['DATA']); sys.exit(7)"
    done = subprocess.run(
        [*MODULE, "with-services", "--", sys.executable, "-c", code],
        env=environment(data),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    assert not Path(done.stdout.strip()).exists()


@contextmanager
def platform(data, port):
    """`make run`, without make; whatever the test does, nothing of it stays behind."""
    process = subprocess.Popen(
        [*MODULE, "run"],
        env=environment(data, PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        wait_for(lambda: not processes_of(data), 20)


def until_it_answers(process):
    said = []
    for line in process.stdout:
        said.append(line)
        if "runs at" in line:
            return said
    pytest.fail("".join(said))


def test_the_platform_starts_stops_and_starts_again(data):
    port = redis.free_port()
    subprocess.run([*MODULE, "set-up"], env=environment(data), check=True)

    with platform(data, port) as process:
        assert sum(f"http://127.0.0.1:{port}" in line for line in until_it_answers(process)) == 1
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).status == 200
        second = subprocess.run(
            [*MODULE, "run"],
            env=environment(data, PORT=str(redis.free_port())),
            capture_output=True,
            text=True,
        )
        assert second.returncode == 1
        assert "already runs" in second.stderr
        process.kill()
        process.wait()
        assert wait_for(lambda: not processes_of(data), 20), processes_of(data)

    for number in (signal.SIGTERM, signal.SIGINT):
        with platform(data, port) as process:
            began = time.monotonic()
            until_it_answers(process)
            assert time.monotonic() - began < 30
            process.send_signal(number)
            assert process.wait(40) == 0
            assert not processes_of(data)


def test_a_taken_port_is_said_before_anything_starts(monkeypatch):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(CannotStartError, match="Choose another"):
            run._free_port()
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(CannotStartError, match="must be a number"):
        run._free_port()


def test_embedded_services_are_refused_in_production(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "ALLOW_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEBUG", "0")
    with pytest.raises(CannotStartError, match="never for a real server"):
        run.refuse_in_production()
    monkeypatch.setenv("ALLOW_EMBEDDED", "1")
    run.refuse_in_production()


def test_a_process_that_ends_is_started_again_until_it_is_hopeless(data):
    supervisor = supervise.Supervisor(data, environment(data))
    supervisor._processes["web"] = Child("web", ["true"], log=data / "web.log", environment={})
    with pytest.raises(CannotStartError, match="again and again"):
        supervisor.watch()
    assert len(supervisor._deaths) == supervise.DEATHS_A_MINUTE + 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else's")
def test_a_folder_of_somebody_else_is_refused(data):
    os.chown(passable_folder(data / "run"), 12345, 12345)
    with pytest.raises(CannotStartError, match="belongs to another user"):
        service_folder(data / "run")


def test_two_checkouts_have_their_own_data(monkeypatch):
    monkeypatch.delenv("DATA", raising=False)
    here = paths.data_dir()
    monkeypatch.setattr(paths, "CHECKOUT", Path("/srv/another"))
    assert paths.data_dir() != here
