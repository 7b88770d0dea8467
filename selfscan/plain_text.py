"""Typed text made fit to store and to show: one form for the same letters, nothing invisible in it."""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"
# Marks that turn the reading direction around (they can disguise an address) or that nobody sees.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n|[\n\x0b\x0c\r\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")


def storable(value: str) -> str:
    """The text as typed, save what no database takes (NUL, half characters): that becomes U+FFFD, which is refused."""
    return _UNSTORABLE.sub(REPLACEMENT, value)


def tidy(value: str, *, lines: bool = False) -> str | None:
    """The text as it is kept, on one line unless `lines`; None when it holds what can't be shown."""
    value = _LINE_BREAK.sub("\n" if lines else " ", value.replace("\x85", "\n" if lines else " "))
    if _REFUSED.search(value):
        return None
    value = unicodedata.normalize("NFC", _INVISIBLE.sub("", value))
    value = _SPACES.sub(" ", value)
    if lines:
        value = _MANY_LINES.sub("\n\n", "\n".join(line.strip() for line in value.split("\n")))
    value = value.strip()
    return value if any(_is_seen(character) for character in value) else ""


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM"
