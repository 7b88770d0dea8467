"""What somebody did as one of the team."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import Rows, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData
from members.models import ImportBatch, JoinRequest, StateChange, WorkItem


def _team(user_id: int | None, email: str) -> Rows:
    """Of each thing only that the person did it and when: what it is about is another's."""
    if user_id is None:
        return
    yield from rows(StateChange.objects.filter(actor_id=user_id), "decision", "at")
    decided = WorkItem.objects.filter(Q(decided_by_id=user_id) | Q(claimed_by_id=user_id))
    yield from rows(decided, "kind", "claimed_at", "decision", "decided_at")
    yield from rows(JoinRequest.objects.filter(decided_by_id=user_id), "state", "decided_at")
    brought = ImportBatch.objects.filter(made_by_id=user_id)
    yield from rows(brought, "file_name", "state", "made_at", "applied_at", "undone_at")


def _forget_team(user_id: int | None, email: str) -> None:
    if user_id:
        WorkItem.objects.filter(claimed_by_id=user_id).update(claimed_by=None, claimed_at=None)
        WorkItem.objects.filter(decided_by_id=user_id).update(decided_by=None)
        JoinRequest.objects.filter(decided_by_id=user_id).update(decided_by=None)
        ImportBatch.objects.filter(made_by_id=user_id).update(made_by=None)
    take_out(WorkItem.objects.all(), words_of(user_id, email), "title", "facts")


TEAM = PersonalData(
    "team",
    _("What you did in the team"),
    _team,
    _forget_team,
    models=("members.WorkItem",),
    what=_("Decisions and imports, when you are one of the platform's team."),
)
