"""Filling in a scan: the pages of its sections, and what two people at once get to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collectievekracht.common import form_keys
from collectievekracht.common.templatetags.ui_formats import clock
from selfscan import paging
from selfscan.answers import Problem
from selfscan.choices import ResponseState
from selfscan.conditions import is_answered, visible_questions
from selfscan.instrument import Definition, Question, Section, text
from selfscan.models import Response
from selfscan.services import ChangedElsewhere, definition_of
from selfscan.services.saving import save_form, saved_by
from selfscan.views.between import leave, twins_of
from selfscan.views.doors import open_draft, reload
from selfscan.views.pages import (
    ScanPage,
    differing,
    hidden_fields,
    language_of,
    minutes_left,
    next_url,
    page_of,
    page_url,
    shape_of,
)

MAX_TRIES = 4
IDENTITY = frozenset({"org_name", "place", "website"})


@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def section_page(request: HttpRequest, scan: Response, section: str, page: int = 1) -> HttpResponse:
    """A page of a section: shown, saved while somebody types, or saved to go on."""
    definition = definition_of(scan.instrument)
    try:
        part = definition.section(section)
    except KeyError:
        raise Http404 from None
    pages = paging.pages(definition, part, scan.answers)
    language = language_of(request)
    if request.method == "POST":
        questions = _asked(definition, part, pages, page, request.POST)
        if questions:
            return _save(request, ScanPage(scan, part, questions, language))
    if not 1 <= page <= len(pages):
        return HttpResponseRedirect(f"{reverse('selfscan:overview', args=[scan.token])}?weg")
    return _show(request, ScanPage(scan, part, pages[page - 1], language), page)


def _asked(
    definition: Definition,
    section: Section,
    pages: tuple[tuple[Question, ...], ...],
    page: int,
    data: QueryDict,
) -> tuple[Question, ...]:
    """The questions that the posted form showed, as it says itself; without its word those of the page as it is."""
    said = set(data.get("shown", "").split())
    if not said:
        said = {question.code for question in (pages[page - 1] if 1 <= page <= len(pages) else ())}
    # What became visible by the answers of this very form, and was answered in it, counts too.
    controllers = tuple(question for question in section.questions if question.code in said)
    if not controllers:
        return ()
    return tuple(
        question
        for question in section.questions
        if question.code in said or (question.show_if is not None and question.code in data)
    )


def _show(request: HttpRequest, page: ScanPage, number: int) -> HttpResponse:
    asked_on = "fout" in request.GET
    problems = page.problems(complete=asked_on)
    if not asked_on:
        problems = tuple(problem for problem in problems if problem.question in page.scan.typed)
    return render(request, "selfscan/section.html", _context(request, page, number, problems))


def _context(
    request: HttpRequest,
    page: ScanPage,
    number: int,
    problems: tuple[Problem, ...],
    *,
    back: bool | None = None,
) -> dict[str, Any]:
    definition, scan = page.definition, page.scan
    codes = [section.code for section in definition.sections]
    position = codes.index(page.section.code)
    before = (
        page_url(scan, page.section, number - 1)
        if number > 1
        else reverse("selfscan:overview", args=[scan.token])
    )
    back = request.GET.get("terug") == "controle" if back is None else back
    forms = page.forms(problems)
    by_code = {form.code: form for form in forms}
    return {
        "scan": scan,
        "section": page.section,
        "title": text(page.section.title, page.language),
        "intro": text(page.section.intro, page.language) if number == 1 else "",
        "position": position,
        "total": len(codes),
        "progress_label": _progress_label(scan, position + 1, len(codes), minutes_left(definition, scan)),
        "questions": forms,
        "shape": shape_of(forms),
        "shown": page.shown,
        "seen": page.seen,
        "form_key": form_keys.new(),
        "number": number,
        "action": request.path,
        "places_url": reverse("selfscan:places"),
        "before": reverse("selfscan:check", args=[scan.token]) if back else before,
        "back": back,
        "added": "nieuw" in request.GET,
        "problems": [
            {
                "field": by_code[problem.question].target(problem.field),
                "label": by_code[problem.question].label_of(problem.field),
                "message": problem.message,
            }
            for problem in problems
        ],
        "has_errors": bool(problems),
    }


def _progress_label(scan: Response, number: int, total: int, minutes: int) -> SafeString:
    """Section 3 of 9, about 5 minutes left, saved at 14.32; the last part is renewed while somebody types."""
    parts = [_("Section %(number)s of %(total)s") % {"number": number, "total": total}]
    if minutes:
        left = ngettext("about %(count)s minute left", "about %(count)s minutes left", minutes)
        parts.append(left % {"count": minutes})
    saved = _("saved at %(time)s") % {"time": clock(scan.saved_at)} if scan.version else ""
    live = format_html('<span role="status" data-saved>{}</span>', saved)
    return format_html("{} {}", " · ".join(parts), live)


# --- saving


@dataclass(frozen=True)
class Kept:
    """A save that went through."""

    page: ScanPage
    problems: tuple[Problem, ...]
    late: bool = False  # the form saved something newer meanwhile; this was left aside


@dataclass(frozen=True)
class Clash:
    """Somebody else changed these questions since the form was drawn."""

    page: ScanPage
    codes: list[str]


def _keep(request: HttpRequest, page: ScanPage, *, live: bool) -> Kept | Clash | None:
    """Save what was posted; None when the scan was sent meanwhile.

    Another's save of other questions is no clash: a page writes only what it shows. Of the same questions it is,
    unless both say the same. A question for which the other's answer was chosen is left as it is. What this same
    form saved is nobody else's; a save while typing that comes in late leaves what came after it alone.
    """
    data, key = request.POST, form_keys.read(request.POST.get(form_keys.NAME))
    # Only who goes on has read what the scan before proposes: a save on the way confirms nothing.
    posted = page.without_unchanged(data) if live or "later" in data else page
    wanted = tuple(question for question in posted.questions if data.get(f"keep.{question.code}") != "theirs")
    mine, version = replace(page, questions=wanted), _number(data.get("version"))
    for _attempt in range(MAX_TRIES if wanted else 0):
        try:
            saved = save_form(
                key,
                mine.scan,
                version=version,
                section=page.section.code,
                questions=wanted,
                data=data,
                language=page.language,
            )
        except ChangedElsewhere as changed:
            if changed.response.state != ResponseState.DRAFT:
                return None
            mine, page = replace(mine, scan=changed.response), replace(page, scan=changed.response)
            if saved_by(key, page.scan, page.section.code):
                if live:
                    return Kept(page, (), late=True)
            elif data.get("seen") != page.seen and (codes := differing(mine, data)):
                return Clash(page, codes)
            version = changed.response.version
        else:
            return Kept(replace(page, scan=reload(request, page.scan)), saved.problems)
    return Clash(page, differing(mine, data)) if wanted else Kept(page, ())


def _number(value: str | None) -> int:
    """A posted version; -1, which no row has, for anything that is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else -1


