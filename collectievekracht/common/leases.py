"""Who holds a lease. A holder that died on this machine is noticed at once; another's lease simply runs out."""

import os
import socket
from functools import cache
from pathlib import Path


@cache
def _machine() -> str:
    """This machine and its space of process ids: two containers may share a name, not that space."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()[:100]}{space}"


def _born(pid: int) -> str:
    """When the process began, in ticks; empty if it is gone (or a zombie), `?` where that can't be known."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except FileNotFoundError:
        return "?" if not Path("/proc/self/stat").exists() else ""
    except OSError:
        return ""


def me() -> str:
    """This process, told apart from every other that had or will have its number."""
    pid = os.getpid()
    return f"{_machine()}|{pid}|{_born(pid)}"


def is_dead(owner: str) -> bool:
    """Whether the process that `me` named has ended, as far as this machine can know."""
    machine, _, process = owner.partition("|")
    pid, _, born = process.partition("|")
    return machine == _machine() and pid.isdigit() and _born(int(pid)) not in (born, "?")
