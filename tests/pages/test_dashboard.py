"""The page of someone who is signed in: what is left to do, and the state of each of their collectives."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectievekracht.pages.models import PutAway
from members.choices import ReviewState, Role
from selfscan.models import Report
from selfscan.services import return_response
from tests.factories.members import (
    CollectiveFactory,
    JoinRequestFactory,
    MembershipFactory,
    ProfileFactory,
    UserFactory,
)
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import give_factor, sign_in
from tests.factories.waiting import waiting_scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    person = UserFactory()
    sign_in(client, person)
    return person


def opened(client):
    response = client.get("/mijn/")
    assert response.status_code == 200
    return response


def keys(response):
    return [shown.step.key for shown in response.context["steps"]]


def scan_of(person, state, *, role=Role.REPRESENTATIVE, report=True, **facts):
    collective = CollectiveFactory(**({"state": state} | facts))
    MembershipFactory(user=person, collective=collective, role=role)
    scan = ResponseFactory(complete=True, collective=collective)
    if report:
        Report.objects.create(response=scan, version="1", language="nl", file=f"{scan.pk}.pdf", size=9)
    return collective, scan


def test_someone_new_reads_how_to_begin(client, me):
    response = opened(client)
    assert keys(response) == ["scan", "ask"]
    html = response.content.decode()
    assert 'href="/zelfscan/"' in html
    assert 'href="/zelfscan/bestaat-al/"' in html


def test_who_asked_for_access_reads_that_it_waits(client, me):
    JoinRequestFactory(email=me.email, collective__name="Zonnig Dorp")
    JoinRequestFactory(collective__name="Van een ander")
    html = opened(client).content.decode()
    assert keys(opened(client)) == ["ask"]
    assert "Zonnig Dorp" in html
    assert "Van een ander" not in html


def test_a_request_from_an_address_that_was_not_proven_is_not_told(client):
    person = UserFactory(verified=False)
    JoinRequestFactory(email=person.email, collective__name="Zonnig Dorp")
    sign_in(client, person)
    assert "Zonnig Dorp" not in opened(client).content.decode()


def test_while_it_waits_the_day_is_named_and_then_that_it_is_late(client, me):
    _collective, scan = scan_of(me, ReviewState.PENDING)
    assert opened(client).context["mine"][0].is_late is False
    type(scan).objects.update(completed_at=timezone.now() - timedelta(days=20))
    assert opened(client).context["mine"][0].is_late is True


def test_what_was_sent_back_shows_its_reason_and_its_link_to_the_representative_only(client, me, instrument):
    scan = waiting_scan()
    collective = scan.collective
    MembershipFactory(user=me, collective=collective)
    return_response(scan, UserFactory(admin=True), "Wie beslist er bij jullie?")
    html = opened(client).content.decode()
    assert keys(opened(client))[0] == f"answer-{collective.pk}"
    assert "Wie beslist er bij jullie?" in html
    assert reverse("selfscan:overview", args=[scan.token]) in html
    colleague = UserFactory()
    MembershipFactory(user=colleague, collective=collective, role=Role.COLLEAGUE)
    sign_in(client, colleague)
    html = opened(client).content.decode()
    assert "Wie beslist er bij jullie?" not in html
    assert scan.token not in html


def test_a_colleague_sees_the_page_and_no_link_to_scan_or_report(client, me):
    collective, scan = scan_of(me, ReviewState.APPROVED, role=Role.COLLEAGUE, published=True)
    html = opened(client).content.decode()
    assert collective.get_absolute_url() in html
    assert scan.token not in html


def test_a_refused_collective_has_a_way_to_write_and_no_steps_of_its_own(client, me):
    give_factor(me)
    scan_of(me, ReviewState.REFUSED)
    response = opened(client)
    assert keys(response) == []
    assert 'href="/contact/"' in response.content.decode()


def test_a_merged_collective_points_to_where_it_went(client, me):
    other = CollectiveFactory(published=True)
    collective, _scan = scan_of(me, ReviewState.REFUSED)
    type(collective).objects.filter(pk=collective.pk).update(merged_into=other)
    html = opened(client).content.decode()
    assert other.get_absolute_url() in html
    assert collective.get_absolute_url() not in html


def test_steps_are_put_away_one_by_one_and_stay_away(client, me):
    collective, _scan = scan_of(me, ReviewState.APPROVED, published=True)
    before = keys(opened(client))
    assert f"page-{collective.pk}" in before
    for key in before:
        assert client.post(reverse("pages:put_away", args=[key])).status_code == 302
    assert keys(opened(client)) == []
    again = client.post(reverse("pages:put_away", args=[before[0]]))
    assert again.status_code == 302
    assert PutAway.objects.count() == len(before)


def test_nobody_puts_away_what_is_not_a_step_of_theirs(client, me):
    stranger = CollectiveFactory(published=True)
    for key in ("scan", "nonsense", f"page-{stranger.pk}", "a" * 60):
        assert client.post(reverse("pages:put_away", args=[key])).status_code == 404
    assert client.get(reverse("pages:put_away", args=["page-1"])).status_code == 405
    assert PutAway.objects.count() == 0


def test_an_admin_without_a_collective_is_sent_to_the_admin_and_not_to_the_scan(client):
    sign_in(client, UserFactory(admin=True))
    assert "scan" not in keys(opened(client))


def test_three_collectives_cost_as_many_queries_as_one(client, me, django_assert_num_queries):
    scan_of(me, ReviewState.APPROVED, published=True)
    with CaptureQueriesContext(connection) as for_one:
        opened(client)
    assert len(for_one) <= 12
    scan_of(me, ReviewState.PENDING)
    extra, _scan = scan_of(me, ReviewState.APPROVED, published=True)
    ProfileFactory(collective=extra, revision=99)
    with django_assert_num_queries(len(for_one)):
        html = opened(client).content.decode()
    assert html.count('<section class="card"') == 3
