"""Filling in a scan: begun, saved page by page, sent once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from collectievekracht.common import outbox, storage
from members.services.collectives import forget_returned, new_collective, resubmit_collective
from selfscan import emails
from selfscan.answers import Checked, Problem, check_answers, read_fields
from selfscan.choices import ResponseState, Step
from selfscan.instrument import Question
from selfscan.models import Response
from selfscan.places import gazetteer
from selfscan.services.benchmark import newest_snapshot
from selfscan.services.instruments import current_instrument, definition_of

# What one save may add to the time that somebody spent: a longer pause is a walk to the coffee machine.
LONGEST_TURN = timedelta(minutes=3)
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class ChangedElsewhere(Exception):
    """Somebody else saved this scan since the page was drawn; `response` is how it stands now."""

    def __init__(self, response: Response) -> None:
        super().__init__("changed elsewhere")
        self.response = response


@dataclass(frozen=True)
class Saved:
    """What became of a save: the row's new version, and what is wrong on this page."""

    version: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Completion:
    """Whether the scan is sent (by this call or an earlier one); if not, what has to be mended first."""

    done: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class StepState:
    """One step of what is built after sending: `open`, `done`, `failed`, or None when it was never promised."""

    step: Step
    state: str | None


def begin_response(language: str) -> Response:
    """A new scan on the current instrument."""
    return Response.objects.create(instrument=current_instrument(), language=language[:2])


def draft_answers(response: Response) -> dict[str, Any]:
    """What was filled in so far: valid answers, and over them what was typed and isn't valid yet."""
    return {**response.answers, **response.typed}


def draft_problems(response: Response) -> tuple[Problem, ...]:
    """What has to be mended before this draft can be sent."""
    return _checked_whole(response).problems


def _checked_whole(response: Response) -> Checked:
    return check_answers(
        definition_of(response.instrument),
        draft_answers(response),
        year=timezone.localdate().year,
        gazetteer=gazetteer,
        complete=True,
    )


def _keys_of(questions: Iterable[Question]) -> set[str]:
    """The keys under which the answers to these questions are kept, free texts included."""
    return {
        key
        for question in questions
        for key in (question.code, *(f"{question.code}__{o.code}" for o in question.options if o.free_text))
    }


def save_page(
    response: Response,
    *,
    version: int,
    section: str,
    questions: tuple[Question, ...],
    data: Mapping[str, Any],
    language: str = "",
) -> Saved:
    """Save what a page posted for the questions that it shows.

    What is valid becomes an answer; what isn't is kept as typed, with its problems in the result. The report comes
    in the `language` of the last page that was saved. Raises `ChangedElsewhere` when the row isn't at `version` any
    more, or was sent.
    """
    definition = definition_of(response.instrument)
    raw = read_fields(definition, questions, data)
    checked = check_answers(
        definition,
        {**response.answers, **raw},
        year=timezone.localdate().year,
        gazetteer=gazetteer,
        questions={question.code for question in questions},
        complete=True,
    )
    keys = _keys_of(questions)
    wrong = {problem.question for problem in checked.problems}
    wrong_keys = _keys_of(question for question in questions if question.code in wrong)
    kept = {key: value for key, value in response.answers.items() if key not in keys}
    typed = {key: value for key, value in response.typed.items() if key not in keys}
    now = timezone.now()
    row = Response.objects.drafts().filter(pk=response.pk, version=version)
    saved = row.update(
        answers=kept | {key: value for key, value in checked.answers.items() if key in keys - wrong_keys},
        proposals={key: value for key, value in response.proposals.items() if key not in keys},
        typed=typed
        | {key: value for key, value in raw.items() if key in wrong_keys and value not in (None, "", [], {})},
        seen_sections=sorted({*response.seen_sections, section}),
        language=language[:2] or response.language,
        version=F("version") + 1,
        saved_at=now,
        active_seconds=F("active_seconds") + int(min(now - response.saved_at, LONGEST_TURN).total_seconds()),
    )
    if not saved:
        raise ChangedElsewhere(Response.objects.select_related("instrument").get(pk=response.pk))
    return Saved(version=version + 1, problems=checked.problems)


@transaction.atomic
def complete_response(response: Response) -> Completion:
    """Send the scan: check all of it, clear hidden answers, close it, and promise what is built from it.

    Sent twice, or ten times at once, it is sent once, and every call gets the same answer.
    """
    row = Response.objects.select_for_update().get(pk=response.pk)
    if row.state == ResponseState.COMPLETED:
        return Completion(done=True)
    now = timezone.now()
    checked = _checked_whole(row)
    if checked.problems:
        return Completion(done=False, problems=checked.problems)
    answers = checked.answers
    if row.collective:
        resubmit_collective(row.collective, name=answers["org_name"], contact_email=answers["contact_email"])
    else:
        row.collective = new_collective(
            name=answers["org_name"],
            country=answers["country"],
            contact_email=answers["contact_email"],
            language=row.language,
        )
    row.answers, row.typed, row.proposals, row.return_reason = answers, {}, {}, ""
    row.state, row.completed_at, row.version = ResponseState.COMPLETED, now, row.version + 1
    row.reference = row.reference or new_reference()
    row.benchmark = newest_snapshot(row.instrument)
    row.save()
    outbox.promise(Step.PUBLISH, row.pk, version=str(row.version))
    return Completion(done=True)


def new_reference() -> str:
    """A reference to read out on the telephone."""
    code = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"CK-{code[:4]}-{code[4:]}"


def steps_of(response: Response) -> list[StepState]:
    """How far each step is of what is built from this sent scan."""
    version = str(response.version)
    return [StepState(step, outbox.state_of(step, response.pk, version)) for step in Step]


def forget_expired_drafts() -> int:
    """Delete drafts that nobody touched for 90 days, and those that came back from the team for a year; gives their number.

    With a scan that came back go its reports, and its collective where that was never let in.
    """
    forgotten = 0
    for pk in Response.objects.forgettable().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Under the lock it is asked again: somebody may just have saved or sent it.
            scan = Response.objects.forgettable().select_for_update(of=("self",)).filter(pk=pk).first()
            if scan is None:
                continue
            files = list(scan.reports.values_list("file", flat=True))
            collective = scan.collective
            scan.delete()
            if collective:
                forget_returned(collective)
            transaction.on_commit(partial(_remove_files, files))
            forgotten += 1
    return forgotten


def _remove_files(names: Iterable[str]) -> None:
    for name in names:
        storage.delete(name)


def mail_link(response: Response, email: str) -> None:
    """Mail the link with which this draft is resumed, and remember the address; asking again mails it again."""
    Response.objects.filter(pk=response.pk).update(email=email)
    emails.send_resume_link(response, to=email, occasion=f"{timezone.now():%Y%m%d%H%M}")


def mail_links_of(email: str) -> None:
    """Mail the links of every draft that was kept under this address; nobody learns whether there are any."""
    for response in (
        Response.objects.drafts().filter(email__iexact=email).exclude(pk__in=Response.objects.expired())
    ):
        mail_link(response, email)
