"""The cache of whole pages and map answers, in a Redis that may be away."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

from collectievekracht.common.breaker import Breaker

T = TypeVar("T")
pages_breaker = Breaker()  # of the process: Django makes a cache object per thread


class _QuietClient(RedisCacheClient):
    """Answers as an empty cache would when Redis is away, frozen, or holds what can't be read any more."""

    def _quietly(self, act: Callable[..., T], otherwise: T, *args: Any) -> T:
        if pages_breaker.open:
            return otherwise
        try:
            return act(*args)
        except Exception:  # noqa: BLE001 -- a cache's failure is a miss, whatever it is
            pages_breaker.trip()
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._quietly(super().add, False, key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        return self._quietly(super().get, default, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._quietly(super().set, None, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._quietly(super().touch, False, key, timeout)

    def delete(self, key: Any) -> bool:
        return self._quietly(super().delete, False, key)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._quietly(super().get_many, {}, keys)

    def has_key(self, key: Any) -> bool:
        return self._quietly(super().has_key, False, key)

    def incr(self, key: Any, delta: Any) -> int:
        return self._quietly(super().incr, delta, key, delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._quietly(super().set_many, None, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._quietly(super().delete_many, None, keys)

    def clear_prefix(self, prefix: str) -> None:
        """Delete our own keys only: the broker may live in the same database."""

        def act() -> None:
            client = self.get_client(None, write=True)
            keys = list(client.scan_iter(match=f"{prefix}:*", count=1000))
            if keys:
                client.delete(*keys)

        self._quietly(act, None)


class PagesCache(RedisCache):
    """A Redis cache whose every failure is a miss: pages are drawn again, none breaks.

    After a failure Redis is left alone for ten seconds, so that a frozen one costs one request half a second.
    Nothing is kept for ever: a time to live of None means the default one.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options: dict[str, Any] = {
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})
        self._class = _QuietClient

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        if timeout is None or timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout or 60
        return max(0, int(timeout))

    def clear(self) -> None:
        """Delete every key with our prefix, and no other."""
        client: Any = self._cache
        client.clear_prefix(self.key_prefix)
