"""Where this checkout keeps its data. Standard library only: read by settings and before the set-up."""

import hashlib
import os
import pwd
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SOCKET_NAME = "/.s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103


def data_dir() -> Path:
    """`DATA`, or `.data` in the checkout, or a folder of its own where the database's user can't reach the checkout."""
    if chosen := os.environ.get("DATA"):
        return (CHECKOUT / Path(chosen).expanduser()).resolve()
    default = CHECKOUT / ".data"
    return default if is_reachable(default) else outside(CHECKOUT)


def services_dir(data: Path) -> Path:
    """Where the database and the broker of `data` live: there, or outside it when their user can't reach it."""
    return data if is_reachable(data) else outside(data)


def socket_dir(data: Path) -> Path:
    """A folder for the database's socket: its whole path must fit in 107 characters."""
    folder = services_dir(data) / "run"
    if len(os.fsencode(folder)) + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"collectievekracht-{digest(data)}"  # noqa: S108 -- made with mode 0700, owner checked


def service_user() -> pwd.struct_passwd | None:
    """Who runs the database and the broker: PostgreSQL refuses root, so then it is `nobody`."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def is_reachable(path: Path) -> bool:
    """Whether the user that runs the database can come as far as `path`."""
    if service_user() is None:
        return True
    folders = [folder for folder in (path, *path.parents) if folder.is_dir()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def outside(path: Path) -> Path:
    """A folder that everyone can reach, named after `path`."""
    return Path("/var/lib") / f"collectievekracht-{digest(path)}"


def digest(path: Path) -> str:
    """A short name for `path`, the same each time."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
