"""What the site asks about the newsletter."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse


def newsletter_addresses() -> Iterator[tuple[str, date | None]]:
    """The public pages of the newsletter, for the sitemap."""
    yield reverse("newsletter:subscribe"), None
