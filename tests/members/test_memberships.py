"""Who belongs to a collective: it keeps a representative, whatever happens and however many act at once."""

import threading
from contextlib import suppress
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.db import close_old_connections, transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import ConsentKind, ReviewState, Role, WorkKind
from members.models import Collective, JoinRequest, Membership, Notification, WorkItem
from members.services import access, memberships
from members.services.memberships import LastRepresentative, NotAllowed, NotIn
from members.signals import collective_closing, representative_gone
from tests.factories.members import (
    CollectiveFactory,
    ConsentFactory,
    JoinRequestFactory,
    MembershipFactory,
    ProfileFactory,
    UserFactory,
)
from tests.trust.figures import count


@pytest.fixture
def collective(db):
    return CollectiveFactory(published=True, contact_email="info@dorp.example")


@pytest.fixture
def bo(collective):
    return MembershipFactory(collective=collective, user__name="Bo").user


@pytest.fixture
def cas(collective):
    return MembershipFactory(collective=collective, user__name="Cas", role=Role.COLLEAGUE).user


def of(collective, user):
    return Membership.objects.active().get(collective=collective, user=user)


def roles(collective):
    return dict(Membership.objects.active().filter(collective=collective).values_list("user__name", "role"))


def audited():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "before", "after"))


@pytest.fixture
def heard():
    """What was told to whoever listens."""
    told = []

    def gone(sender, collective, **kwargs):
        told.append(("gone", collective.slug))

    def closing(sender, collective, **kwargs):
        told.append(("closing", collective.slug))

    representative_gone.connect(gone)
    collective_closing.connect(closing)
    yield told
    representative_gone.disconnect(gone)
    collective_closing.disconnect(closing)


def test_a_colleague_leaves_and_the_rest_stays(collective, bo, cas, heard):
    memberships.leave(collective, cas)
    assert roles(collective) == {"Bo": "representative"}
    assert heard == []
    assert audited() == [("membership.left", "colleague", "")]
    with pytest.raises(NotIn):
        memberships.leave(collective, cas)


def test_the_only_representative_hands_over_in_one_act(collective, bo, cas):
    for act in (
        lambda: memberships.leave(collective, bo),
        lambda: memberships.change_role(of(collective, bo), Role.COLLEAGUE, bo),
        lambda: memberships.remove_person(of(collective, bo), UserFactory(admin=True)),
    ):
        with pytest.raises(LastRepresentative):
            act()
    memberships.hand_over(collective, bo, of(collective, cas))
    assert roles(collective) == {"Bo": "colleague", "Cas": "representative"}
    assert audited() == [
        ("membership.role", "colleague", "representative"),
        ("membership.role", "representative", "colleague"),
    ]
    told = Notification.objects.get()
    assert (told.user, told.kind, told.facts["role"]) == (cas, "members.role_changed", "representative")


@pytest.mark.parametrize("how", ["leave", "remove", "step back", "hand over"])
def test_who_keeps_ways_to_a_collective_hears_that_a_representative_is_gone(collective, bo, cas, heard, how):
    memberships.change_role(of(collective, cas), Role.REPRESENTATIVE, bo)
    assert heard == []
    mine = of(collective, cas)
    {
        "leave": lambda: memberships.leave(collective, cas),
        "remove": lambda: memberships.remove_person(mine, bo),
        "step back": lambda: memberships.change_role(mine, Role.COLLEAGUE, cas),
        "hand over": lambda: memberships.hand_over(collective, cas, of(collective, bo)),
    }[how]()
    assert heard == [("gone", collective.slug)]


