"""The public pages that belong to no other app, for the sitemap; labs and collectives name their own."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from collectievekracht.pages import choices, starter
from collectievekracht.pages.models import Page

FIXED = (
    "pages:home",
    "pages:signup_choice",
    "pages:glossary",
    "selfscan:start",
    "members:directory",
    "members:map",
    "newsletter:subscribe",
)


def page_addresses() -> Iterator[tuple[str, date | None]]:
    """The pages that are no text of the team."""
    for name in FIXED:
        yield reverse(name), None


def text_addresses() -> Iterator[tuple[str, date | None]]:
    """Every text that can be read, with the day of its last change; one that nobody changed yet has none."""
    changed = dict(Page.objects.published().values_list("code", "changed_at"))
    for code in sorted({*choices.FIXED_PAGES, *starter.pages(), *changed}):
        moment = changed.get(code)
        yield Page(code=code).get_absolute_url(), moment.date() if moment else None
