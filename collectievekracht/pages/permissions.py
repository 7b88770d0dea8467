"""Who may do what on these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labs.permissions import is_lab_member
from members.choices import ReviewState
from members.models import Collective

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def collectives_to_speak_for(user: User) -> list[Collective]:
    """The approved collectives that the person belongs to now, by name: an invitation is sent on behalf of one."""
    mine = Collective.objects.filter(
        state=ReviewState.APPROVED, memberships__user_id=user.pk, memberships__left_at=None
    )
    return list(mine.distinct().order_by("sort_name", "pk"))


def may_invite(user: User | AnonymousUser, collectives: list[Collective] | None = None) -> bool:
    """Whether the person may invite others: who belongs to an approved collective, lab members (for themselves), and
    admins.

    `collectives` are those of `collectives_to_speak_for`, when they were asked already.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_admin:
        return True
    found = collectives_to_speak_for(user) if collectives is None else collectives
    return bool(found) or is_lab_member(user.pk)
