"""The page on which an admin reads one sent scan and decides."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from collectievekracht.common import audit, charts, outbox
from members.choices import Decision, ReviewState, WorkKind
from members.gazetteer import REGIONS_FILE
from members.models import Collective, CollectiveProfile, User, WorkItem
from members.profile_words import compare
from members.queries import similar_collectives
from members.review import ReasonForm, decide, work_context, work_on
from members.services.work import note_fact
from selfscan import eligibility
from selfscan.admin.compared import compare_answers
from selfscan.choices import ResponseState, Step
from selfscan.models import Response
from selfscan.report.words import answer_sections
from selfscan.services import (
    approve_response,
    definition_of,
    merge_response,
    refuse_response,
    return_response,
    steps_of,
)

STEP_STATES = {"open": "busy", "done": "done", "failed": "failed", None: "todo"}
DONE = {
    Decision.APPROVED: gettext_lazy("%(name)s is approved."),
    Decision.RETURNED: gettext_lazy("%(name)s was sent back. The reason is in the mail."),
    Decision.REFUSED: gettext_lazy("%(name)s was refused. The reason is in the mail."),
    Decision.MERGED: gettext_lazy("%(name)s was merged. The new text waits as a change of the page."),
}


class MergeForm(forms.Form):
    """The collective that the scan turns out to belong to."""

    into = forms.CharField(
        label=gettext_lazy("Address or number of the collective"),
        help_text=gettext_lazy("The last part of its page's address, such as “zonnig-dorp”, or its number."),
        max_length=80,
        error_messages={"required": gettext_lazy("Say which collective this is.")},
    )

    def __init__(self, *args: Any, collective: Collective | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collective = collective

    def clean_into(self) -> Collective:
        """The collective itself; it must be another one, and not merged away or refused."""
        typed = self.cleaned_data["into"].strip().rstrip("/").rpartition("/")[2]
        key = {"pk": int(typed)} if typed.isdecimal() and len(typed) < 19 else {"slug": typed.lower()}
        candidates = Collective.objects.filter(merged_into=None).exclude(state=ReviewState.REFUSED)
        if self.collective:
            candidates = candidates.exclude(pk=self.collective.pk)
        found = candidates.filter(**key).first()
        if found is None:
            raise forms.ValidationError(_("There is no other collective with this address or number."))
        return found


def review_response(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one sent scan in one view, and the decision on it."""
    response = get_object_or_404(
        Response.objects.select_related(
            "instrument", "collective__published_profile", "previous__instrument"
        ).exclude(completed_at=None),
        pk=pk,
    )
    item = work_on(WorkKind.SCAN, pk)
    bound: dict[str, forms.Form] = {}
    if request.method == "POST":
        answer = _decide(request, response, item, bound)
        if answer:
            return answer
    audit.record(request.user.pk, "response.answers_seen", response)
    return render(request, "admin/review_response.html", _context(request, response, item, bound))


def _decide(
    request: HttpRequest, response: Response, item: WorkItem | None, bound: dict[str, forms.Form]
) -> HttpResponse | None:
    """Do what was asked; the page itself again when something has to be filled in first."""
    by: User = request.user  # type: ignore[assignment]
    if request.POST.get("version", str(response.version)) != str(response.version):
        messages.warning(
            request, _("The self-scan was sent again since you opened this page. Look once more.")
        )
        return redirect("admin:review_response", response.pk)
    decision = request.POST.get("decision", "") if response.collective else ""
    if decision == Decision.APPROVED:
        act = partial(approve_response, response, by)
    elif decision in (Decision.RETURNED, Decision.REFUSED):
        form: forms.Form = ReasonForm(request.POST, prefix=decision)
        bound[decision] = form
        if not form.is_valid():
            return None
        service = return_response if decision == Decision.RETURNED else refuse_response
        act = partial(service, response, by, form.cleaned_data["reason"])
    elif decision == Decision.MERGED and not _is_in(response):
        form = MergeForm(request.POST, prefix=decision, collective=response.collective)
        bound[decision] = form
        if not form.is_valid():
            return None
        act = partial(merge_response, response, form.cleaned_data["into"], by)
    else:
        return redirect("admin:review_response", response.pk)
    name = response.collective.name if response.collective else str(response)
    return decide(request, act, item=item, name=name, done=str(DONE[Decision(decision)]))


