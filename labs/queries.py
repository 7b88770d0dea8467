"""What higher and lower pages ask about the labs."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from labs.models import Lab


def lab_addresses() -> Iterator[tuple[str, date | None]]:
    """The public pages of the labs, for the sitemap."""
    yield reverse("labs:index"), None
    for lab in Lab.objects.published():
        yield lab.get_absolute_url(), None
