"""The message of one collective to another that is like it."""

from __future__ import annotations

from collectievekracht.common.letters import LetterForm


class AlikeForm(LetterForm):
    """Somebody who writes for their collective."""
