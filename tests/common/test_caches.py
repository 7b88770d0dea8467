import time

import pytest

from collectievekracht.common.caches import PagesCache, pages_breaker


@pytest.fixture
def pages(settings):
    pages_breaker.reset()
    cache = PagesCache(settings.REDIS_URL, {"KEY_PREFIX": "test-pages"})
    yield cache
    pages_breaker.reset()
    cache.clear()


def away():
    pages_breaker.reset()
    return PagesCache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "test-pages"})


def test_pages_are_kept(pages):
    pages.set("a", {"x": 1})
    assert pages.get("a") == {"x": 1}
    assert pages.get("b", 5) == 5
    assert pages.get_or_set("c", lambda: 3) == 3
    assert pages.get_many(["a", "c"]) == {"a": {"x": 1}, "c": 3}


@pytest.mark.parametrize("timeout", [None, 5, "default"])
def test_everything_has_a_time_to_live(pages, timeout):
    pages.set("a", 1, **({} if timeout == "default" else {"timeout": timeout}))
    client = pages._cache.get_client()
    assert 0 < client.ttl(pages.make_key("a")) <= 300


def test_clear_leaves_the_keys_of_others(pages):
    client = pages._cache.get_client()
    client.set("someone-else", 1, ex=5)
    pages.set("a", 1)
    pages.clear()
    assert pages.get("a") is None
    assert client.get("someone-else")


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (lambda c: c.get("a", 7), 7),
        (lambda c: c.get_or_set("a", lambda: 3), 3),
        (lambda c: c.get_many(["a"]), {}),
        (lambda c: c.set("a", 1), None),
        (lambda c: c.add("a", 1), False),
        (lambda c: c.delete("a"), False),
        (lambda c: c.touch("a"), False),
        (lambda c: c.has_key("a"), False),
        (lambda c: c.incr("a"), 1),
        (lambda c: c.set_many({"a": 1}), []),
        (lambda c: c.delete_many(["a"]), None),
        (lambda c: c.clear(), None),
    ],
)
def test_every_failure_is_a_miss(act, answer):
    assert act(away()) == answer


def test_what_can_not_be_read_is_a_miss(pages):
    pages._cache.get_client().set(pages.make_key("a"), b"not a pickle", ex=5)
    assert pages.get("a", 7) == 7


def test_after_a_failure_redis_is_left_alone(monkeypatch):
    cache = away()
    cache.get("a")
    assert pages_breaker.open
    monkeypatch.setattr(cache._cache, "get_client", lambda *a, **k: pytest.fail("it was asked again"))
    started = time.monotonic()
    assert cache.get("a") is None
    assert time.monotonic() - started < 0.01
