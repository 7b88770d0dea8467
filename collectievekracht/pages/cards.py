"""The dashboard's own cards: what waits, what fits, what is new, and what was given and received.

Each costs two queries at most besides what the page reads once (`my_page`), for any number of collectives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from collectievekracht.common.registry import DashboardCard, DashboardPart, dashboard_cards
from collectievekracht.common.templatetags.ui_page import url_if_any
from collectievekracht.pages.ledger import in_words as ledger_line
from collectievekracht.pages.my_page import my_page
from labs.models import Lab
from labs.queries import labs_that_know, newly_joined
from members.choices import Region, Role, TermKind
from members.models import Collective, Contribution, DirectoryEntry, JoinRequest, Notification
from members.notifications import in_words
from members.vocabulary import labels

NEW_FOR = timedelta(days=60)
SHORT_LIST = 5
MOST_REASONS = 3


def register() -> None:
    """Put them on the dashboard; called once at start-up."""
    waits, fits, news, gave = DashboardPart
    for card in (
        DashboardCard("first_steps", "pages/card_steps.html", first_steps, 10, waits),
        DashboardCard("join_requests", "pages/card_requests.html", join_requests, 5, waits),
        DashboardCard("fitting_labs", "pages/card_labs.html", fitting_labs, 50, fits),
        DashboardCard("notifications", "pages/card_notifications.html", notifications, 10, news),
        DashboardCard("new_collectives", "pages/card_collectives.html", new_collectives, 20, news),
        DashboardCard("new_experts", "pages/card_experts.html", new_experts, 30, news),
        DashboardCard("ledger", "pages/card_ledger.html", ledger, 10, gave),
    ):
        dashboard_cards.add(card)


Context = Mapping[str, Any] | None


def first_steps(request: HttpRequest) -> Context:
    """What somebody who is new, or whose collective is, does first; two queries."""
    page = my_page(request)
    return {"steps": page.steps, "mine": page.mine} if page.steps else None


def join_requests(request: HttpRequest) -> Context:
    """Who asks to join a collective that this person represents, the oldest first; a query."""
    mine = {
        one.collective_id: one.collective
        for one in my_page(request).memberships
        if one.role == Role.REPRESENTATIVE and one.collective.closed_at is None
    }
    if not mine:
        return None
    waiting = JoinRequest.objects.waiting().filter(collective__in=list(mine)).order_by("created_at", "pk")
    asked = waiting.values_list("pk", "name", "collective_id", "created_at")
    rows = [
        {
            "name": name,
            "collective": mine[collective],
            "since": since,
            "url": reverse("members:join_request", args=[mine[collective].slug, pk]),
        }
        for pk, name, collective, since in asked[: SHORT_LIST + 1]
    ]
    return _short(rows)


def _short(rows: list[Any], **more: Any) -> Context:
    """The first few of a list, and whether there are others; no card without any."""
    return {"rows": rows[:SHORT_LIST], "more": len(rows) > SHORT_LIST, **more} if rows else None


@dataclass(frozen=True, slots=True)
class FittingLab:
    """A lab, with which of the focus themes its members know about."""

    name: str
    purpose: str
    url: str
    reasons: list[str]


def fitting_labs(request: HttpRequest) -> Context:
    """Labs whose members know about the themes on which the person's collectives focus, with those themes; a query."""
    mine = my_page(request).approved
    focus = _focus_of(mine)
    if not focus:
        return None
    words = labels(TermKind.THEME, get_language() or "nl")
    fits = [
        FittingLab(str(lab), lab.purpose, lab.get_absolute_url(), reasons)
        for lab, known in labs_that_know(focus)
        if (reasons := [words[one] for one in _focus_of(mine, lab) if one in known and one in words])
    ]
    fits.sort(key=lambda fit: -len(fit.reasons))
    rows = [{"lab": fit, "reasons": fit.reasons[:MOST_REASONS]} for fit in fits]
    return {"rows": rows, "several": len(mine) > 1} if rows else None


