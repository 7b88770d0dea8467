"""Applying for a lab, and what the team decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from collectievekracht.common import audit
from labs import declaration, emails, kinds
from labs.choices import MembershipEvent
from labs.confirming import a_year_after
from labs.models import Lab, LabMembership
from labs.services.history import note
from labs.services.labs import lab_was_changed
from members.choices import Decision, Direction, ReviewState, WorkKind
from members.models import PersonalProfile, User
from members.notifications import notify
from members.services.contributions import record_contribution
from members.services.work import AlreadyDecided, close_work, open_work


@dataclass(frozen=True)
class Application:
    """What an applicant tells."""

    organisation: str
    function: str
    expertise: str
    themes: Sequence[str]
    sectors: Sequence[str]
    regions: Sequence[str]
    brings: str
    website: str
    capacity: int


def give_name(user: User, name: str) -> None:
    """Whoever has no name yet is called this; a name that is there stays."""
    if User.objects.filter(pk=user.pk, name="").update(name=name):
        user.name = name


@transaction.atomic
def apply(user: User, lab: Lab, given: Application, *, suggested_by: str = "") -> bool:
    """Put an application before the team; False when one runs already, which stays as it was."""
    membership = LabMembership(
        lab=lab,
        user=user,
        declaration=declaration.as_agreed(),
        suggested_by=suggested_by[:40],
        **asdict(given),
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        return False
    note(membership, MembershipEvent.APPLIED, user)
    _to_the_team(membership)
    audit.record(user.pk, "lab_membership.applied", membership)
    return True


@transaction.atomic
def answer_question(membership: LabMembership, given: Application) -> bool:
    """Send an application in again after a question; False when it doesn't wait for an answer any more."""
    returned = LabMembership.objects.filter(pk=membership.pk, state=ReviewState.RETURNED, ended_at=None)
    values = asdict(given) | {"declaration": declaration.as_agreed(), "declared_at": timezone.now()}
    if not returned.update(state=ReviewState.PENDING, **values):
        return False
    membership.refresh_from_db()
    note(membership, MembershipEvent.ANSWERED, membership.user)
    _to_the_team(membership)
    return True


def _to_the_team(membership: LabMembership) -> None:
    lab = membership.lab
    facts = {"lab": lab.code, "organisation": membership.organisation}
    title = f"{membership.user} · {lab.nl} · {membership.organisation}"
    open_work(WorkKind.APPLICATION, membership.pk, title=title, facts=facts)


def _decide(membership: LabMembership, decision: Decision, by: User, **values: object) -> None:
    """The one decision on a waiting application; whoever comes second gets `AlreadyDecided`."""
    close_work(WorkKind.APPLICATION, membership.pk, decision, by)
    waiting = LabMembership.objects.filter(pk=membership.pk, state=ReviewState.PENDING, ended_at=None)
    if not waiting.update(state=decision, decided_at=timezone.now(), **values):
        raise AlreadyDecided(None)
    audit.record(by.pk, f"lab_membership.{decision}", membership)
    membership.refresh_from_db()


@transaction.atomic
def accept(membership: LabMembership, by: User) -> None:
    """Let the applicant in: a member for a year, who is asked to confirm it then."""
    confirm_by = a_year_after(timezone.localdate())
    _decide(membership, Decision.APPROVED, by, confirmed_at=timezone.now(), confirm_by=confirm_by)
    PersonalProfile.objects.get_or_create(user=membership.user)  # with a handle, so that members can write
    note(membership, MembershipEvent.ACCEPTED, by)
    facts = kinds.facts_of(membership)
    notify(kinds.ACCEPTED, [membership.user_id], key=f"{kinds.ACCEPTED}:{membership.pk}", facts=facts)
    key = f"{kinds.JOINED}:{membership.pk}"
    record_contribution(kinds.JOINED, Direction.GAVE, key=key, user_id=membership.user_id, facts=facts)
    emails.send_accepted(membership, confirm_by=confirm_by)
    lab_was_changed()


@transaction.atomic
def ask(membership: LabMembership, by: User, question: str) -> None:
    """Send the application back with a question, which is mailed; everything that was filled in stays."""
    _decide(membership, Decision.RETURNED, by)
    asked = note(membership, MembershipEvent.ASKED, by, reason=question)
    key = f"{kinds.ASKED}:{asked.pk}"
    notify(kinds.ASKED, [membership.user_id], key=key, facts=kinds.facts_of(membership))
    emails.send_asked(membership, question, occasion=asked.pk)


@transaction.atomic
def decline(membership: LabMembership, by: User, reason: str) -> None:
    """Decline with a reason, which is mailed."""
    _decide(membership, Decision.REFUSED, by)
    note(membership, MembershipEvent.DECLINED, by, reason=reason)
    key = f"{kinds.DECLINED}:{membership.pk}"
    notify(kinds.DECLINED, [membership.user_id], key=key, facts=kinds.facts_of(membership))
    emails.send_declined(membership, reason)
