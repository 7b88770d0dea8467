"""The team's work queue: what waits, how late it is, and what is done about it from the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from collectievekracht.common.models import Promise, PromiseState
from labs.models import LabMembership
from labs.services.applications import accept
from members.choices import ReviewState, WorkKind
from members.models import Collective, CollectiveProfile, JoinRequest, User, WorkItem
from members.services.access import approve_access
from members.services.revisions import approve_revision
from members.services.work import AlreadyDecided, claim_work, end_of_day, release_work
from members.work_words import Urgency, decided_words, urgency
from selfscan import eligibility
from selfscan.instrument import Definition
from selfscan.models import Instrument, Response
from selfscan.services import approve_response, current_instrument, definition_of

log = structlog.get_logger("collectievekracht.work")
PAGE_SIZE = 20
REVIEW_PAGES = {
    WorkKind.SCAN: "admin:review_response",
    WorkKind.REVISION: "admin:review_profile",
    WorkKind.JOIN_REQUEST: "admin:review_join_request",
    WorkKind.APPLICATION: "admin:review_lab_membership",
    WorkKind.ABUSE: "admin:review_abuse",
}
WHEN = {
    "": gettext_lazy("All"),
    "te-laat": gettext_lazy("Late"),
    "vandaag": gettext_lazy("Due today"),
    "van-mij": gettext_lazy("Mine"),
    "van-niemand": gettext_lazy("Nobody's"),
}
REPORT = {
    "done": (gettext_lazy("Report ready"), "plain"),
    "open": (gettext_lazy("Report in the making"), "plain"),
    "failed": (gettext_lazy("Report failed"), "clay"),
}


@dataclass(frozen=True)
class Row:
    """One piece of waiting work as the list shows it."""

    item: WorkItem
    about: str
    urgency: Urgency
    url: str
    claim_url: str
    mark: str
    mine: bool
    fits: tuple[str, str] | None
    doubts: list[eligibility.Point]
    similar: int
    report: tuple[Any, str] | None
    remarks: list[str]

    @property
    def is_told(self) -> bool:
        """Whether anything is known of it before it is opened."""
        return bool(self.fits or self.similar or self.report or self.remarks)


@dataclass(frozen=True)
class Chosen:
    """The filters in the address."""

    when: str
    kind: str
    search: str
    page: int

    def address(self, **changes: object) -> str:
        """The front page with these filters, some changed; a page number only when it is given."""
        now = {"toon": self.when, "soort": self.kind, "zoek": self.search} | changes
        query = urlencode({name: value for name, value in now.items() if value})
        return f"{reverse('admin:index')}{'?' if query else ''}{query}"


def chosen(request: HttpRequest) -> Chosen:
    """The filters that the address asks for; what isn't one is left out."""
    when, kind = request.GET.get("toon", ""), request.GET.get("soort", "")
    page = request.GET.get("pagina", "1")
    return Chosen(
        when=when if when in WHEN else "",
        kind=kind if kind in WorkKind.values else "",
        search="".join(letter for letter in request.GET.get("zoek", "") if letter.isprintable())[
            :100
        ].strip(),
        page=int(page) if page.isdecimal() and len(page) < 5 and int(page) else 1,
    )


def _conditions(user: User, moment: datetime) -> dict[str, Q]:
    return {
        "": Q(),
        "te-laat": Q(due_at__lt=moment),
        "vandaag": Q(due_at__gte=moment, due_at__lte=end_of_day(moment)),
        "van-mij": Q(claimed_by=user),
        "van-niemand": Q(claimed_by=None),
    }


def _of_kind(wanted: Chosen) -> Q:
    return Q(kind=wanted.kind) if wanted.kind else Q()


def _searched(wanted: Chosen) -> Q:
    if not wanted.search:
        return Q()
    return Q(title__icontains=wanted.search) | Q(facts__reference__iexact=wanted.search)


def waiting(user: User, wanted: Chosen, moment: datetime) -> QuerySet[WorkItem]:
    """The open work that the filters ask for, the most urgent first."""
    asked = _conditions(user, moment)[wanted.when] & _of_kind(wanted) & _searched(wanted)
    return WorkItem.objects.open().filter(asked).select_related("claimed_by")


