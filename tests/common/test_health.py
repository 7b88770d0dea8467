from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from collectievekracht.common import health, outbox
from collectievekracht.common.models import Heartbeat, Promise


@pytest.fixture
def healthy(db, monkeypatch):
    monkeypatch.setattr(health, "_answers", lambda url: True)
    health.beat("worker")


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.SECURE_SSL_REDIRECT = False


def test_healthz_asks_nothing(client, django_assert_num_queries):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_readyz_is_ok(client, healthy):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "degraded": []})
    assert "no-store" in response.headers["Cache-Control"]
    assert client.head("/readyz").status_code == 200


def test_readyz_is_cheap(client, healthy, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(3):
        client.get("/readyz")


def degraded(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    return response.json()["degraded"]


def test_readyz_names_a_broker_and_a_cache_that_are_away(client, healthy, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(health, "_answers", lambda url: False)
    assert degraded(client) == ["broker", "cache"]


def test_redis_that_is_away_is_found_out_quickly():
    assert not health._answers("redis://127.0.0.1:1/0")


def test_readyz_names_a_worker_that_is_silent(client, healthy):
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(minutes=3))
    assert degraded(client) == ["worker"]


def test_readyz_names_late_and_failed_promises(client, healthy):
    outbox.promise("test.late", 1)
    ago = timezone.now() - timedelta(minutes=6)
    Promise.objects.update(due_at=ago)
    assert degraded(client) == ["promises"]
    Promise.objects.update(state="failed")
    assert degraded(client) == ["failed_promises"]


def test_readyz_names_a_full_disk(client, healthy, monkeypatch):
    monkeypatch.setattr(health, "FREE_DISK", 1 << 60)
    assert degraded(client) == ["disk"]


def test_readyz_is_503_without_its_migrations(client, healthy, monkeypatch):
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["degraded"]) == (503, ["migrations"])


def test_readyz_is_503_without_its_database(client, healthy, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(health, "_is_migrated", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["degraded"]) == (503, ["database"])
