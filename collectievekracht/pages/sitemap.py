"""The public pages that belong to no other app, for the sitemap; every other kind of page names its own."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from collectievekracht.pages import choices, starter
from collectievekracht.pages.models import FaqEntry, Page
from collectievekracht.pages.texts import QUESTIONS

FIXED = (
    "pages:home",
    "pages:signup_choice",
    "pages:glossary",
    "selfscan:start",
    "members:directory",
    "members:map",
)


def page_addresses() -> Iterator[tuple[str, date | None]]:
    """The pages that are no text of the team."""
    for name in FIXED:
        yield reverse(name), None


def text_addresses() -> Iterator[tuple[str, date | None]]:
    """Every text that can be read, with the day of its last change; one that nobody changed yet has none.

    The page of questions changes with its questions.
    """
    changed = dict(Page.objects.published().values_list("code", "changed_at"))
    asked = FaqEntry.objects.aggregate(last=Max("changed_at"))["last"]
    for code in sorted({*choices.FIXED_PAGES, *starter.pages(), *changed}):
        moments = [changed.get(code), asked if code == QUESTIONS else None]
        days = [timezone.localdate(moment) for moment in moments if moment]
        yield Page(code=code).get_absolute_url(), max(days, default=None)