def test_nobody_asks_a_leaver_for_what_the_collective_offers(collective, bo, cas):
    addresses = {"Zaal": cas.email.upper(), "Keuken": bo.email, "Taart": ""}
    for title, address in addresses.items():
        collective.offers.create(kind="venue", title=title, regions=["NL-OV"], email=address)
    elsewhere = CollectiveFactory().offers.create(
        kind="venue", title="Elders", regions=["NL-OV"], email=cas.email
    )
    memberships.leave(collective, cas)
    assert dict(collective.offers.values_list("title", "email")) == addresses | {"Zaal": ""}
    elsewhere.refresh_from_db()
    assert elsewhere.email == cas.email


def test_whoever_cannot_sign_in_speaks_for_nobody(collective, bo):
    gone = MembershipFactory(collective=collective, user__is_active=False)
    with pytest.raises(LastRepresentative):
        memberships.leave(collective, bo)
    with pytest.raises(NotIn):
        memberships.hand_over(collective, bo, gone)


@pytest.mark.parametrize("who", ["colleague", "stranger", "elsewhere"])
def test_who_does_not_speak_for_it_changes_nothing(collective, bo, cas, who):
    by = {"colleague": cas, "stranger": UserFactory(), "elsewhere": MembershipFactory().user}[who]
    before = roles(collective)
    for act in (
        lambda: memberships.change_role(of(collective, cas), Role.REPRESENTATIVE, by),
        lambda: memberships.remove_person(of(collective, bo), by),
        lambda: memberships.hand_over(collective, by, of(collective, cas)),
        lambda: memberships.invite_colleague(collective, "x@voorbeeld.example", by, language="nl"),
        lambda: memberships.close_collective(collective, by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (roles(collective), audited()) == (before, [])


def test_the_address_of_a_leaver_is_no_way_back(collective, bo, cas):
    """Proving the address once more lets nobody in again, by a request, an invitation or as the contact."""
    Collective.objects.filter(pk=collective.pk).update(contact_email=cas.email)
    collective.refresh_from_db()
    JoinRequestFactory(collective=collective, email=cas.email, state=ReviewState.APPROVED, user=cas)
    JoinRequestFactory(collective=collective, email=cas.email, state=ReviewState.APPROVED)
    JoinRequestFactory(collective=collective, email=cas.email, state=ReviewState.RETURNED)
    memberships.remove_person(of(collective, cas), bo)
    access.recognise(cas, cas.email)
    collective.refresh_from_db()
    assert (roles(collective), collective.contact_email) == ({"Bo": "representative"}, bo.email)
    assert Notification.objects.get(user=bo).facts["contact"] is True
    cas.delete()
    again = UserFactory(email=cas.email)
    access.recognise(again, again.email)
    assert roles(collective) == {"Bo": "representative"}


def test_a_request_of_who_is_signed_in_lets_that_person_in(collective, bo):
    anna = UserFactory(name="Anna")
    access.request_access(collective, name="Anna", email=anna.email, message="", language="nl", user=anna)
    EmailAddress.objects.filter(user=anna).delete()
    access.approve_access(JoinRequest.objects.get(), bo)
    assert roles(collective) == {"Bo": "representative", "Anna": "colleague"}
    assert Notification.objects.get(user=anna).kind == "members.let_in"
    access.request_access(collective, name="Anna", email=anna.email, message="", language="nl", user=anna)
    assert JoinRequest.objects.count() == 1


def test_inviting_who_asked_already_grants_the_request(collective, bo):
    access.request_access(collective, name="Anna", email="anna@x.example", message="", language="nl")
    memberships.invite_colleague(collective, "Anna@x.example", bo, language="nl")
    assert JoinRequest.objects.get().state == ReviewState.APPROVED
    assert not WorkItem.objects.open().exists()


def test_who_is_in_is_not_invited(collective, bo, cas):
    with pytest.raises(memberships.AlreadyIn):
        memberships.invite_colleague(collective, cas.email.upper(), bo, language="nl")
    assert not JoinRequest.objects.exists()
    other = EmailAddress.objects.create(user=cas, email="cas@elders.example", verified=True)
    assert memberships.invite_colleague(collective, other.email, bo, language="nl").email == other.email


@pytest.mark.parametrize("first", ["request", "invitation"])
def test_who_is_let_in_leaves_nothing_waiting(collective, bo, first):
    anna = UserFactory(name="Anna")
    invited = memberships.invite_colleague(collective, anna.email, bo, language="nl")
    access.request_access(collective, name="Anna", email=anna.email, message="", language="nl", user=anna)
    if first == "request":
        access.approve_access(JoinRequest.objects.waiting().get(), bo)
    else:
        memberships.accept_invitation(invited, anna)
    assert roles(collective) == {"Bo": "representative", "Anna": "colleague"}
    assert set(JoinRequest.objects.values_list("state", "user")) == {(ReviewState.APPROVED, anna.pk)}
    assert not Notification.objects.unread().filter(user=bo).exists()
    assert not WorkItem.objects.open().exists()
    memberships.leave(collective, anna)
    access.recognise(anna, anna.email)
    assert roles(collective) == {"Bo": "representative"}


def test_inviting_twice_is_one_invitation_and_one_mail_a_day(collective, bo):
    for address in ("anna@x.example", "Anna@X.example"):
        memberships.invite_colleague(collective, address, bo, language="nl")
    assert JoinRequest.objects.invited().count() == 1
    assert SentMail.objects.filter(template="members/colleague_invited").count() == 1


def test_closing_ends_everything_and_cannot_be_done_twice(collective, bo, cas, heard):
    ConsentFactory(collective=collective, kind=ConsentKind.RESEARCH)
    waiting = ProfileFactory(collective=collective, revision=99)
    work = WorkItem.objects.create(
        kind=WorkKind.REVISION, target_id=waiting.pk, title="x", collective=collective, due_at="2026-01-01T00:00Z"
    )  # fmt: skip
    access.request_access(collective, name="Anna", email="anna@x.example", message="", language="en")
    memberships.close_collective(collective, bo)
    assert heard == [("closing", collective.slug)]
    assert roles(collective) == {}
    assert list(collective.consents.in_force().values_list("kind", flat=True)) == [ConsentKind.RESEARCH]
    work.refresh_from_db()
    assert work.decided_at
    assert not WorkItem.objects.open().exists()
    refused = SentMail.objects.get(template="members/access_decided")
    assert (refused.to, refused.context["why"]) == ("anna@x.example", "This collective has stopped.")
    with pytest.raises(NotAllowed):
        memberships.close_collective(collective, bo)
    access.request_access(collective, name="Bo", email="bo@x.example", message="", language="nl")
    access.recognise(bo, bo.email)
    assert (roles(collective), JoinRequest.objects.waiting().count()) == ({}, 0)
    assert memberships.only_representative_of(bo).count() == 0


def test_who_is_the_only_representative_of_what(collective, bo, cas):
    assert list(memberships.only_representative_of(bo)) == [collective]
    assert list(memberships.only_representative_of(cas)) == []
    memberships.change_role(of(collective, cas), Role.REPRESENTATIVE, bo)
    assert list(memberships.only_representative_of(bo)) == []


# --- at once


def at_once(*acts):
    """Do these at the same moment, each on a connection of its own; what each raised or gave."""
    start, seen = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        close_old_connections()
        start.wait()
        try:
            seen[number] = act()
        except memberships.MembershipProblem as problem:
            seen[number] = type(problem)
        finally:
            transaction.get_connection().close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


ACTS = {
    "leave": lambda who, them, third: memberships.leave(who.collective, who.user),
    "step back": lambda who, them, third: memberships.change_role(who, Role.COLLEAGUE, who.user),
    "send away": lambda who, them, third: memberships.remove_person(them, who.user),
    "hand over": lambda who, them, third: memberships.hand_over(who.collective, who.user, third),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ACTS)
def test_of_two_representatives_at_once_one_stays(how):
    for _ in range(count(50)):
        collective = CollectiveFactory(published=True)
        one, other = (MembershipFactory(collective=collective) for _ in range(2))
        third = MembershipFactory(collective=collective, role=Role.COLLEAGUE)
        seen = at_once(partial(ACTS[how], one, other, third), partial(ACTS[how], other, one, third))
        left = Membership.objects.representatives().filter(collective=collective).count()
        refused = sum(isinstance(answer, type) for answer in seen)
        # Two may hand over to the same person: that one stays.
        assert (left, refused) == (1, 0 if how == "hand over" else 1), seen


@pytest.mark.django_db(transaction=True)
def test_joining_while_it_closes_leaves_nobody_in():
    for _ in range(count(50)):
        collective = CollectiveFactory(published=True)
        bo = MembershipFactory(collective=collective).user
        invitation = memberships.invite_colleague(collective, "gast@x.example", bo, language="nl")
        at_once(
            partial(memberships.close_collective, collective, bo),
            partial(memberships.accept_invitation, invitation, UserFactory()),
        )
        assert not Membership.objects.active().filter(collective=collective).exists()
        assert Collective.objects.get(pk=collective.pk).closed_at


# --- whatever happens, in any order


class Comings(RuleBasedStateMachine):
    """People come, go and change roles in any order: a collective that had a representative has one until it stops."""

    @initialize()
    def begin(self):
        self.collective = CollectiveFactory(published=True, contact_email="")
        self.had = False
        self.people = [UserFactory() for _ in range(4)]

    def one(self, number):
        return self.people[number]

    def try_to(self, act):
        with suppress(memberships.MembershipProblem):
            act()

    def of(self, user):
        return Membership.objects.filter(collective=self.collective, user=user).order_by("left_at").last()

    numbers = st.integers(0, 3)

    @rule(who=numbers, role=st.sampled_from(Role))
    def comes(self, who, role):
        if not Collective.objects.filter(pk=self.collective.pk, closed_at=None).exists():
            return
        access.join(self.one(who), self.collective, role)

    @rule(who=numbers)
    def leaves(self, who):
        self.try_to(lambda: memberships.leave(self.collective, self.one(who)))

    @rule(by=numbers, who=numbers, role=st.sampled_from(Role))
    def changes(self, by, who, role):
        if membership := self.of(self.one(who)):
            self.try_to(lambda: memberships.change_role(membership, role, self.one(by)))

    @rule(by=numbers, who=numbers)
    def sends_away(self, by, who):
        if membership := self.of(self.one(who)):
            self.try_to(lambda: memberships.remove_person(membership, self.one(by)))

    @rule(by=numbers, who=numbers)
    def hands_over(self, by, who):
        if membership := self.of(self.one(who)):
            self.try_to(lambda: memberships.hand_over(self.collective, self.one(by), membership))

    @rule(by=numbers, who=numbers)
    def invites_and_joins(self, by, who):
        def act():
            guest = self.one(who)
            invited = memberships.invite_colleague(self.collective, guest.email, self.one(by), language="nl")
            memberships.accept_invitation(invited, guest)

        self.try_to(act)

    @rule(by=numbers, sure=st.integers(0, 9))
    def stops(self, by, sure):
        if sure == 0:
            self.try_to(lambda: memberships.close_collective(self.collective, self.one(by)))

    @invariant()
    def somebody_speaks_for_it(self):
        if not hasattr(self, "collective"):
            return
        closed = Collective.objects.filter(pk=self.collective.pk).exclude(closed_at=None).exists()
        speaking = Membership.objects.representatives().filter(collective=self.collective).count()
        self.had = self.had or speaking > 0
        if closed:
            assert not Membership.objects.active().filter(collective=self.collective).exists()
        else:
            assert speaking > 0 or not self.had


class TestComings(TestCase, Comings.TestCase):
    """The state machine, each run in a transaction that is rolled back."""

    settings = hypothesis_settings(max_examples=count(300), stateful_step_count=15, deadline=None)
