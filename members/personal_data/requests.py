"""Requests, messages and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import personal
from collectievekracht.common.personal import Rows, of, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData
from members.choices import WorkKind
from members.models import AbuseReport, ContactMessage, JoinRequest, WorkItem


def _requests(user_id: int | None, email: str) -> Rows:
    asked = JoinRequest.objects.filter(of(user_id, email))
    yield from rows(
        asked,
        *("name", "email", "message", "language", "state", "reason", "created_at"),
        collective="collective__name",
    )
    if email:
        wrote = ContactMessage.objects.filter(email__iexact=email)
        yield from rows(wrote, "name", "email", "message", "created_at", collective="collective__name")
    reported = AbuseReport.objects.filter(of(user_id, email, user="reporter"))
    yield from rows(reported, "address", "reason", "text", "email", "state", "answer", "made_at")


def _forget_requests(user_id: int | None, email: str) -> None:
    asked = JoinRequest.objects.filter(of(user_id, email))
    forget_work(WorkKind.JOIN_REQUEST, asked.values_list("pk", flat=True))
    asked.delete()
    reported = AbuseReport.objects.filter(of(user_id, email, user="reporter"))
    forget_work(WorkKind.ABUSE, reported.values_list("pk", flat=True))
    reported.delete()
    words = words_of(user_id, email)
    take_out(AbuseReport.objects.all(), words, "text", "answer")
    take_out(JoinRequest.objects.all(), words, "reason")
    if email:
        ContactMessage.objects.filter(email__iexact=email).delete()


def forget_work(kind: WorkKind, targets: Iterable[int]) -> None:
    """Work on things that are erased: what is open goes, of what was decided only that and when is left."""
    found = WorkItem.objects.filter(kind=kind, target_id__in=list(targets))
    found.filter(decided_at=None).delete()
    found.update(title=personal.former_member(), facts={})


def _addresses_of_requests() -> Iterator[tuple[str, datetime]]:
    yield from JoinRequest.objects.values_list("email", "created_at")
    yield from ContactMessage.objects.values_list("email", "created_at")
    yield from AbuseReport.objects.exclude(email="").values_list("email", "made_at")


REQUESTS = PersonalData(
    "requests",
    _("What you asked and reported"),
    _requests,
    _forget_requests,
    models=("members.JoinRequest", "members.ContactMessage", "members.AbuseReport"),
    what=_("Requests for access, messages to collectives, and reports of what is not right."),
    known=_addresses_of_requests,
)
