"""The private store: files that no URL reaches, but a view that asks the door."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils._os import safe_join
from django.utils.functional import LazyObject


class PrivateFiles(FileSystemStorage):
    """Files under PRIVATE_ROOT, for this process's user only, without an address."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "location": str(settings.PRIVATE_ROOT),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        super().__init__(**options | kwargs)

    def url(self, name: str | None) -> str:
        raise SuspiciousFileOperation("A private file has no address.")


class _PrivateStorage(LazyObject):
    """STORAGES["private"] where it is set (such as S3-compatible storage), else a folder."""

    def _setup(self) -> None:
        self._wrapped = storages["private"] if "private" in settings.STORAGES else PrivateFiles()


private_storage: Any = _PrivateStorage()


def write_atomically(name: str, content: bytes) -> str:
    """Put `content` at `name`, whole or not at all, over what stood there; the name.

    On a full disk it raises OSError and leaves what was there. A name that leads out of the store is refused.
    """
    store: Storage = private_storage
    if not isinstance(store, FileSystemStorage):  # a lazy object answers as what it holds
        from django.core.files.base import ContentFile  # noqa: PLC0415

        with suppress(FileNotFoundError):
            store.delete(name)
        return store.save(name, ContentFile(content))
    target = _path(name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the new name itself must survive a power cut too
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return name


def read(name: str) -> bytes:
    """The whole file; FileNotFoundError when there is none."""
    with private_storage.open(name, "rb") as file:
        return bytes(file.read())


def exists(name: str) -> bool:
    return bool(private_storage.exists(name))


def names(folder: str) -> list[str]:
    """The names of the files in a folder of the store; none when there is no such folder."""
    return _listed(folder)[1]


def folders(folder: str) -> list[str]:
    """The names of the folders in a folder of the store; none when there is no such folder."""
    return _listed(folder)[0]


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        inside, files = private_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    return sorted(inside), sorted(files)


def delete(name: str) -> None:
    """Remove the file, if it is there."""
    private_storage.delete(name)


def _path(name: str) -> Path:
    if not name or name.startswith("/") or "\0" in name or "\\" in name:
        raise SuspiciousFileOperation("Not a name in the private store.")
    return Path(safe_join(str(private_storage.location), name))