class _Figures:
    """How much work there is behind each filter, with the other filters as they are; and in all. One query."""

    def __init__(self, user: User, wanted: Chosen, moment: datetime) -> None:
        self.user, self.wanted = user, wanted
        asked, words = _conditions(user, moment), _searched(wanted)
        self.groups: list[Any] = list(
            WorkItem.objects.open()
            .order_by()
            .values("kind", "claimed_by")
            .annotate(
                total=Count("pk"),
                found=Count("pk", filter=words),
                late=Count("pk", filter=words & asked["te-laat"]),
                today=Count("pk", filter=words & asked["vandaag"]),
            )
        )

    def of(self, when: str, kind: str) -> int:
        """How much there is of this kind (of every one, without), for this time or person."""
        column = {"te-laat": "late", "vandaag": "today"}.get(when, "found")
        holders = {"van-mij": self.user.pk, "van-niemand": None}
        return sum(
            group[column]
            for group in self.groups
            if (not kind or group["kind"] == kind)
            and (when not in holders or group["claimed_by"] == holders[when])
        )

    @property
    def total(self) -> int:
        """All work, whatever the filters."""
        return sum(group["total"] for group in self.groups)


def context(request: HttpRequest) -> dict[str, Any]:
    """What the front page shows; the same number of queries for any number of rows."""
    moment, wanted = timezone.now(), chosen(request)
    user: User = request.user  # type: ignore[assignment]
    items = _page(waiting(user, wanted, moment), wanted)
    if not items and wanted.page > 1:  # what stood on this page was decided meanwhile
        wanted = replace(wanted, page=1)
        items = _page(waiting(user, wanted, moment), wanted)
    figures = _Figures(user, wanted, moment)
    states = _states()
    definition = _definition()
    return {
        "rows": [_row(item, user, moment, definition) for item in items[:PAGE_SIZE]],
        "wanted": wanted,
        "whens": [
            (label, figures.of(code, wanted.kind), wanted.address(toon=code), code == wanted.when)
            for code, label in WHEN.items()
        ],
        "kinds": [
            (
                label,
                figures.of(wanted.when, kind),
                wanted.address(soort="" if kind == wanted.kind else kind),
                kind == wanted.kind,
            )
            for kind, label in WorkKind.choices
        ],
        "total": figures.total,
        "states": [(label, states.get(state, 0), state) for state, label in ReviewState.choices],
        "failed": states.get(PromiseState.FAILED, 0),
        "previous_url": wanted.address(pagina=wanted.page - 1) if wanted.page > 1 else "",
        "next_url": wanted.address(pagina=wanted.page + 1) if len(items) > PAGE_SIZE else "",
        "has_filter": bool(wanted.when or wanted.kind or wanted.search),
    }


def _page(items: QuerySet[WorkItem], wanted: Chosen) -> list[WorkItem]:
    """The rows of this page, and one more when there is a next one."""
    start = (wanted.page - 1) * PAGE_SIZE
    return list(items[start : start + PAGE_SIZE + 1])


def _states() -> dict[str, int]:
    """How many collectives there are of each state, and how many tasks that failed; one query."""
    collectives = Collective.objects.order_by().values_list("state").annotate(Count("pk"))
    tasks = Promise.objects.filter(state=PromiseState.FAILED).order_by()
    return dict(collectives.union(tasks.values_list("state").annotate(Count("pk")), all=True))


def _definition() -> Definition | None:
    try:
        return definition_of(current_instrument())
    except Instrument.DoesNotExist:
        return None


def _row(item: WorkItem, user: User, moment: datetime, definition: Definition | None) -> Row:
    facts: Mapping[str, Any] = item.facts
    checked = facts.get("definition_check") or {}
    language = get_language() or "nl"
    points = eligibility.points(definition, checked, language) if definition and checked else []
    parts = (capfirst(item.get_kind_display()), facts.get("reference"))
    return Row(
        item=item,
        about=" · ".join(part for part in parts if part),
        urgency=urgency(item.due_at, moment),
        url=_addresses(REVIEW_PAGES[WorkKind(item.kind)], language).format(item.target_id),
        claim_url=_addresses("admin:work_claim", language).format(item.pk),
        mark=_("Mark %(title)s") % {"title": item.title},
        mine=item.claimed_by_id == user.pk,
        fits=eligibility.verdict(facts.get("eligibility", "")),
        doubts=[point for point in points if not point.fits],
        similar=len(facts.get("similar") or ()),
        report=REPORT.get(facts.get("report", "")),
        remarks=eligibility.remarks(facts.get("data_quality") or ()),
    )


@cache
def _addresses(name: str, language: str) -> str:
    """The address of a thing in this language, with `{}` in place of its number: looked up once and not for each row."""
    start, _number, end = reverse(name, args=[0]).rpartition("/0/")
    return f"{start}/{{}}/{end}"


def review_address(item: WorkItem) -> str:
    """Where this piece of work is looked at and decided."""
    return reverse(REVIEW_PAGES[WorkKind(item.kind)], args=[item.target_id])


def next_address(user: User, *, after: WorkItem | None = None) -> str:
    """The next piece of work for this person: the most urgent that nobody else has taken; else the queue itself."""
    free = WorkItem.objects.open().filter(Q(claimed_by=None) | Q(claimed_by=user))
    later = free
    if after:
        later = free.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk))
    item = later.first() or (free.first() if after else None)
    return review_address(item) if item else reverse("admin:index")