def _save(request: HttpRequest, page: ScanPage) -> HttpResponse:
    data = request.POST
    live = request.headers.get("X-Scan") == "live"
    undecided = data.get("deciding", "").split()
    if not live and any(data.get(f"keep.{code}") not in ("mine", "theirs") for code in undecided):
        clashing = [code for code in undecided if any(code == question.code for question in page.questions)]
        return _clash(request, Clash(page, clashing), unanswered=True)
    outcome = _keep(request, page, live=live)
    if outcome is None:
        return JsonResponse({"sent": True}) if live else redirect("selfscan:done", page.scan.token)
    if isinstance(outcome, Clash):
        return JsonResponse({"clash": True}) if live else _clash(request, outcome)
    if live:
        return _live(request, outcome)
    if "later" in data:
        return leave(request, outcome.page.scan)
    return _go_on(request, outcome)


def _live(request: HttpRequest, kept: Kept) -> HttpResponse:
    """What the page must know after a save while somebody types; the questions only if others show now."""
    page = kept.page
    visible = {question.code for question in visible_questions(page.definition, page.scan.answers)}
    came_up = [] if page.questions[0].is_battery else [one for one in _came_up(page) if not one.is_battery]
    stay = {one.code for one in (*page.questions, *came_up)} & visible
    page = replace(page, questions=tuple(one for one in page.section.questions if one.code in stay))
    forms = page.forms()
    shape = shape_of(forms)
    answer: dict[str, Any] = {
        "version": page.scan.version,
        "seen": page.seen,
        "shown": page.shown,
        "shape": shape,
        "late": kept.late,
        "saved": _("saved at %(time)s") % {"time": clock(page.scan.saved_at)},
    }
    if request.headers.get("X-Scan-Shape") != shape:
        answer["html"] = render_to_string(
            "selfscan/questions.html", {"questions": forms, "live": True}, request
        )
    return JsonResponse(answer)