def _focus_of(collectives: Iterable[Collective], lab: Lab | None = None) -> list[str]:
    """On which themes these collectives focus; with a lab, those of them that it is for."""
    meant = [one for one in collectives if lab is None or one.country in lab.countries]
    return list(dict.fromkeys(theme for one in meant for theme in one.focus_themes))


def notifications(request: HttpRequest) -> Context:
    """What the person was told and has not read, the newest first; a query."""
    page = my_page(request)
    if not page.unread:
        return {"lines": [], "unread": 0}
    unread = Notification.objects.open_to(page.user).unread().only("kind", "facts", "made_at", "read_at")
    lines = [line for one in unread[:SHORT_LIST] if (line := in_words(one))]
    return {"lines": lines, "unread": page.unread}


def new_collectives(request: HttpRequest) -> Context:
    """Collectives that became public lately in the region or field of the person's own, with which; a query."""
    mine = my_page(request).approved
    own: list[Any] = list(my_page(request).memberships)  # with what their public pages say
    regions = {one.region for one in own if one.region}
    sectors = {sector for one in own for sector in one.sectors or ()}
    if not regions and not sectors:
        return None
    near = Q(region__in=regions) | Q(sectors__overlap=list(sectors))
    entries = (
        DirectoryEntry.objects.visible_to(my_page(request).user)
        .filter(near, since__gte=timezone.now() - NEW_FOR)
        .exclude(collective__in=[one.pk for one in mine])
        .order_by("-since", "collective")
        .values_list("slug", "name", "place_name", "region", "sectors", "since")
    )
    words = labels(TermKind.SECTOR, get_language() or "nl")
    base = reverse("members:directory")
    rows = [
        {
            "name": name,
            "place": place,
            "url": f"{base}{slug}/",
            "since": since,
            "reasons": _shared(fields, sectors, words)
            + ([str(Region(region).label)] if region in regions else []),
        }
        for slug, name, place, region, fields, since in entries[: SHORT_LIST + 1]
    ]
    return _short(rows, url=base)


def _shared(codes: Iterable[str], mine: set[str], words: Mapping[str, str]) -> list[str]:
    return [words.get(code, code) for code in codes if code in mine][:MOST_REASONS]


def new_experts(request: HttpRequest) -> Context:
    """Who joined a lab lately and knows about what the person or their collectives follow, with which; two queries.

    Of a lab that is for none of the person's collectives nobody, and the themes of a collective only for its labs.
    """
    page = my_page(request)
    mine, topics = page.approved, set(page.facts.topics)
    focus = {
        country: _focus_of(one for one in mine if one.country == country)
        for country in {one.country for one in mine}
    }
    if not (topics or any(focus.values())):
        return None
    since = timezone.now() - NEW_FOR
    words = labels(TermKind.THEME, get_language() or "nl")
    rows = [
        {
            "organisation": one.organisation,
            "lab": one.lab,
            "since": one.since,
            "reasons": _shared(one.themes, topics.union(_focus_of(mine, one.lab)), words),
        }
        for one in newly_joined(page.user.pk, since, topics, focus, SHORT_LIST + 1)
    ]
    return _short(rows, url=url_if_any("labs:index"))


def ledger(request: HttpRequest) -> Context:
    """The newest lines of what the person's collectives and they themselves gave and received; a query."""
    page = my_page(request)
    names = {one.pk: one.name for one in page.approved}
    rows = Contribution.objects.filter(
        Q(collective__in=list(names)) | Q(collective=None, user_id=page.user.pk)
    ).order_by("-at", "-pk")
    lines = [
        (line, names.get(row.collective_id or 0, "") if len(names) > 1 else "")
        for row in rows[:SHORT_LIST]
        if (line := ledger_line(row))
    ]
    return {"lines": lines} if lines or names else None
