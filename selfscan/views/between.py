"""Between the pages of a scan: its overview, going on later, and whether the collective is here already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import limits
from members.models import Collective
from members.queries import similar_collectives
from selfscan import paging
from selfscan.conditions import visible_questions
from selfscan.forms import LinkForm
from selfscan.instrument import Definition, Section, text
from selfscan.models import Response
from selfscan.querysets import DRAFT_LIFE
from selfscan.services import definition_of, mail_link
from selfscan.views.doors import open_draft
from selfscan.views.pages import ScanPage, language_of, minutes_left, next_url, page_of, page_url


@require_safe
@open_draft
def overview(request: HttpRequest, scan: Response) -> HttpResponse:
    """The scan's sections, how far each is, and where to go on."""
    definition, language = definition_of(scan.instrument), language_of(request)
    tasks = section_tasks(scan, definition, language)
    todo = next((task for task in tasks if task["state"] != "done"), None)
    done = sum(task["state"] == "done" for task in tasks)
    tasks.append(
        {
            "title": _("Check your answers and send"),
            "url": "" if todo else reverse("selfscan:check", args=[scan.token]),
            "state": "blocked" if todo else "todo",
            "detail": _("Possible when every section is complete.") if todo else "",
        }
    )
    context = {
        "scan": scan,
        "tasks": tasks,
        "minutes": minutes_left(definition, scan),
        "next": todo or tasks[-1],
        "ready": todo is None,
        "gone": "weg" in request.GET,
        "begun": bool(scan.seen_sections),
        "name": scan.answers.get("org_name", ""),
        "form": LinkForm(initial={"email": scan.email}),
        "done": done,
        "total": len(definition.sections),
        "until": scan.saved_at + DRAFT_LIFE,
    }
    return render(request, "selfscan/overview.html", context)


def section_tasks(scan: Response, definition: Definition, language: str) -> list[dict[str, Any]]:
    """The sections as tasks, with their state."""
    return [
        {
            "title": text(section.title, language),
            "url": page_url(scan, section, 1),
            "state": _state(scan, definition, section),
            "detail": "",
        }
        for section in definition.sections
    ]


def _state(scan: Response, definition: Definition, section: Section) -> str:
    """How far a section is; what was typed, isn't right yet and still shows keeps it from being complete."""
    state = paging.section_state(definition, section, scan.answers, set(scan.seen_sections))
    shown = {question.code for question in visible_questions(definition, scan.answers)} & scan.typed.keys()
    unfinished = any(question.code in shown for question in section.questions)
    return "started" if unfinished else state


def leave(request: HttpRequest, scan: Response) -> HttpResponse:
    """Mail the link where the address is known, and say where it went; else ask for the address."""
    if scan.email:
        _mail(request, scan, scan.email)
    return redirect("selfscan:saved", scan.token)


def _mail(request: HttpRequest, scan: Response, email: str) -> bool:
    """Mail the link, as often as is reasonable; True when it was."""
    allowed = limits.hit("selfscan.link", scan.token, 6, 3600) and limits.hit(
        "selfscan.link.ip", limits.client_ip(request), 100, 3600
    )
    if allowed:
        mail_link(scan, email)
    return allowed


@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def saved(request: HttpRequest, scan: Response) -> HttpResponse:
    """Everything is saved: where the link was sent, until when it works, and the form that sends it (again)."""
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"email": scan.email})
    if form.is_valid():
        if _mail(request, scan, form.cleaned_data["email"]):
            return redirect("selfscan:saved", scan.token)
        form.add_error(None, _("We have sent this link several times already. Please wait an hour."))
    context = {
        "scan": scan,
        "form": form,
        "until": scan.saved_at + DRAFT_LIFE,
        "link": request.build_absolute_uri(reverse("selfscan:overview", args=[scan.token])),
    }
    return render(request, "selfscan/saved.html", context)


def twins_of(scan: Response) -> list[Collective]:
    """Collectives with a public page that have this name in this place, or this website."""
    answers = scan.answers
    place = answers.get("place")
    found = similar_collectives(
        name=answers.get("org_name") or "",
        place=place.get("name", "") if isinstance(place, dict) else "",
        website=answers.get("website") or "",
    ).published()
    others = found.exclude(pk=scan.collective_id) if scan.collective_id else found
    return list(others.select_related("published_profile")[:5])


@require_safe
@open_draft
def duplicate(request: HttpRequest, scan: Response) -> HttpResponse:
    """Does this collective exist already? Ask for access to it, or go on: it is another one."""
    definition, language = definition_of(scan.instrument), language_of(request)
    section = definition.section_of("org_name")
    pages = paging.pages(definition, section, scan.answers)
    number = page_of(definition, section, scan.answers, "org_name")
    onward = (
        reverse("selfscan:check", args=[scan.token])
        if "terug" in request.GET
        else next_url(ScanPage(scan, section, pages[number - 1], language))
    )
    twins = twins_of(scan)
    if not twins:
        return HttpResponseRedirect(onward)
    context = {"scan": scan, "twins": twins, "onward": onward, "before": page_url(scan, section, number)}
    return render(request, "selfscan/duplicate.html", context)
