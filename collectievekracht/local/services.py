"""The addresses of the database and the broker. Standard library only: read by settings."""

import json
import os
from pathlib import Path
from urllib.parse import quote

from collectievekracht.local import paths

NAMES = ("DATABASE_URL", "REDIS_URL")


def urls() -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL`: from the environment, else of the services that run (or ran) under `DATA`."""
    data = paths.data_dir()
    found = {"DATABASE_URL": database_url(data), "REDIS_URL": "redis://127.0.0.1:1/0"} | _written(data)
    return {name: os.environ.get(name) or found[name] for name in NAMES}


def database_url(data: Path) -> str:
    """The address of the embedded database of `data`, whether it runs or not."""
    return (
        f"postgres://postgres@/collectievekracht?host={quote(str(paths.socket_dir(data)), safe='')}&port=5432"
    )


def write(data: Path, addresses: dict[str, str]) -> None:
    """Leave the addresses for every later command with the same `DATA`; they hold a password."""
    target = data / "services.json"
    temporary = target.with_suffix(".new")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(addresses, indent=1))
    temporary.replace(target)


def _written(data: Path) -> dict[str, str]:
    try:
        return {str(name): str(url) for name, url in json.loads((data / "services.json").read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}
