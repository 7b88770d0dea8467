"""The history of a membership: a row for each thing that happened, in the transaction of the act."""

from __future__ import annotations

from labs.choices import MembershipEvent
from labs.models import LabMembership, LabMembershipChange
from members.models import User


def note(
    membership: LabMembership, event: MembershipEvent, actor: User | None, *, reason: str = ""
) -> LabMembershipChange:
    """Write down what happened, and who did it; nobody when the clock did."""
    return LabMembershipChange.objects.create(membership=membership, event=event, actor=actor, reason=reason)
