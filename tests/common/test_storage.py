import errno
import os

import pytest
from django.core.exceptions import SuspiciousFileOperation

from collectievekracht.common import storage


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch, settings):
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(storage, "private_storage", storage.PrivateFiles())
    return tmp_path


def test_a_file_comes_back_as_it_was_written(store):
    name = storage.write_atomically("reports/12/report.pdf", b"%PDF")
    assert storage.read(name) == b"%PDF"
    assert storage.exists(name)
    storage.write_atomically(name, b"%PDF 2")
    assert storage.read(name) == b"%PDF 2"
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.read(name)


def test_a_file_is_for_this_user_only(store):
    storage.write_atomically("reports/a.pdf", b"x")
    assert (store / "reports" / "a.pdf").stat().st_mode & 0o077 == 0
    assert (store / "reports").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("broken", ["fsync", "fdopen"])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(store, monkeypatch, broken):
    storage.write_atomically("a.pdf", b"old")

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, broken, full)
        with pytest.raises(OSError, match="No space"):
            storage.write_atomically("a.pdf", b"new")
    assert storage.read("a.pdf") == b"old"
    assert [path.name for path in store.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "a\0b", "", "..\\x"])
def test_a_name_that_leads_out_is_refused(name):
    with pytest.raises(SuspiciousFileOperation):
        storage.write_atomically(name, b"x")


def test_a_path_that_leads_out_can_not_be_read():
    with pytest.raises(SuspiciousFileOperation):
        storage.read("../../etc/passwd")


def test_a_private_file_has_no_address():
    with pytest.raises(SuspiciousFileOperation):
        storage.private_storage.url("a.pdf")
