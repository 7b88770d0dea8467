"""Small questions about who may do what; each is one query at most, and tested as a table of roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members.models import Membership
from members.querysets import is_member

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import Collective, User

__all__ = ["is_member", "may_decide_for", "represents"]


def represents(user: User | AnonymousUser, collective: Collective) -> bool:
    """Whether the person speaks for this collective now."""
    if not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.representatives().filter(user_id=user.pk, collective=collective).exists()


def may_decide_for(user: User | AnonymousUser, collective: Collective) -> bool:
    """Whether the person may decide who belongs to this collective: its representatives, and admins."""
    return represents(user, collective) or (user.is_authenticated and user.is_admin)
