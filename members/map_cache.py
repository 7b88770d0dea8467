"""What map and directory say of what is public, kept for a minute, and let go at once when that changes."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.core.cache import caches
from django.db import transaction

from collectievekracht.common.page_cache import let_go

SECONDS = 60
LONGEST_NAME = 400
VERSION = "public:version"
KEPT_PAGES = (
    "public"  # pages kept whole that say who is public: a name that was taken back stands in none of them
)


def recall(name: str) -> tuple[Any, str]:
    """What is kept under this name, unless something changed since (else None); and the version to remember it by."""
    key = _key(name)
    found = caches["pages"].get_many([VERSION, key])
    version = found.get(VERSION, "")
    kept_at, value = found.get(key, (None, None))
    return (value if kept_at == version else None), version


def remember(name: str, value: Any, version: str) -> None:
    """Keep a value under the version that `recall` gave before it was made: what changed meanwhile makes it old.

    A name as long as only a mischief makes it isn't kept.
    """
    if len(name) <= LONGEST_NAME:
        caches["pages"].set(_key(name), (version, value), SECONDS)


def etag_of(body: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def forget() -> None:
    """Let everything go once the transaction stands; whatever makes a collective public or hides it calls this."""
    transaction.on_commit(
        lambda: caches["pages"].set(VERSION, secrets.token_hex(8), SECONDS * 2), robust=True
    )
    let_go(KEPT_PAGES)


def _key(name: str) -> str:
    return f"public:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"
