"""What a small correction of a page is: so little that it may pass without being read first; pure.

Small is: nothing but running text changed, in few places and few characters, and no word came in that leads somewhere
or names somebody: no web or mail address, no number, no word with a capital that wasn't there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from members.page_text import differences

RUNNING_TEXT = ("description", "offer_details")
MOST_CHARACTERS = 20
# Words that turn a sentence round, in both languages.
TURNING = frozenset(
    {
        "niet", "geen", "nooit", "nee", "zonder", "wel", "altijd", "not", "no", "never", "without", "always",
    }
)  # fmt: skip
_WORD = re.compile(r"\S+")
_LEADS = re.compile(r"[@/:\d_<>]|\w\.\w|^https?$|^www$", re.IGNORECASE)


def is_small(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether `after` is `before` with a small correction. Nothing changed at all is small too."""
    changed = differences(before, after)
    if not set(changed) <= set(RUNNING_TEXT):
        return False
    texts = [(str(before.get(name) or ""), str(after.get(name) or "")) for name in changed]
    return sum(changed_characters(old, new) for old, new in texts) <= MOST_CHARACTERS and all(
        _harmless(old, new) for old, new in texts
    )


def changed_characters(old: str, new: str) -> int:
    """How many characters went or came, counted along the longest parts that stayed."""
    if abs(len(old) - len(new)) > MOST_CHARACTERS:
        return abs(len(old) - len(new))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        max(old_end - old_start, new_end - new_start)
        for kind, old_start, old_end, new_start, new_end in steps
        if kind != "equal"
    )


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?()\"'‘’“”") for word in _WORD.findall(text)]


def _harmless(old: str, new: str) -> bool:
    """No word came or went that leads somewhere, names somebody or turns the sentence."""
    before, after = set(_words(old)), set(_words(new))
    known = {word.casefold() for word in before}
    for word in after - before:
        named = any(letter.isupper() for letter in word) and word.casefold() not in known
        if named or _LEADS.search(word):
            return False
    moved = {word.casefold() for word in before ^ after}
    gone = before - after
    return not moved & TURNING and not any(_LEADS.search(word) for word in gone)
