"""The pages that read several apps."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from collectievekracht.common import registry
from collectievekracht.pages import home_map, queries
from collectievekracht.pages.page_cache import cached_for_visitors
from members.gazetteer import REGIONS_FILE

SITEMAP_XML = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_SIZE = 25_000  # each entry stands in two languages; a sitemap may hold 50,000 addresses


@require_safe
@cached_for_visitors(60)
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, how many take part, and where they are."""
    drawing = home_map.draw(REGIONS_FILE, queries.home_pins())
    context = {
        "figures": queries.home_figures(),
        "map": drawing,
        "blocks": _blocks(request, registry.home_blocks),
    }
    return render(request, "pages/home.html", context)


def _blocks(request: HttpRequest, registered: Iterable[registry.HomeBlock]) -> list[SafeString]:
    """What other apps put on this page, drawn in order; a block whose context is None is left out."""
    contexts = ((block, block.context(request)) for block in sorted(registered, key=lambda one: one.order))
    return [
        render_to_string(block.template, dict(context), request)
        for block, context in contexts
        if context is not None
    ]


def _team_page(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, f"pages/{template}.html", {"team_email": settings.TEAM_EMAIL})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the team."""
    return _team_page(request, "contact")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What happens to what people tell us."""
    return _team_page(request, "privacy")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Our own statement about accessibility."""
    return _team_page(request, "accessibility")


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """My collectives, with their pages, scans and reports."""
    context = {
        "memberships": queries.memberships_of(request.user.pk or 0),
        "cards": _blocks(request, registry.dashboard_cards),
    }
    return render(request, "pages/dashboard.html", context)


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
