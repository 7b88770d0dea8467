from pathlib import Path

import pytest

from collectievekracht.local import paths, services


def test_data_dir_is_in_the_checkout_or_where_data_says(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA", str(tmp_path / "a folder"))
    assert paths.data_dir() == tmp_path / "a folder"
    monkeypatch.setenv("DATA", "elsewhere")
    assert paths.data_dir() == paths.CHECKOUT / "elsewhere"
    monkeypatch.delenv("DATA")
    monkeypatch.setattr(paths, "is_reachable", lambda path: True)
    assert paths.data_dir() == paths.CHECKOUT / ".data"


def test_data_dir_lies_outside_a_checkout_that_the_database_cannot_reach(monkeypatch):
    monkeypatch.delenv("DATA", raising=False)
    monkeypatch.setattr(paths, "is_reachable", lambda path: False)
    first = paths.data_dir()
    assert first.parent == Path("/var/lib")
    monkeypatch.setattr(paths, "CHECKOUT", Path("/root/another checkout"))
    assert paths.data_dir() != first


def test_a_closed_folder_above_stops_the_database_user_only_where_that_is_another(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(paths.os, "geteuid", lambda: 0)
    assert not paths.is_reachable(closed / "checkout" / ".data")
    assert paths.services_dir(closed / "checkout") == paths.outside(closed / "checkout")
    monkeypatch.setattr(paths.os, "geteuid", lambda: 1000)
    assert paths.is_reachable(closed / "checkout" / ".data")


@pytest.mark.parametrize("name", ["data", "a long name " * 20])
def test_the_path_of_the_socket_always_fits(monkeypatch, name):
    monkeypatch.setattr(paths, "is_reachable", lambda path: True)
    folder = paths.socket_dir(Path("/home/someone") / name)
    assert len(f"{folder}{paths.SOCKET_NAME}".encode()) < 107


def test_urls_come_from_the_environment_then_from_what_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA", str(tmp_path))
    for name in services.NAMES:
        monkeypatch.delenv(name, raising=False)
    assert services.urls()["DATABASE_URL"] == services.database_url(tmp_path)

    services.write(tmp_path, {"DATABASE_URL": "postgres://here", "REDIS_URL": "redis://here"})
    assert services.urls() == {"DATABASE_URL": "postgres://here", "REDIS_URL": "redis://here"}
    assert (tmp_path / "services.json").stat().st_mode & 0o777 == 0o600

    monkeypatch.setenv("REDIS_URL", "redis://there")
    assert services.urls() == {"DATABASE_URL": "postgres://here", "REDIS_URL": "redis://there"}


def test_urls_survive_a_broken_file(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)
    (tmp_path / "services.json").write_text("[1]")
    assert services.urls()["REDIS_URL"].startswith("redis://127.0.0.1:")
