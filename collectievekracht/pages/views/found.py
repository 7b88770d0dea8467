"""What search engines read: which pages there are, and which are theirs to read."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from django.views.decorators.http import require_safe

from collectievekracht.common import registry
from collectievekracht.common.page_cache import cached_for_visitors
from members.map_cache import KEPT_PAGES

SITEMAP_XML = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
# An entry stands in two languages, each naming all: a sitemap may hold 50,000 addresses and 50 MB.
SITEMAP_SIZE = 10_000
# Behind a sign-in, a link that only its reader has, a form that writes to somebody, or a frame on another site.
CLOSED = (
    "/beheer/",
    "/account/",
    "/mijn/",
    "/stijlgids/",
    "/zelfscan/*/",
    "/afmelden/",
    "/uitnodiging/",
    "/aanmelden/*/",
    "/nieuwsbrief/bevestigen/",
    "/collectieven/*/contact/",
    "/collectieven/*/toegang/",
    "/collectieven/*/klopt/",
    "/melden/",
    "/mensen/",
    "/labs/bevestigen/",
    "/labs/*/aanmelden/",
    "/labs/*/leden/",
    "/kaart/embed/",
    "/kaart/pins.geojson",
)
Entry = tuple[str, date | None]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: public pages, not what is behind a link, a search or a sign-in."""
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in ("", "/en") for path in CLOSED)]
    # Searches and filters have no end; the further parts of a sitemap are asked for by a query too.
    lines += ["Disallow: /*?", "Allow: /sitemap-"]
    with override(settings.LANGUAGE_CODE):
        lines.append(f"Sitemap: {settings.SITE_URL}{reverse('pages:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cached_for_visitors(3600, KEPT_PAGES)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps: one or more for each kind of page, each with its last change."""
    found = [f'<sitemapindex xmlns="{SITEMAP_XML}">']
    with override(settings.LANGUAGE_CODE):
        for section in registry.sitemaps:
            address = settings.SITE_URL + reverse("pages:sitemap_section", args=[section.code])
            for number, part in enumerate(_parts(section), 1):
                location = escape(f"{address}?p={number}" if number > 1 else address)
                last = max((day for _path, day in part if day), default=None)
                found.append(f"<sitemap><loc>{location}</loc>{_last(last)}</sitemap>")
    return _xml([*found, "</sitemapindex>"])


@require_safe
@cached_for_visitors(3600, KEPT_PAGES, in_parts=True)
def sitemap_section(request: HttpRequest, code: str) -> HttpResponse:
    """The addresses of one kind of page, in both languages, each with the other one beside it."""
    section = registry.sitemaps.get(code)
    page = request.GET.get("p", "1")
    if section is None or not page.isdecimal() or not 1 <= (number := int(page[:4])) < 1000:
        raise Http404
    with override(settings.LANGUAGE_CODE):
        shown = list(islice(section.entries(), (number - 1) * SITEMAP_SIZE, number * SITEMAP_SIZE))
    if number > 1 and not shown:
        raise Http404
    parts = [f'<urlset xmlns="{SITEMAP_XML}" xmlns:xhtml="{XHTML}">']
    return _xml([*parts, *(_entry(path, day) for path, day in shown), "</urlset>"])


def _parts(section: registry.SitemapSection) -> Iterator[list[Entry]]:
    """A section's entries, as many at a time as one sitemap holds; at least one part, which may be empty."""
    entries = iter(section.entries())
    yield list(islice(entries, SITEMAP_SIZE))
    while part := list(islice(entries, SITEMAP_SIZE)):
        yield part


def _entry(path: str, changed: date | None) -> str:
    addresses = {
        code: escape(settings.SITE_URL + ("" if code == settings.LANGUAGE_CODE else f"/{code}") + path)
        for code, _name in settings.LANGUAGES
    }
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
        for code, address in (*addresses.items(), ("x-default", addresses[settings.LANGUAGE_CODE]))
    )
    return "".join(
        f"<url><loc>{address}</loc>{_last(changed)}{others}</url>" for address in addresses.values()
    )


def _last(changed: date | None) -> str:
    return f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""


def _xml(parts: Iterable[str]) -> HttpResponse:
    return HttpResponse(
        ['<?xml version="1.0" encoding="UTF-8"?>', *parts], content_type="application/xml; charset=utf-8"
    )
