"""The end of a scan: check the answers and send them; then what is being built, and the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import outbox
from collectievekracht.common.storage import private_storage
from members.services.work import promised_on
from selfscan.answers import Problem
from selfscan.choices import ResponseState, Step
from selfscan.conditions import visible_questions
from selfscan.forms import question_form
from selfscan.instrument import Definition, text
from selfscan.models import Report, Response
from selfscan.querysets import LINK_LIFE_AFTER_SENDING
from selfscan.services import complete_response, definition_of, draft_answers, draft_problems, steps_of
from selfscan.views.doors import open_scan, open_sent
from selfscan.views.pages import language_of, question_url

POLLING_ENDS = timedelta(minutes=15)


@require_http_methods(["GET", "HEAD", "POST"])
@open_scan
def check(request: HttpRequest, scan: Response) -> HttpResponse:
    """Everything that was answered, with a way to change it; a post sends the scan, once."""
    posted = request.method == "POST"
    if scan.state != ResponseState.DRAFT or (posted and complete_response(scan).done):
        return redirect("selfscan:done", scan.token)
    definition, language = definition_of(scan.instrument), language_of(request)
    missing = [_missing(scan, definition, problem, language) for problem in draft_problems(scan)]
    context = {
        "scan": scan,
        "sections": sections_of(scan, definition, language, change=True),
        "missing": missing,
        "has_errors": posted and bool(missing),
    }
    return render(request, "selfscan/check.html", context)


def _missing(scan: Response, definition: Definition, problem: Problem, language: str) -> dict[str, Any]:
    question = definition.question(problem.question)
    form = question_form(definition, question, scan.answers, draft_answers(scan), language=language)
    return {
        "url": question_url(scan, definition, question.code, form.target(problem.field), back=True),
        "label": form.label_of(problem.field),
        "message": problem.message,
    }


def sections_of(
    scan: Response, definition: Definition, language: str, *, change: bool
) -> list[dict[str, Any]]:
    """All answers to visible questions, by section, in words."""
    draft = draft_answers(scan)
    shown = {question.code for question in visible_questions(definition, scan.answers)}
    return [
        {
            "title": text(section.title, language),
            "rows": [
                {
                    "title": form.title,
                    "answers": form.answers(),
                    "url": question_url(scan, definition, question.code, form.first, back=True)
                    if change
                    else "",
                }
                for question in section.questions
                if question.code in shown
                for form in [question_form(definition, question, scan.answers, draft, language=language)]
            ],
        }
        for section in definition.sections
    ]


@require_safe
@open_sent
def done(request: HttpRequest, scan: Response) -> HttpResponse:
    """What is being built, then the report, and what happens next."""
    definition, language = definition_of(scan.instrument), language_of(request)
    context = _progress(request, scan) | {
        "sections": sections_of(scan, definition, language, change=False),
        "looked_by": promised_on(scan.completed_at) if scan.completed_at else None,
        "until": scan.completed_at + LINK_LIFE_AFTER_SENDING if scan.completed_at else None,
        "email": scan.answers.get("contact_email", ""),
        "page": bool(scan.answers.get("consent_profile")),
    }
    return render(request, "selfscan/done.html", context)


@require_safe
@open_sent
def steps(request: HttpRequest, scan: Response) -> HttpResponse:
    """How far the building is: the part of the finished page that renews itself."""
    context = _progress(request, scan)
    if request.GET.get("stand") == context["mark"]:
        # Nothing changed: nothing to draw, and nothing for a screen reader to read again.
        return HttpResponse(status=204)
    return render(request, "selfscan/steps.html", context)


def _progress(request: HttpRequest, scan: Response) -> dict[str, Any]:
    states = {one.step: one.state for one in steps_of(scan)}
    found = newest_report(scan)
    if scan.scores is not None and states.get(Step.PUBLISH) is None:
        states[Step.PUBLISH] = "done"
    if found:
        states[Step.REPORT] = "done"
    shown, first = [], True
    for step in Step:
        state = states.get(step)
        if state not in ("done", "failed"):
            state, first = ("busy" if first else "todo"), False
        shown.append((capfirst(step.label), state))
    failed = "failed" in (states.get(Step.PUBLISH), states.get(Step.REPORT))
    building = "open" in (states.get(Step.PUBLISH), states.get(Step.REPORT))
    return {
        "scan": scan,
        "steps": shown,
        "mark": "-".join(state for _label, state in shown),
        "report": found,
        "failed": failed,
        "building": building,
        # Building has an end, done or failed; a mail server may be away for days.
        "going_on": building or (states.get(Step.MAIL) == "open" and _recent(scan)),
    }


def _recent(scan: Response) -> bool:
    return scan.completed_at is not None and timezone.now() - scan.completed_at < POLLING_ENDS


def newest_report(scan: Response) -> Report | None:
    """The report of this sending of the scan, when it is built and its file is there."""
    for report in scan.reports.filter(version__startswith=f"{scan.version}-").order_by("-built_at")[:1]:
        if private_storage.exists(report.file):
            return report
    return None


@require_safe
@open_sent
def report(request: HttpRequest, scan: Response) -> HttpResponseBase:
    """The report as a file; one that isn't built (any more) is promised, and the finished page waits for it."""
    found = newest_report(scan)
    if found is None:
        version = str(scan.version)
        outbox.promise(Step.REPORT, scan.pk, version=version)
        if outbox.state_of(Step.REPORT, scan.pk, version) == "done":
            outbox.renew(Step.REPORT, scan.pk, version=version)
        return HttpResponseRedirect(reverse("selfscan:done", args=[scan.token]))
    answer = FileResponse(
        private_storage.open(found.file, "rb"),
        content_type="application/pdf",
        filename=f"terugkoppeling-{scan.reference}.pdf"
        if scan.language == "nl"
        else f"report-{scan.reference}.pdf",
    )
    answer["Cache-Control"] = "no-store, private"
    return answer
