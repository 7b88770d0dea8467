"""Getting to a collective: asking for access, and writing to it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from collectievekracht.common import audit
from members import emails, notification_kinds, notifications
from members.choices import Decision, ReviewState, Role, WorkKind
from members.models import Collective, ContactMessage, JoinRequest, Membership, User
from members.services.holding import hold
from members.services.work import close_work, open_work, supersede_work


@transaction.atomic
def request_access(
    collective: Collective, *, name: str, email: str, message: str, language: str, user: User | None = None
) -> None:
    """Ask for access to a collective that is here already; asking again while it waits changes nothing.

    Its representatives are told, and the team has it in the queue. Who is signed in is `user`; who is in already
    asks nothing.
    """
    hold(collective)
    people = Membership.objects.active().filter(collective=collective)
    closed = Collective.objects.filter(pk=collective.pk).exclude(closed_at=None)
    if closed.exists() or (user and people.filter(user=user).exists()):
        return
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(
                collective=collective,
                name=name,
                email=email.lower(),
                message=message,
                language=language,
                user=user,
            )
    except IntegrityError:
        return
    open_work(WorkKind.JOIN_REQUEST, request.pk, title=f"{name} · {collective.name}", collective=collective)
    emails.send_access_asked(request)
    notifications.notify(
        notification_kinds.JOIN_ASKED,
        people.representatives().values_list("user_id", flat=True),
        key=f"{notification_kinds.JOIN_ASKED}:{request.pk}",
        facts=notification_kinds.facts_of(collective, request=request.pk, name=name),
    )


@transaction.atomic
def approve_access(request: JoinRequest, by: User) -> None:
    """Let this person in as a colleague, at once when they have an account, else when they make one.

    Of two who decide at once the second gets `AlreadyDecided`.
    """
    hold(request.collective)
    close_work(WorkKind.JOIN_REQUEST, request.pk, Decision.APPROVED, by)
    _write_down(request, ReviewState.APPROVED, by)
    audit.record(by.pk, "join_request.approved", request)
    if user := _account_of(request):
        let_in(request, user)
    emails.send_access_decided(request, approved=True, has_account=user is not None)


@transaction.atomic
def refuse_access(request: JoinRequest, by: User, reason: str) -> None:
    """Refuse with a reason, which is mailed; of two who decide at once the second gets `AlreadyDecided`."""
    hold(request.collective)
    close_work(WorkKind.JOIN_REQUEST, request.pk, Decision.REFUSED, by)
    _write_down(request, ReviewState.REFUSED, by, reason)
    audit.record(by.pk, "join_request.refused", request)
    emails.send_access_decided(request, approved=False, reason=reason)


def _write_down(request: JoinRequest, state: ReviewState, by: User | None, reason: str = "") -> None:
    decided = {"state": state, "reason": reason, "decided_by": by, "decided_at": timezone.now()}
    JoinRequest.objects.filter(pk=request.pk).update(**decided)
    people = Membership.objects.representatives().filter(collective=request.collective_id)
    asked = people.values_list("user_id", flat=True)
    notifications.settle(notification_kinds.JOIN_ASKED, asked, request=request.pk)


def _account_of(request: JoinRequest) -> User | None:
    """Who asked: the person who was signed in, else whoever has proven the address that was given."""
    if request.user:
        return request.user if request.user.is_active else None
    return User.objects.filter(
        emailaddress__email__iexact=request.email, emailaddress__verified=True, is_active=True
    ).first()


def let_in(request: JoinRequest, user: User) -> Membership:
    """Make a person a colleague because of a request or an invitation, which lets nobody in a second time."""
    JoinRequest.objects.filter(pk=request.pk).update(user=user)
    _settle_others(request, user)
    membership = join(user, request.collective, Role.COLLEAGUE)
    notifications.notify(
        notification_kinds.LET_IN,
        [user.pk],
        key=f"{notification_kinds.LET_IN}:{membership.pk}",
        facts=notification_kinds.facts_of(request.collective),
    )
    return membership


def _settle_others(request: JoinRequest, user: User) -> None:
    """Who is in is asked nothing more: their other request or invitation is no work for anybody, and lets nobody in."""
    mine = Q(user=user) | Q(email__in=(request.email.lower(), user.email.lower()))
    others = JoinRequest.objects.filter(mine, collective=request.collective_id).exclude(pk=request.pk)
    others = others.filter(state__in=(ReviewState.PENDING, ReviewState.RETURNED))
    for other in list(others.select_related("decided_by")):
        supersede_work(WorkKind.JOIN_REQUEST, other.pk, None)
        _write_down(other, ReviewState.APPROVED, other.decided_by)
        JoinRequest.objects.filter(pk=other.pk).update(user=user)


def join(user: User, collective: Collective, role: Role) -> Membership:
    """The person's membership of this collective; one who is in already stays what they are."""
    membership, _ = Membership.objects.get_or_create(
        user=user, collective=collective, left_at=None, defaults={"role": role}
    )
    return membership


@transaction.atomic
def recognise_owner(collective: Collective) -> None:
    """Whoever has proven the collective's address already belongs to it at once."""
    owner = User.objects.filter(
        emailaddress__email__iexact=collective.contact_email, emailaddress__verified=True
    ).first()
    if owner and collective.contact_email:
        recognise(owner, collective.contact_email)


@transaction.atomic
def recognise(user: User, email: str) -> None:
    """A person has proven this address: they represent the collectives that gave it, and join where they were let in."""
    own = Collective.objects.filter(contact_email__iexact=email, closed_at=None)
    for collective in own.exclude(state=ReviewState.REFUSED).order_by("pk"):
        hold(collective)
        speaking = Membership.objects.representatives().filter(collective=collective, user__is_active=True)
        join(user, collective, Role.COLLEAGUE if speaking.exists() else Role.REPRESENTATIVE)
    for request in JoinRequest.objects.unused().filter(email__iexact=email).select_related("collective"):
        hold(request.collective)
        let_in(request, user)


@transaction.atomic
def send_message(collective: Collective, *, name: str, email: str, message: str) -> ContactMessage:
    """Pass a visitor's message on to the collective, whose address the visitor never sees."""
    row = ContactMessage.objects.create(collective=collective, name=name, email=email, message=message)
    emails.send_contact_message(row)
    return row