def next_item(request: HttpRequest) -> HttpResponse:
    """Go to the most urgent work; with `na`, to what comes after that piece."""
    after = request.GET.get("na", "")
    item = WorkItem.objects.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    return redirect(next_address(request.user, after=item))  # type: ignore[arg-type]


def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take work on one's name, from a colleague too when `van` says from whom; or give it back."""
    user: User = request.user  # type: ignore[assignment]
    holder = request.POST.get("van", "")
    instead_of = int(holder) if holder.isdecimal() and len(holder) < 19 else None
    item = WorkItem.objects.filter(pk=pk).select_related("claimed_by").first()
    if item is None or item.decided_at:
        messages.warning(request, _("This work is not waiting any more."))
    elif item.claimed_by_id == user.pk:
        release_work(item, user)
        messages.success(request, _("You gave back: %(title)s") % {"title": item.title})
    elif claim_work(item, user, instead_of=instead_of):
        messages.success(request, _("You took: %(title)s") % {"title": item.title})
    else:
        item.refresh_from_db()
        messages.warning(
            request, _("%(title)s was taken by %(who)s.") % {"title": item.title, "who": item.claimed_by}
        )
    return _back(request, item)


def _back(request: HttpRequest, item: WorkItem | None = None) -> HttpResponse:
    """Where the person was: the page of this piece of work, or the list with its filters."""
    if item and "bekijken" in request.GET:
        return HttpResponseRedirect(review_address(item))
    wanted = chosen(request)
    return HttpResponseRedirect(wanted.address(pagina=wanted.page if wanted.page > 1 else ""))


def approve_chosen(request: HttpRequest) -> HttpResponse:
    """Approve the marked rows, each on its own: what can't be approved is named, and the others are.

    What a colleague has taken is left to them: somebody is reading it.
    """
    user: User = request.user  # type: ignore[assignment]
    wanted = {int(pk) for pk in request.POST.getlist("werk") if pk.isdecimal() and len(pk) < 19}
    if not wanted:
        messages.warning(request, _("Mark at least one row first."))
        return _back(request)
    done = 0
    problems: list[tuple[str, str]] = []
    for item in WorkItem.objects.filter(pk__in=wanted).select_related("claimed_by").order_by("due_at", "pk"):
        taken = item.decided_at is None and item.claimed_by_id not in (None, user.pk)
        problem = _("%(who)s has taken it") % {"who": item.claimed_by} if taken else approve_item(item, user)
        if problem:
            problems.append((item.title, problem))
        else:
            done += 1
    if done:
        messages.success(request, ngettext("%(n)s approved.", "%(n)s approved.", done) % {"n": done})
    if problems:
        intro = ngettext("%(n)s not approved:", "%(n)s not approved:", len(problems)) % {"n": len(problems)}
        lines = format_html_join("", "<li>{}: {}</li>", problems)
        messages.error(request, format_html("{}<ul>{}</ul>", intro, lines))
    return _back(request)


class NeedsAnswer(Exception):
    """Nobody approves this without opening it."""


def approve_item(item: WorkItem, by: User) -> str:
    """Approve this one in a transaction of its own; the answer is what went wrong, or nothing."""
    try:
        with transaction.atomic():
            APPROVE[WorkKind(item.kind)](item.target_id, by)
    except AlreadyDecided as decided:
        return decided_words(decided.item)
    except NeedsAnswer:
        return _("open it: it needs an answer in your own words")
    except Exception as error:
        log.exception("approve_failed", item=item.pk, error_class=type(error).__name__)
        return _("this could not be done; open it to see why")
    return ""


def _approve_scan(pk: int, by: User) -> None:
    approve_response(Response.objects.select_related("collective").get(pk=pk), by)


def _approve_revision(pk: int, by: User) -> None:
    approve_revision(CollectiveProfile.objects.select_related("collective").get(pk=pk), by)


def _approve_access(pk: int, by: User) -> None:
    approve_access(JoinRequest.objects.select_related("collective").get(pk=pk), by)


def _answer_abuse(pk: int, by: User) -> None:
    raise NeedsAnswer


def _accept_application(pk: int, by: User) -> None:
    accept(LabMembership.objects.select_related("lab", "user").get(pk=pk), by)


APPROVE: dict[WorkKind, Callable[[int, User], None]] = {
    WorkKind.SCAN: _approve_scan,
    WorkKind.REVISION: _approve_revision,
    WorkKind.JOIN_REQUEST: _approve_access,
    WorkKind.APPLICATION: _accept_application,
    WorkKind.ABUSE: _answer_abuse,
}
