"""Who belongs to a collective and in which role, until it stops.

A collective that has a representative keeps one: every act holds the collective, looks again at how things are, and
refuses what would leave it without. One who can't sign in any more doesn't count, nor one who asked to be erased.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.translation import gettext

from collectievekracht.common import audit
from members import emails, notification_kinds, notifications
from members.choices import Activity, ConsentKind, ReviewState, Role, WorkKind
from members.models import (
    Collective,
    CollectiveProfile,
    Erasure,
    JoinRequest,
    Membership,
    ServiceOffer,
    User,
    WorkItem,
)
from members.personal_data import forget_work
from members.services.access import approve_access, let_in, refuse_access
from members.services.collectives import publish, remove_pin
from members.services.holding import hold
from members.services.work import supersede_work
from members.signals import collective_closing, representative_gone

AFTER_CLOSING = (ConsentKind.RESEARCH,)  # what was agreed to for research stays as it was agreed


class MembershipProblem(Exception):
    """The act can't be done; nothing was changed."""


class LastRepresentative(MembershipProblem):
    """Nobody else speaks for the collective: somebody must take over first."""


class NotAllowed(MembershipProblem):
    """Whoever wants this doesn't speak for the collective, or no longer does."""


class NotIn(MembershipProblem):
    """This person does not belong to the collective, or no longer does."""


class AlreadyIn(MembershipProblem):
    """This person belongs to the collective already."""


@transaction.atomic
def leave(collective: Collective, user: User) -> None:
    """The person leaves; what belongs to the collective stays. Raises `LastRepresentative` or `NotIn`."""
    hold(collective)
    membership = _current(collective, user.pk)
    _keep_one(membership)
    _end(membership, by=user, action="membership.left")
    _tell_left(membership)


@transaction.atomic
def leave_for_good(collective: Collective, user: User) -> bool:
    """Who is erased leaves, also when nobody else speaks for it; whether somebody does. Raises `NotIn`."""
    hold(collective)
    membership = _current(collective, user.pk)
    _end(membership, by=user, action="membership.left")
    _tell_left(membership)
    return membership.role != Role.REPRESENTATIVE or _speaking().filter(collective=collective).exists()


@transaction.atomic
def remove_person(membership: Membership, by: User) -> None:
    """A representative or an admin sends somebody away; raises `NotAllowed`, `NotIn` or `LastRepresentative`."""
    hold(membership.collective)
    _must_speak_for(membership.collective, by)
    current = _current(membership.collective, membership.user_id)
    _keep_one(current)
    _end(current, by=by, action="membership.removed")
    emails.send_removed(current)
    _tell_left(current)


@transaction.atomic
def change_role(membership: Membership, role: Role, by: User) -> bool:
    """Give a person another role; False when they have it already. Raises as `remove_person` does."""
    hold(membership.collective)
    _must_speak_for(membership.collective, by)
    current = _current(membership.collective, membership.user_id)
    if current.role == role:
        return False
    if role != Role.REPRESENTATIVE:
        _keep_one(current)
    _give(current, role, by)
    return True


@transaction.atomic
def hand_over(collective: Collective, by: User, to: Membership) -> None:
    """In one act `to` becomes representative and the representative `by` a colleague.

    Raises `NotAllowed` when `by` isn't one, `NotIn` when `to` left or can't sign in any more, and
    `LastRepresentative` when `to` asked to be erased.
    """
    hold(collective)
    mine = Membership.objects.representatives().filter(collective=collective, user=by).first()
    if mine is None:
        raise NotAllowed
    successor = _current(collective, to.user_id)
    if successor.pk == mine.pk or not successor.user.is_active:
        raise NotIn
    if successor.role != Role.REPRESENTATIVE:
        _give(successor, Role.REPRESENTATIVE, by)
    _keep_one(mine)
    _give(mine, Role.COLLEAGUE, by)


