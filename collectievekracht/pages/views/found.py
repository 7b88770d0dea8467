"""What search engines read: which pages there are, and which are theirs to read."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from collectievekracht.common import registry
from collectievekracht.pages.page_cache import cached_for_visitors

SITEMAP_XML = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_SIZE = 25_000  # each entry stands in two languages; a sitemap may hold 50,000 addresses


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: public pages, not what is behind a link, a search or a sign-in."""
    closed = (
        "/beheer/",
        "/account/",
        "/mijn/",
        "/zelfscan/*/",
        "/collectieven/*/contact/",
        "/kaart/embed/",
        "/*?",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Disallow: /en/zelfscan/*/"]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('pages:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cached_for_visitors(3600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps: one or more for each kind of page."""
    addresses = []
    for section in registry.sitemaps:
        entries = sum(1 for _entry in section.entries())
        address = settings.SITE_URL + reverse("pages:sitemap_section", args=[section.code])
        addresses += [address, *(f"{address}?p={page}" for page in range(2, -(-entries // SITEMAP_SIZE) + 1))]
    parts = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in addresses)
    return _xml([f'<sitemapindex xmlns="{SITEMAP_XML}">', parts, "</sitemapindex>"])


@require_safe
@cached_for_visitors(3600)
def sitemap_section(request: HttpRequest, code: str) -> HttpResponse:
    """The addresses of one kind of page, in both languages."""
    section = registry.sitemaps.get(code)
    page = request.GET.get("p", "1")
    if section is None or not page.isdecimal() or not 1 <= (number := int(page[:4])) < 1000:
        raise Http404
    shown = islice(section.entries(), (number - 1) * SITEMAP_SIZE, number * SITEMAP_SIZE)
    return _xml([f'<urlset xmlns="{SITEMAP_XML}">', *(_entry(path, day) for path, day in shown), "</urlset>"])


def _entry(path: str, changed: date | None) -> str:
    last = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    return "".join(
        f"<url><loc>{escape(settings.SITE_URL + prefix + path)}</loc>{last}</url>" for prefix in ("", "/en")
    )


def _xml(parts: Iterable[str]) -> HttpResponse:
    return HttpResponse(
        ['<?xml version="1.0" encoding="UTF-8"?>', *parts], content_type="application/xml; charset=utf-8"
    )
