"""Feeds: what is newly public, for whoever wants to follow it without an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.choices import TermKind
from members.directory import place_line
from members.map_cache import etag_of
from members.models import DirectoryEntry
from members.vocabulary import labels

if TYPE_CHECKING:
    Base = Feed[DirectoryEntry, None]
else:
    Base = Feed

LENGTH = 30
OPENED = datetime(
    2022, 2, 11, tzinfo=UTC
)  # the platform's first day: when nothing is in the feed, nothing changed since
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class SteadyFeed(Atom1Feed):
    """An Atom feed that says the same as long as its items do, empty or not."""

    def latest_post_date(self) -> datetime:
        """The newest item's day."""
        return super().latest_post_date() if self.items else OPENED


class NewCollectives(Base):
    """The collectives that became public last, by the public fields that the directory shows of them."""

    feed_type = SteadyFeed

    def title(self) -> str:
        return _("New collectives on CollectieveKracht")

    def subtitle(self) -> str:
        return _("Citizen collectives that got a page here, the newest first.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("members:directory")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("members:feed")

    def author_name(self) -> str:
        return "CollectieveKracht"

    def items(self) -> QuerySet[DirectoryEntry]:
        shown = DirectoryEntry.objects.visible_to(AnonymousUser())
        columns = ("slug", "name", "place_name", "region", "summary", "sectors", "since")
        return shown.only(*columns).order_by(F("since").desc(), "pk")[:LENGTH]

    def item_title(self, item: DirectoryEntry) -> str:
        return _clean(item.name)

    def item_description(self, item: DirectoryEntry) -> str:
        words = (place_line(item.place_name, item.region), item.summary)
        return escape(_clean(". ".join(filter(None, words))))  # an Atom summary is read as HTML

    def item_link(self, item: DirectoryEntry) -> str:
        return f"{settings.SITE_URL}{reverse('members:directory')}{item.slug}/"

    def item_pubdate(self, item: DirectoryEntry) -> datetime:
        return item.since

    def item_updateddate(self, item: DirectoryEntry) -> datetime:
        return item.since

    def item_categories(self, item: DirectoryEntry) -> list[str]:
        names = labels(TermKind.SECTOR, get_language() or "nl")
        return [_clean(names.get(code, code)) for code in item.sectors]


def _clean(text: str) -> str:
    """Without the signs that XML can't hold."""
    return NOT_IN_XML.sub("", text)


_draw: Any = NewCollectives()


@require_safe
def new_collectives(request: HttpRequest) -> HttpResponse:
    """The feed; a reader that has it already, by its ETag, gets a 304.

    A page that was withdrawn changes the ETag but no date, so a date alone is never taken for "nothing changed".
    """
    response: HttpResponse = _draw(request)
    response["ETag"] = etag_of(response.content)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    if "If-None-Match" not in request.headers:
        return response
    conditional = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(conditional, HttpResponse)
    return conditional
