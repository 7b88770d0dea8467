"""Small questions about lab members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from labs.models import LabMembership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def is_lab_member(user_id: int) -> bool:
    """Whether the person was accepted in a lab and has not left."""
    return LabMembership.objects.in_force().filter(user_id=user_id).exists()


def is_researcher(user_id: int) -> bool:
    """Whether the person is in a lab that does research and confirmed it in time, whatever was shown at sign-in."""
    mine = LabMembership.objects.in_force().confirmed(timezone.localdate())
    return mine.filter(user_id=user_id, lab__does_research=True).exists()


def may_do_research(user: User | AnonymousUser) -> bool:
    """Whether the person is an accepted member of a lab that does research, confirmed it in time, and showed a second
    factor in this session."""
    if not user.is_authenticated or not user.is_active or not user.showed_factor():
        return False
    return is_researcher(user.pk)
