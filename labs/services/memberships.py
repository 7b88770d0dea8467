"""What a member changes of their own membership: what they know, how much they can do, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from labs import emails
from labs.choices import MembershipEvent
from labs.models import LabMembership
from labs.services.history import note
from labs.services.labs import lab_was_changed
from members.choices import Audience, ReviewState, WorkKind
from members.models import PersonalProfile, User
from members.services.work import withdraw_work


@dataclass(frozen=True)
class Details:
    """What a member may change without asking anybody; the organisation is what was screened, and stays."""

    function: str
    expertise: str
    themes: Sequence[str]
    sectors: Sequence[str]
    regions: Sequence[str]
    brings: str
    capacity: int
    absent_from: date | None
    absent_until: date | None


@transaction.atomic
def change_details(membership: LabMembership, details: Details) -> bool:
    """Change it; False when the membership is over or nothing is different."""
    values = asdict(details)
    if all(getattr(membership, name) == value for name, value in values.items()):
        return False
    running = LabMembership.objects.filter(pk=membership.pk, state=ReviewState.APPROVED, ended_at=None)
    if not running.update(**values):
        return False
    note(membership, MembershipEvent.CHANGED, membership.user)
    lab_was_changed()
    return True


def shows_address(user: User) -> bool:
    """Whether members see the person's e-mail address in the labs."""
    profile = PersonalProfile.objects.filter(user=user).first()
    return profile is not None and profile.audience_of("email") != Audience.NOBODY


@transaction.atomic
def show_address(user: User, *, shown: bool) -> bool:
    """Let members see the person's e-mail address in the labs, or not any more; False when it was so already.

    It is a choice of the person like the others in the profile, and holds in every lab.
    """
    PersonalProfile.objects.get_or_create(user=user)
    profile = PersonalProfile.objects.select_for_update().get(user=user)
    audience = Audience.MEMBERS if shown else Audience.NOBODY
    if profile.audience_of("email") == audience:
        return False
    profile.audiences["email"] = str(audience)
    profile.save(update_fields=["audiences", "changed_at"])
    lab_was_changed()
    return True


@transaction.atomic
def end_membership(membership: LabMembership, by: User | None, *, reason: str = "") -> bool:
    """End a membership, or take an application back; False when it was over already."""
    withdraw_work(
        WorkKind.APPLICATION, membership.pk
    )  # first, as a decision does: so neither waits for the other
    running = LabMembership.objects.running().filter(pk=membership.pk)
    if not running.update(ended_at=timezone.now()):
        return False
    note(membership, MembershipEvent.ENDED, by, reason=reason)
    audit.record(by.pk if by else None, "lab_membership.ended", membership)
    lab_was_changed()
    return True


@transaction.atomic
def remove_member(membership: LabMembership, by: User, reason: str) -> bool:
    """The team ends a membership, with a reason, which is mailed; False when it was over, or never in force."""
    in_force = LabMembership.objects.filter(pk=membership.pk, state=ReviewState.APPROVED, ended_at=None)
    if not in_force.exists() or not end_membership(membership, by, reason=reason):
        return False
    emails.send_removed(membership, reason)
    return True