@transaction.atomic
def invite_colleague(collective: Collective, email: str, by: User, *, language: str) -> JoinRequest:
    """Invite somebody by e-mail, known here or not; who was invited already gets the mail once more.

    A request from that address that waits is granted by it. Raises `NotAllowed`, and `AlreadyIn` by the address that
    the list of people shows: another one of the same person stays unknown.
    """
    hold(collective)
    _must_speak_for(collective, by)
    if Membership.objects.active().filter(collective=collective, user__email__iexact=email).exists():
        raise AlreadyIn
    waiting = JoinRequest.objects.waiting().filter(collective=collective, email__iexact=email)
    if request := waiting.select_related("collective", "user").first():
        approve_access(request, by)
        return request
    now = timezone.now()
    facts = {"decided_by": by, "decided_at": now, "language": language}
    invitation, _ = JoinRequest.objects.invited().update_or_create(
        collective=collective,
        email=email.lower(),
        defaults=facts,
        create_defaults=facts
        | {
            "collective": collective,
            "email": email.lower(),
            "name": email.lower()[:120],
            "state": ReviewState.RETURNED,
        },
    )
    audit.record(by.pk, "membership.invited", invitation)
    emails.send_colleague_invited(invitation, by)
    return invitation


def open_invitation(pk: int) -> JoinRequest | None:
    """The invitation behind a link, as long as nobody used it or took it back."""
    return JoinRequest.objects.invited().select_related("collective", "decided_by").filter(pk=pk).first()


@transaction.atomic
def accept_invitation(invitation: JoinRequest, user: User) -> None:
    """Who was invited joins as a colleague; raises `NotIn` when the invitation was taken back or used."""
    hold(invitation.collective)
    waiting = JoinRequest.objects.invited().filter(pk=invitation.pk)
    if not JoinRequest.objects.filter(pk__in=waiting.values("pk")).update(state=ReviewState.APPROVED):
        raise NotIn
    let_in(invitation, user)
    audit.record(user.pk, "membership.invitation_accepted", invitation)


@transaction.atomic
def withdraw_invitation(invitation: JoinRequest, by: User) -> bool:
    """Take an invitation back, or an access that nobody used; False when it is too late. Raises `NotAllowed`."""
    hold(invitation.collective)
    _must_speak_for(invitation.collective, by)
    mine = JoinRequest.objects.filter(pk=invitation.pk)
    open_one = (mine.invited() | mine.unused()).first()
    if open_one is None:
        return False
    audit.record(by.pk, "membership.invitation_withdrawn", open_one)
    _forget(mine)
    return True


@transaction.atomic
def close_collective(collective: Collective, by: User) -> None:
    """The collective stops: page and pin go away and everybody leaves. It can't be undone.

    Who keeps answers of it strips what names it (`collective_closing`). Raises `NotAllowed` for whoever doesn't speak
    for it, or when it was closed already.
    """
    hold(collective)
    if not Membership.objects.representatives().filter(collective=collective, user=by).exists():
        raise NotAllowed
    now = timezone.now()
    Collective.objects.filter(pk=collective.pk).update(
        closed_at=now, activity=Activity.STOPPED, contact_email=""
    )
    collective.refresh_from_db()
    collective.consents.in_force().exclude(kind__in=AFTER_CLOSING).update(withdrawn_at=now)
    remove_pin(collective)
    publish(collective)
    _drop_what_waits(collective, by)
    collective_closing.send(sender=Collective, collective=collective)
    people = Membership.objects.active().filter(collective=collective).select_related("user", "collective")
    for membership in people.order_by("pk"):
        _end(membership, by=by, action="membership.closed")
        emails.send_closed(membership)
    audit.record(by.pk, "collective.closed", collective)


def only_representative_of(user: User) -> QuerySet[Collective]:
    """The collectives for which nobody else speaks: the person can't leave these without handing over."""
    others = _staying().exclude(user=user)
    mine = Membership.objects.representatives().filter(user=user)
    return Collective.objects.filter(pk__in=mine.values("collective"), closed_at=None).exclude(
        pk__in=others.values("collective")
    )


def _speaking() -> QuerySet[Membership]:
    return Membership.objects.representatives().filter(user__is_active=True)


def _staying() -> QuerySet[Membership]:
    """Who speaks for a collective, and goes on doing so as far as is known."""
    leaving = Erasure.objects.filter(user=OuterRef("user"), cancelled_at=None, done_at=None)
    return _speaking().filter(~Exists(leaving))


def _current(collective: Collective, user_id: int) -> Membership:
    found = Membership.objects.active().filter(
        collective=collective, collective__closed_at=None, user_id=user_id
    )
    membership = found.select_related("user", "collective").first()
    if membership is None:
        raise NotIn
    return membership


