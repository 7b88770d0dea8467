"""Addresses that must not be mailed, and tokens to turn a kind of mail off: keyed hashes, each with its own key."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from collectievekracht.common import storage
from collectievekracht.common.models import Suppression

ERASED = "erased"


def normal(address: str) -> str:
    """One spelling per mailbox, so that two spellings of an address get one mail."""
    return address.strip().lower()


def _digest(key: str, *parts: str) -> bytes:
    return hmac.new(key.encode(), "\0".join(parts).encode(errors="replace"), hashlib.sha256).digest()


def digest(address: str) -> str:
    """By what an address stands in the list, whatever its purpose."""
    return _digest(settings.SUPPRESSION_KEY, normal(address)).hex()


def suppress(address: str, purpose: str) -> None:
    """Remember that this address must not get mail of `purpose` ("mail" is every kind), without keeping it."""
    digest = _digest(settings.SUPPRESSION_KEY, normal(address)).hex()
    Suppression.objects.get_or_create(digest=digest, purpose=purpose)


def allow(address: str, purpose: str) -> None:
    """Take a suppression back, because the person asked for this mail again."""
    digest = _digest(settings.SUPPRESSION_KEY, normal(address)).hex()
    Suppression.objects.filter(digest=digest, purpose=purpose).delete()


def is_suppressed(address: str, *purposes: str) -> bool:
    """Whether the address is suppressed for any of the purposes."""
    digest = _digest(settings.SUPPRESSION_KEY, normal(address)).hex()
    return Suppression.objects.filter(digest=digest, purpose__in=purposes).exists()


def mark(address: str, purpose: str) -> str:
    """By what an address is known again for one purpose, without keeping it: marks of two purposes don't match."""
    return _digest(settings.SUPPRESSION_KEY, "mark", purpose, normal(address)).hex()


def account_mark(user_id: int) -> str:
    """By what an account stands in the list of who was erased."""
    return _digest(settings.SUPPRESSION_KEY, "account", str(user_id)).hex()


def remember_erased(user_id: int, addresses: Iterable[str], at: datetime) -> None:
    """Write down who was erased and when, as keyed hashes: in the database, and in the private store beside it.

    An older backup of the database forgets who was erased after it was made; the store doesn't.
    """
    for mark in (account_mark(user_id), *map(digest, addresses)):
        Suppression.objects.update_or_create(digest=mark, purpose=ERASED, defaults={"created_at": at})
        storage.write_atomically(f"{ERASED}/{mark}", at.isoformat().encode())


def erased_since() -> dict[str, datetime]:
    """Who was erased, by hash, with the last moment; what only the store remembers is in the table from then on."""
    found = dict(Suppression.objects.filter(purpose=ERASED).values_list("digest", "created_at"))
    for mark in storage.names(ERASED):
        at = datetime.fromisoformat(storage.read(f"{ERASED}/{mark}").decode())
        if mark not in found or found[mark] < at:
            found[mark] = at
            Suppression.objects.update_or_create(digest=mark, purpose=ERASED, defaults={"created_at": at})
    return found


def turn_off_token(kind: str, address: str) -> str:
    """The token of /afmelden/<token>/: it never expires and works without signing in."""
    subject = f"{kind}\0{normal(address)}".encode()
    mark = hmac.new(settings.UNSUBSCRIBE_KEY.encode(), subject, hashlib.sha256).digest()[:18]
    return urlsafe_b64encode(mark + subject).decode().rstrip("=")


def read_turn_off_token(token: str) -> tuple[str, str] | None:
    """The kind of mail and the address of a token, or None if it was not made here."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        kind, address = raw[18:].decode().split("\0")
    except ValueError:  # also UnicodeError and binascii.Error
        return None
    expected = hmac.new(settings.UNSUBSCRIBE_KEY.encode(), raw[18:], hashlib.sha256).digest()[:18]
    return (kind, address) if hmac.compare_digest(raw[:18], expected) else None