def _is_in(response: Response) -> bool:
    """Whether the scan is of a collective that was let in before: it repeats, and belongs to no other one."""
    return response.collective is not None and response.collective.state == ReviewState.APPROVED


def _context(
    request: HttpRequest, response: Response, item: WorkItem | None, bound: dict[str, forms.Form]
) -> dict[str, Any]:
    language = get_language() or "nl"
    definition = definition_of(response.instrument)
    collective, answers, scores = response.collective, response.answers, response.scores or {}
    sections, previous = answer_sections(definition, answers, language), response.previous
    return {
        "title": collective.name if collective else str(response),
        "previous": previous,
        "again": _is_in(response),
        "compared": compare_answers(
            answer_sections(definition_of(previous.instrument), previous.answers, language), sections
        )
        if previous
        else (),
        "response": response,
        "collective": collective,
        "verdict": eligibility.verdict(response.eligibility),
        "points": eligibility.points(definition, answers.get(eligibility.QUESTION) or {}, language),
        "remarks": eligibility.remarks(scores.get("data_quality") or ()),
        "similar": _similar(response),
        "sections": sections,
        "consents": collective.consents.in_force().order_by("pk") if collective else [],
        "history": collective.history.select_related("actor") if collective else [],
        "report": response.reports.order_by("-built_at").first(),
        "steps": _steps(response),
        "forms": {
            "returned": bound.get(Decision.RETURNED) or ReasonForm(prefix=Decision.RETURNED),
            "refused": bound.get(Decision.REFUSED) or ReasonForm(prefix=Decision.REFUSED),
            "merged": bound.get(Decision.MERGED) or MergeForm(prefix=Decision.MERGED, collective=collective),
        },
        "form": next(iter(bound.values()), None),
        "has_errors": bool(bound),
        "preparing": item is None,  # its work opens when its steps are done
        **work_context(request, item),
        **_page(collective),
        **_pin(collective),
    }


def _similar(response: Response) -> list[Collective]:
    """Collectives that may be the same one, of every state."""
    answers = response.answers
    found = similar_collectives(
        name=answers.get("org_name", ""),
        place=(answers.get("place") or {}).get("name", ""),
        website=answers.get("website", ""),
        email=answers.get("contact_email", ""),
    )
    return list(found.exclude(pk=response.collective_id).order_by("sort_name", "pk")[:10])


def _page(collective: Collective | None) -> dict[str, Any]:
    """The proposed text of the page, beside the one that is public."""
    if collective is None:
        return {"proposed": None, "lines": []}
    revisions = CollectiveProfile.objects.filter(collective=collective).order_by("-revision")
    proposed = revisions.filter(state=ReviewState.PENDING).first()
    shown = proposed or collective.published_profile or revisions.first()
    old = collective.published_profile if proposed else None
    return {"proposed": proposed, "profile": shown, "old": old, "lines": compare(old, shown) if shown else []}


def _pin(collective: Collective | None) -> dict[str, Any]:
    pin = getattr(collective, "pin", None) if collective else None
    if pin is None:
        return {"pin": None, "map": SafeString("")}
    words = _("Where %(name)s stands on the map") % {"name": collective}
    return {"pin": pin, "map": charts.locator(REGIONS_FILE, words, pin.longitude, pin.latitude)}


def _steps(response: Response) -> list[tuple[str, str, str]]:
    """Each step with its state, and its name where it may be tried again."""
    return [
        (
            str(step.step.label),
            STEP_STATES.get(step.state, "todo"),
            step.step.value if step.state == "failed" else "",
        )
        for step in steps_of(response)
    ]


def retry_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed step again, with all its attempts."""
    response = get_object_or_404(Response.objects.filter(state=ResponseState.COMPLETED), pk=pk)
    step = request.POST.get("step", "")
    version = str(response.version)
    failed = step in Step.values and outbox.state_of(step, pk, version) == "failed"
    if failed and outbox.renew(step, pk, version=version):
        audit.record(request.user.pk, "response.step_retried", response, after=step)
        if step == Step.REPORT:
            note_fact(WorkKind.SCAN, pk, report="open")
        messages.success(request, _("We try it again."))
    return redirect("admin:review_response", pk)