def _must_speak_for(collective: Collective, by: User) -> None:
    """Asked under the lock: of two who send each other away, the second speaks for nobody any more."""
    if by.is_staff and by.is_active:  # the view's door asked for the second factor
        return
    if not Membership.objects.representatives().filter(collective=collective, user=by).exists():
        raise NotAllowed


def _keep_one(membership: Membership) -> None:
    if membership.role != Role.REPRESENTATIVE:
        return
    others = _staying().filter(collective=membership.collective_id)
    if not others.exclude(pk=membership.pk).exists():
        raise LastRepresentative


def _give(membership: Membership, role: Role, by: User) -> None:
    before = membership.role
    Membership.objects.filter(pk=membership.pk).update(role=role)
    membership.role = role
    audit.record(by.pk, "membership.role", membership, before=before, after=role)
    _tell_gone(membership.collective, before)
    if membership.user_id != by.pk:
        notifications.notify(
            notification_kinds.ROLE_CHANGED,
            [membership.user_id],
            key=f"{notification_kinds.ROLE_CHANGED}:{membership.pk}:{timezone.now().isoformat()}",
            facts=notification_kinds.facts_of(membership.collective, role=str(role)),
        )


def _end(membership: Membership, *, by: User, action: str) -> None:
    """End a membership and every way back in that came with it; the caller holds the collective."""
    now = timezone.now()
    Membership.objects.filter(pk=membership.pk).update(left_at=now)
    membership.left_at = now
    _forget_ways_in(membership)
    audit.record(by.pk, action, membership, before=membership.role)
    _tell_gone(membership.collective, membership.role)


def _tell_gone(collective: Collective, role: str) -> None:
    if role == Role.REPRESENTATIVE and collective.closed_at is None:
        representative_gone.send(sender=Collective, collective=collective)


def _addresses(user: User) -> list[str]:
    proven = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)  # type: ignore[attr-defined]
    return [address.lower() for address in proven]


def _forget_ways_in(membership: Membership) -> None:
    """An old request or invitation lets nobody in again who left."""
    ways = JoinRequest.objects.filter(collective=membership.collective_id).exclude(state=ReviewState.PENDING)
    _forget(ways.filter(user=membership.user_id))
    _forget(ways.filter(email__in=_addresses(membership.user)))


def _forget(requests: QuerySet[JoinRequest]) -> None:
    """These requests are gone, and with them whose they were in what the team decided about them."""
    forget_work(WorkKind.JOIN_REQUEST, requests.values_list("pk", flat=True))
    requests.delete()


def _tell_left(membership: Membership) -> None:
    """Tell the representatives who stay; where the leaver's address was the collective's own, it becomes theirs.

    Nobody asks the leaver for what the collective offers any more either.
    """
    collective = membership.collective
    staying = Membership.objects.representatives().filter(collective=collective, user__is_active=True)
    rows = list(staying.order_by("joined_at", "pk").values_list("user_id", "user__email"))
    theirs = _addresses(membership.user)
    moved = bool(rows) and collective.contact_email.lower() in theirs
    asked = ServiceOffer.objects.alias(address=Lower("email")).filter(address__in=theirs)
    asked.filter(collective=collective).update(email="")  # then the collective's own address is asked
    if moved:
        Collective.objects.filter(pk=collective.pk).update(contact_email=rows[0][1])
        audit.record(
            None, "collective.contact_email", collective, before=collective.contact_email, after=rows[0][1]
        )
    notifications.notify(
        notification_kinds.PERSON_LEFT,
        [user_id for user_id, _email in rows],
        key=f"{notification_kinds.PERSON_LEFT}:{membership.pk}",
        facts=notification_kinds.facts_of(collective, name=str(membership.user), contact=moved),
    )


def _drop_what_waits(collective: Collective, by: User) -> None:
    """Nobody needs to decide any more about a collective that stops."""
    for request in JoinRequest.objects.waiting().filter(collective=collective).select_related("collective"):
        with translation.override(request.language):
            reason = gettext("This collective has stopped.")
        refuse_access(request, by, reason)
    work = WorkItem.objects.open().filter(collective=collective, kind__in=(WorkKind.REVISION, WorkKind.SCAN))
    for kind, target in list(work.values_list("kind", "target_id")):
        supersede_work(WorkKind(kind), target, by)
    CollectiveProfile.objects.filter(collective=collective, state=ReviewState.PENDING).delete()
    _forget(JoinRequest.objects.filter(collective=collective).exclude(state=ReviewState.REFUSED))
