"""Facts of a line or a message in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def in_words(text: Callable[[Mapping[str, Any]], Any], facts: Mapping[str, Any]) -> str:
    """What these facts say to their reader; nothing when they are too old to be read."""
    try:
        return str(text(facts))
    except (LookupError, TypeError, ValueError):
        return ""
