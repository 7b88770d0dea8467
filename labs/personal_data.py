"""What labs keeps of a person: applications, memberships and their history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import rows, take_out, words_of
from collectievekracht.common.registry import PersonalData, personal_data
from labs.models import LabMembership, LabMembershipChange
from labs.services import lab_was_changed
from members.choices import WorkKind
from members.personal_data import forget_work


def register() -> None:
    """Tell the registry of them; called once at start-up."""
    personal_data.add(LABS)


def _list(user_id: int | None, email: str) -> Iterator[Mapping[str, Any]]:
    if user_id is None:
        return
    name = "en" if get_language() == "en" else "nl"
    yield from rows(
        LabMembership.objects.filter(user_id=user_id),
        *(
            "state",
            "organisation",
            "function",
            "expertise",
            "themes",
            "sectors",
            "regions",
            "brings",
            "website",
        ),
        *(
            "declaration",
            "declared_at",
            "suggested_by",
            "capacity",
            "absent_from",
            "absent_until",
            "applied_at",
        ),
        *("decided_at", "confirmed_at", "confirm_by", "ended_at"),
        lab=f"lab__{name}",
    )
    about_me = LabMembershipChange.objects.filter(membership__user_id=user_id)
    yield from rows(about_me, "event", "reason", "at", lab=f"membership__lab__{name}")
    mine = LabMembershipChange.objects.filter(actor_id=user_id).exclude(membership__user_id=user_id)
    yield from rows(mine, "event", "at")


def _erase(user_id: int | None, email: str) -> None:
    if user_id:
        mine = LabMembership.objects.filter(user_id=user_id)
        forget_work(WorkKind.APPLICATION, mine.values_list("pk", flat=True))
        mine.delete()
        lab_was_changed()
        LabMembershipChange.objects.filter(actor_id=user_id).update(actor=None)
    take_out(LabMembershipChange.objects.all(), words_of(user_id, email), "reason")


LABS = PersonalData(
    "labs",
    _("Your labs"),
    _list,
    _erase,
    models=("labs.LabMembership", "labs.LabMembershipChange"),
    what=_("Your applications for the labs, what you bring, and what became of them."),
)
