"""What people wrote is kept no longer than somebody needs it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.choices import ReviewState
from members.models import JoinRequest, WorkItem
from members.services import access, memberships, retention
from tests.factories.members import JoinRequestFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "joined", "days"),
    [
        (ReviewState.RETURNED, False, 90),  # an invitation
        (ReviewState.APPROVED, False, 365),
        (ReviewState.APPROVED, True, None),
        (ReviewState.PENDING, False, None),
    ],
)
def test_a_way_in_that_nobody_took_does_not_keep_an_address_for_ever(state, joined, days):
    now = timezone.now()
    for age in (89, 91, 364, 366, 4000):
        JoinRequestFactory(
            state=state,
            user=UserFactory() if joined else None,
            created_at=now - timedelta(days=age),
            decided_at=None if state == ReviewState.PENDING else now - timedelta(days=age),
            message=str(age),
        )
    retention.forget_letters(now)
    left = sorted(map(int, JoinRequest.objects.values_list("message", flat=True)))
    assert left == [age for age in (89, 91, 364, 366, 4000) if days is None or age < days]


@pytest.mark.parametrize("how", ["leaves", "was never used", "was taken back", "the collective stops"])
def test_no_name_is_left_in_the_work_of_a_request_that_is_gone(how):
    representative = MembershipFactory()
    collective, by = representative.collective, representative.user
    person = UserFactory(name="Anna") if how == "leaves" else None
    access.request_access(
        collective, name="An de Boer", email="an@voorbeeld.example", message="", language="nl", user=person
    )
    request = JoinRequest.objects.get()
    access.approve_access(request, by)
    assert WorkItem.objects.get().title.startswith("An de Boer")
    match how:
        case "leaves":
            memberships.leave(collective, person)
        case "was never used":
            retention.forget_letters(timezone.now() + timedelta(days=366))
        case "was taken back":
            assert memberships.withdraw_invitation(request, by)
        case "the collective stops":
            memberships.close_collective(collective, by)
    assert not JoinRequest.objects.exists()
    item = WorkItem.objects.get()
    assert (item.title, item.facts, bool(item.decided_at)) == ("voormalig lid", {}, True)


def test_an_invitation_that_is_sent_again_is_kept_from_then_on():
    by = MembershipFactory()
    now = timezone.now()
    for _ in range(2):
        JoinRequest.objects.update(decided_at=now - timedelta(days=100))
        memberships.invite_colleague(by.collective, "gast@voorbeeld.example", by.user, language="nl")
    retention.forget_letters(now)
    assert JoinRequest.objects.count() == 1
