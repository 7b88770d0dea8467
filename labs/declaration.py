"""The declaration of no sales: its words and their version, as an applicant agrees to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERSION = "2026-1"
WORDS = _(
    "I take part to share what I know and to learn. I don't look for customers here, I sell nothing, and I don't pass "
    "on what collectives tell me to anybody who does."
)


def as_agreed() -> str:
    """What is kept with an application: the version, and the words in the language in which they were read."""
    return f"[{VERSION}] {WORDS}"
