"""What is left of the scans of a collective that stopped: nothing that names it, and nothing at all without its yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from collectievekracht.common import outbox, storage
from members.choices import ConsentKind
from members.models import Collective
from selfscan.definitions import definition_of
from selfscan.instrument import Definition
from selfscan.models import IndicatorScore, Report, Response, new_token
from selfscan.publication import CONSENT_QUESTIONS

TASK = "selfscan.strip_answers"
AGREED = CONSENT_QUESTIONS[ConsentKind.RESEARCH]  # by it the answers that stay may still be counted


def promise_stripping(collective: Collective) -> None:
    """Promise that its scans are stripped once the closing is certain; a scan is taken before its collective."""
    outbox.promise(TASK, collective.pk)


def strip_answers(collective_id: int) -> None:
    """Strip every scan of a closed collective; may run any number of times, and nothing happens to one that goes on.

    What was never sent goes. Of what was sent the reports go, and every answer without consent to research.
    """
    closed = Collective.objects.exclude(closed_at=None).filter(pk=collective_id).first()
    if closed is None:
        return
    agreed = closed.consents.in_force().filter(kind=ConsentKind.RESEARCH).exists()
    Response.objects.drafts().filter(collective=closed).delete()
    for pk in Response.objects.filter(collective=closed).order_by("pk").values_list("pk", flat=True):
        _strip(pk, agreed=agreed)


@transaction.atomic
def _strip(pk: int, *, agreed: bool) -> None:
    response = Response.objects.select_for_update(of=("self",)).select_related("instrument").get(pk=pk)
    for report in Report.objects.filter(response=response):
        transaction.on_commit(lambda name=report.file: storage.delete(name), robust=True)  # type: ignore[misc]
        report.delete()
    answers: dict[str, Any] = {}
    if agreed:
        answers = without_names(definition_of(response.instrument), response.answers)
    else:
        IndicatorScore.objects.filter(response=response).delete()
        response.scores, response.eligibility = None, ""
    response.answers, response.typed, response.proposals = answers, {}, {}
    response.email = response.return_reason = ""
    response.token = new_token()  # the links in old mails open nothing
    response.version += 1  # steps that were promised before find another version
    response.save()


def without_names(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without what the instrument calls identifying, without own words, and of the place its province."""
    kept: dict[str, Any] = {}
    for question in definition.questions:
        value = answers.get(question.code)
        named = question.research.class_ == "identifying" or question.research.rule.method == "drop"
        if value is None or (named and question.code != AGREED):
            continue  # own words with an option have a code of their own, and stay behind too
        if question.type == "place":
            value = {"name": "", "region": value.get("region", "")}
        kept[question.code] = value
    return kept