def _came_up(page: ScanPage) -> list[Question]:
    """Questions that the answers of this page brought up on it, or between its questions."""
    shown = {question.code for question in page.questions}
    order = [question.code for question in page.section.questions]
    last = max(order.index(code) for code in shown)
    here: set[str] = set()
    for questions in paging.pages(page.definition, page.section, page.scan.answers):
        if order.index(questions[0].code) <= last:
            here |= {question.code for question in questions}
    return [
        question
        for question in page.section.questions
        if question.code in here - shown and question.show_if is not None and question.show_if.q in shown
    ]


def _go_on(request: HttpRequest, kept: Kept) -> HttpResponse:
    """To the next page, unless something on this one must be mended or came to it."""
    page, scan, back = kept.page, kept.page.scan, "terug" in request.POST
    extra = {"terug": "controle"} if back else {}
    here = page_url(
        scan, page.section, page_of(page.definition, page.section, scan.answers, page.questions[0].code)
    )
    if kept.problems:
        return HttpResponseRedirect(f"{here}?{urlencode({'fout': 1, **extra})}")
    if added := [one for one in _came_up(page) if not is_answered(page.draft.get(one.code))]:
        there = page_url(
            scan, page.section, page_of(page.definition, page.section, scan.answers, added[0].code)
        )
        return HttpResponseRedirect(f"{there}?{urlencode({'nieuw': 1, **extra})}#id_{added[0].code}")
    if IDENTITY & {question.code for question in page.questions} and twins_of(scan):
        return HttpResponseRedirect(
            f"{reverse('selfscan:duplicate', args=[scan.token])}{'?terug=controle' if back else ''}"
        )
    if back:
        return redirect("selfscan:check", scan.token)
    return HttpResponseRedirect(next_url(page))


# --- two people at once


def _clash(request: HttpRequest, clash: Clash, *, unanswered: bool = False) -> HttpResponse:
    """Both texts side by side, with the choice between them; nothing is saved until it is made."""
    page, data = clash.page, request.POST
    theirs = {form.code: form for form in page.forms(draft=page.draft)}
    mine = {form.code: form for form in page.forms(draft=page.posted(data))}
    questions = [
        {
            "name": f"keep.{code}",
            "title": theirs[code].title,
            "theirs": theirs[code].answers(),
            "mine": mine[code].answers(),
            "kept": data.get(f"keep.{code}", ""),
            "error": _("Choose which answer stays.") if unanswered and not data.get(f"keep.{code}") else "",
        }
        for code in clash.codes
    ]
    context = {
        "scan": page.scan,
        "title": text(page.section.title, page.language),
        "questions": questions,
        "codes": " ".join(clash.codes),
        "hidden": hidden_fields(page, data),
        "shown": page.shown,
        "seen": page.seen,
        "form_key": form_keys.new(),
        "action": request.path,
        "back": "terug" in data,
        "saved_at": page.scan.saved_at,
        "problems": [
            {"field": one["name"], "label": one["title"], "message": one["error"]}
            for one in questions
            if one["error"]
        ],
        "has_errors": any(one["error"] for one in questions),
    }
    return render(request, "selfscan/clash.html", context, status=409)
