"""Labels of the vocabulary from a copy per process, so that lists never ask the database for them."""

from __future__ import annotations

import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from members.models import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

REFRESH_SECONDS = 60.0
_copy: dict[tuple[str, str], dict[str, str]] = {}
_read_at = -REFRESH_SECONDS


def labels(kind: str, language: str) -> Mapping[str, str]:
    """Code → label of one kind, in the questionnaire's order; at most a minute old."""
    global _copy, _read_at
    if time.monotonic() - _read_at > REFRESH_SECONDS:
        fresh: dict[tuple[str, str], dict[str, str]] = {}
        for term in Term.objects.order_by("kind", "position", "code"):
            fresh.setdefault((term.kind, "nl"), {})[term.code] = term.nl
            fresh.setdefault((term.kind, "en"), {})[term.code] = term.en
        _copy, _read_at = fresh, time.monotonic()
    return MappingProxyType(_copy.get((kind, language)) or _copy.get((kind, "nl")) or {})


def forget() -> None:
    """Read the terms anew at the next question; whoever changes terms calls this."""
    global _read_at  # noqa: PLW0603 -- the per-process copy
    _read_at = -REFRESH_SECONDS
