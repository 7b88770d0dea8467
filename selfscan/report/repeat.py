"""A repeat scan beside the one before it, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from selfscan.development import Step
from selfscan.instrument import Definition, text


def verdict_words(step: Step, definition: Definition, language: str) -> str:
    """What is said of the step from one scan to the next."""
    if step.verdict in ("same", "up", "down"):
        return text(definition.versioning.repeat_scan.texts[step.verdict], language)
    if step.verdict == "break":
        return _("The questions changed so much that this can't be compared with the scan before.")
    if step.verdict == "too_soon":
        return _("There is too little time between these two scans to speak of a development.")
    return _("One of the two scans has too few answers for a score.")


def step_words(step: Step, definition: Definition, language: str) -> tuple[str, ...]:
    """The same, with the caution where a question changed."""
    said = (verdict_words(step, definition, language),)
    return (*said, text(definition.versioning.comparability.report_text, language)) if step.caution else said
