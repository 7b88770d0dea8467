"""What the self-scan hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from members.models import Collective
from members.signals import collective_closing, representative_gone
from selfscan.services.closing import promise_stripping
from selfscan.services.links import promise_new_links
from selfscan.services.repeats import forget_open_repeats


@receiver(collective_closing, dispatch_uid="selfscan.forget_open_repeats")
def forget_repeats(sender: type, collective: Collective, **kwargs: Any) -> None:
    """A collective that closes repeats nothing: what was begun goes, so that nobody can send it any more."""
    forget_open_repeats(collective)


@receiver(collective_closing, dispatch_uid="selfscan.strip_answers")
def strip_answers(sender: type, collective: Collective, **kwargs: Any) -> None:
    """Nothing that names a collective stays in its scans once it stopped; without its yes to research, no answers."""
    promise_stripping(collective)


@receiver(representative_gone, dispatch_uid="selfscan.new_links")
def new_links(sender: type, collective: Collective, **kwargs: Any) -> None:
    """Who no longer speaks for a collective keeps no way to its scans and reports in old mails."""
    promise_new_links(collective)
