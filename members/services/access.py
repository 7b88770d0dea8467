"""Getting to a collective: asking for access, and writing to it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from collectievekracht.common import audit
from members import emails
from members.choices import Decision, ReviewState, Role, WorkKind
from members.models import Collective, ContactMessage, JoinRequest, Membership, User
from members.services.work import close_work, open_work


@transaction.atomic
def request_access(collective: Collective, *, name: str, email: str, message: str, language: str) -> None:
    """Ask for access to a collective that is here already; asking again while it waits changes nothing."""
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(
                collective=collective, name=name, email=email.lower(), message=message, language=language
            )
    except IntegrityError:
        return
    open_work(WorkKind.JOIN_REQUEST, request.pk, title=f"{name} · {collective.name}", collective=collective)
    emails.send_access_asked(request)


@transaction.atomic
def approve_access(request: JoinRequest, by: User) -> None:
    """Let this person in as a colleague, at once when they have an account, else when they make one."""
    close_work(WorkKind.JOIN_REQUEST, request.pk, Decision.APPROVED, by)
    JoinRequest.objects.filter(pk=request.pk).update(state=ReviewState.APPROVED)
    user = User.objects.filter(email__iexact=request.email, emailaddress__verified=True).distinct().first()
    if user:
        join(user, request.collective, Role.COLLEAGUE)
    audit.record(by.pk, "join_request.approved", request)
    emails.send_access_decided(request, approved=True)


@transaction.atomic
def refuse_access(request: JoinRequest, by: User, reason: str) -> None:
    """Refuse with a reason, which is mailed."""
    close_work(WorkKind.JOIN_REQUEST, request.pk, Decision.REFUSED, by)
    JoinRequest.objects.filter(pk=request.pk).update(state=ReviewState.REFUSED)
    audit.record(by.pk, "join_request.refused", request)
    emails.send_access_decided(request, approved=False, reason=reason)


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
    own = Collective.objects.filter(contact_email__iexact=email).exclude(state=ReviewState.REFUSED)
    for collective in own:
        first = not Membership.objects.filter(
            Q(role=Role.REPRESENTATIVE), collective=collective, left_at=None
        ).exists()
        join(user, collective, Role.REPRESENTATIVE if first else Role.COLLEAGUE)
    for request in JoinRequest.objects.filter(email__iexact=email, state=ReviewState.APPROVED):
        join(user, request.collective, Role.COLLEAGUE)


@transaction.atomic
def send_message(collective: Collective, *, name: str, email: str, message: str) -> ContactMessage:
    """Pass a visitor's message on to the collective, whose address the visitor never sees."""
    row = ContactMessage.objects.create(collective=collective, name=name, email=email, message=message)
    emails.send_contact_message(row)
    return row
