"""Getting into a collective that is here already."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from collectievekracht.common.models import SentMail
from members.choices import ReviewState, Role, WorkKind
from members.models import Collective, ContactMessage, JoinRequest, Membership, Notification, User, WorkItem
from members.services import access, collectives, work
from tests.factories.members import CollectiveFactory, MembershipFactory

ASKED = {"name": "Anna", "email": "Anna@Example.org", "message": "Ik ben penningmeester.", "language": "nl"}


@pytest.fixture
def collective(db):
    return CollectiveFactory(published=True, contact_email="bestuur@example.org")


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin@example.org", "x")


def confirmed(address):
    """A person who has proven this address."""
    user = User.objects.create_user(address)
    proven = EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    request = RequestFactory().get("/")
    request.session = SessionStore()
    email_confirmed.send(sender=EmailAddress, request=request, email_address=proven)
    return user


def test_asking_twice_is_asking_once(collective):
    access.request_access(collective, **ASKED)
    access.request_access(collective, **ASKED)
    request = JoinRequest.objects.get()
    assert request.email == "anna@example.org"
    assert WorkItem.objects.open().get().target_id == request.pk
    assert [(m.template, m.to) for m in SentMail.objects.all()] == [
        ("members/access_asked", "anna@example.org")
    ]


def test_approval_lets_in_whoever_proves_the_address(collective, admin):
    access.request_access(collective, **ASKED)
    access.approve_access(JoinRequest.objects.get(), admin)
    assert not Membership.objects.exists()
    anna = confirmed("anna@example.org")
    assert [(m.collective, m.role) for m in anna.memberships.all()] == [(collective, Role.COLLEAGUE)]


def test_approval_lets_in_at_once_whoever_has_proven_the_address(collective, admin):
    anna = confirmed("anna@example.org")
    access.request_access(collective, **ASKED)
    access.approve_access(JoinRequest.objects.get(), admin)
    assert anna.memberships.get().collective == collective


def test_an_unproven_account_is_not_let_in(collective, admin):
    User.objects.create_user("anna@example.org")
    access.request_access(collective, **ASKED)
    access.approve_access(JoinRequest.objects.get(), admin)
    assert not Membership.objects.exists()


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_request_that_was_decided_is_no_news_any_more(collective, admin, decision):
    people = [MembershipFactory(collective=collective).user for _ in range(2)]
    for email in ("anna@example.org", "bram@example.org"):
        access.request_access(collective, **ASKED | {"email": email})
    first = JoinRequest.objects.get(email="anna@example.org")
    assert Notification.objects.unread().count() == 4
    if decision == "approve":
        access.approve_access(first, people[0])
    else:
        access.refuse_access(first, people[0], "We kennen je niet.")
    left = Notification.objects.unread().order_by("pk").values_list("user", "facts__name", "facts__request")
    other = JoinRequest.objects.get(email="bram@example.org")
    assert list(left) == [(person.pk, "Anna", other.pk) for person in people]


def test_a_refusal_is_mailed_and_final(collective, admin):
    access.request_access(collective, **ASKED)
    request = JoinRequest.objects.get()
    access.refuse_access(request, admin, "We kennen je niet.")
    request.refresh_from_db()
    assert request.state == ReviewState.REFUSED
    with pytest.raises(work.AlreadyDecided):
        access.approve_access(request, admin)
    assert SentMail.objects.filter(template="members/access_decided").count() == 1
    assert not WorkItem.objects.open().filter(kind=WorkKind.JOIN_REQUEST).exists()


def test_the_address_of_the_scan_makes_its_first_person_the_representative(collective):
    first = confirmed("bestuur@example.org")
    assert first.memberships.get().role == Role.REPRESENTATIVE


def test_a_refused_collective_gets_nobody(collective):
    type(collective).objects.update(state=ReviewState.REFUSED)
    assert not confirmed("bestuur@example.org").memberships.exists()


def test_a_message_reaches_the_collective_and_its_answer_the_visitor(collective):
    access.send_message(collective, name="Bo", email="bo@example.org", message="Mag ik langskomen?")
    mail = SentMail.objects.get()
    assert (mail.to, mail.reply_to, mail.template) == (
        "bestuur@example.org",
        "bo@example.org",
        "members/contact_message",
    )
    assert ContactMessage.objects.count() == 1


def test_who_has_an_account_already_represents_the_collective_on_approval(admin):
    owner = confirmed("bestuur@example.org")
    waiting = collectives.new_collective(
        name="Nieuw", country="nl", contact_email="Bestuur@example.org", language="nl"
    )
    work.open_work(WorkKind.SCAN, 7, title="Nieuw", collective=waiting)
    collectives.approve_collective(waiting, admin, scan_id=7)
    assert [(m.collective, m.role) for m in owner.memberships.all()] == [(waiting, Role.REPRESENTATIVE)]


@pytest.mark.parametrize(("role", "sees"), [(Role.REPRESENTATIVE, 1), (Role.COLLEAGUE, 0)])
def test_a_draft_page_is_for_representatives(db, role, sees):
    user = User.objects.create_user("anna@example.org")
    draft = CollectiveFactory()
    access.join(user, draft, role)
    assert Collective.objects.visible_to(user).filter(pk=draft.pk).count() == sees


def test_an_address_that_was_proven_second_counts_as_well(collective, admin):
    anna = confirmed("anna@elders.example")
    EmailAddress.objects.create(user=anna, email="anna@example.org", verified=True)
    access.request_access(collective, **ASKED)
    access.approve_access(JoinRequest.objects.get(), admin)
    assert anna.memberships.get().collective == collective
    assert SentMail.objects.get(template="members/access_decided").context["has_account"] is True


def test_a_second_address_that_nobody_proved_lets_nobody_in(collective, admin):
    anna = confirmed("anna@elders.example")
    EmailAddress.objects.create(user=anna, email="anna@example.org", verified=False)
    access.request_access(collective, **ASKED)
    access.approve_access(JoinRequest.objects.get(), admin)
    assert not Membership.objects.exists()


def test_the_address_makes_a_representative_where_nobody_else_can_sign_in(collective):
    User.objects.create_user("weg@example.org", is_active=False).memberships.create(
        collective=collective, role=Role.REPRESENTATIVE
    )
    assert confirmed("bestuur@example.org").memberships.get().role == Role.REPRESENTATIVE
