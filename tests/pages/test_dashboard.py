"""The page of someone who is signed in: what is left to do, and the state of each of their collectives."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectievekracht.common import registry
from collectievekracht.pages.models import PutAway
from labs.models import Lab, LabMembership
from members import vocabulary
from members.choices import Direction, ReviewState, Role, TermKind
from members.models import DirectoryEntry, Notification, PersonalProfile
from members.notification_kinds import facts_of
from members.notifications import notify
from members.services.contributions import record_contribution
from selfscan.models import Report
from selfscan.services import return_response
from tests.factories.labs import LabFactory, LabMembershipFactory
from tests.factories.members import (
    CollectiveFactory,
    JoinRequestFactory,
    MembershipFactory,
    TermFactory,
    UserFactory,
    make_terms,
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


@pytest.fixture
def terms():
    make_terms()
    for code in ("financing", "theme1", "theme2"):
        TermFactory(kind=TermKind.THEME, code=code)
    vocabulary.forget()
    yield
    vocabulary.forget()


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
    assert keys(response) == ["scan", "ask", "lab"]
    html = response.content.decode()
    for address in ("/zelfscan/", "/zelfscan/bestaat-al/", "/labs/"):
        assert f'href="{address}"' in html


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


@pytest.mark.parametrize(
    ("lab", "steps"),
    [
        ({"pending": True}, ["second-step"]),
        ({}, ["second-step"]),
        ({"state": ReviewState.REFUSED}, ["scan", "ask", "lab"]),
    ],
)
def test_who_came_for_a_lab_is_not_sent_to_the_scan(client, lab, steps):
    person = UserFactory()
    LabMembershipFactory(user=person, **lab)
    sign_in(client, person, second_factor=False)
    assert keys(opened(client)) == steps


def ledger_line(collective, key, direction=Direction.GAVE, kind="selfscan.scan", **facts):
    record_contribution(
        kind, direction, key=key, collective_id=collective.pk, facts={"reference": key} | facts
    )


def everything_for(person, *, theme="financing", number=0):
    """A collective of this person in which every card has something to show."""
    collective, scan = scan_of(person, ReviewState.APPROVED, published=True, focus_themes=[theme])
    JoinRequestFactory(collective=collective, name=f"Vraagt {number}")
    near = CollectiveFactory(published=True, name=f"Nieuwe Buur {number}")
    lab = LabFactory(science=True)
    LabMembershipFactory(lab=lab, themes=[theme], organisation=f"Hogeschool {number}")
    notify("members.let_in", [person.pk], key=f"told {number}", facts=facts_of(collective))
    ledger_line(collective, f"CK-{number}")
    return collective, scan, near


def parts(response):
    return {code: [str(card) for card in cards] for code, _title, cards in response.context["parts"]}


def cards_of(html):
    return set(re.findall(r'<section class="card" aria-labelledby="([a-z-]+)"', html))


OWN_CARDS = {"join-requests", "fitting-labs", "card-news", "new-collectives", "new-experts", "card-ledger"}


def test_the_four_parts_stand_in_order_each_with_its_reasons(client, me, terms):
    _collective, _scan, near = everything_for(me)
    response = opened(client)
    assert [code for code, _title, _cards in response.context["parts"]] == ["waits", "fits", "news", "ledger"]
    shown = {code: " ".join(cards) for code, cards in parts(response).items()}
    assert "Vraagt 0" in shown["waits"]
    assert "Geld vinden" in shown["fits"]
    assert near.name in shown["news"]
    assert vocabulary.labels(TermKind.SECTOR, "nl")["energy"] in shown["news"]
    assert "Hogeschool 0" in shown["news"]
    assert "CK-0" in shown["ledger"]
    assert cards_of(response.content.decode()) >= OWN_CARDS


@pytest.mark.parametrize(
    ("role", "cards"),
    [
        ("newcomer", {"card-news"}),
        ("colleague", OWN_CARDS - {"join-requests"}),
        ("representative", OWN_CARDS),
        ("lab member", {"card-news", "my-labs"}),
        ("admin", {"card-news"}),
        ("former colleague", {"card-news"}),
    ],
)
def test_everybody_sees_what_is_theirs_and_nothing_of_others(client, terms, role, cards):
    other = UserFactory()
    collective, scan, _near = everything_for(other)
    person = UserFactory(admin=role == "admin")
    if role == "admin":
        give_factor(person)
    if role == "lab member":
        LabMembershipFactory(user=person, lab=Lab.objects.first(), themes=["other"])
    if role in Role.values or role == "former colleague":
        left = timezone.now() if role == "former colleague" else None
        MembershipFactory(
            user=person, collective=collective, left_at=left,
            role=Role.REPRESENTATIVE if role == "representative" else Role.COLLEAGUE,
        )  # fmt: skip
    sign_in(client, person)
    html = opened(client).content.decode()
    assert cards_of(html) & (OWN_CARDS | {"my-labs"}) == cards
    assert ("Vraagt 0" in html) is (role == "representative")
    assert ("CK-0" in html) is (role in Role.values)
    assert (scan.token in html) is (role == "representative")


def test_a_lab_that_is_not_for_the_country_does_not_fit_nor_do_its_experts(client, me, terms):
    collective, _scan, _near = everything_for(me)
    Lab.objects.update(countries=["nl"])
    type(collective).objects.filter(pk=collective.pk).update(country="be_vlg")
    shown = cards_of(opened(client).content.decode())
    assert shown & {"fitting-labs", "new-experts"} == set()


def test_themes_of_a_flemish_collective_lead_to_no_dutch_lab(client, me, terms):
    everything_for(me)
    flemish, _scan, _near = everything_for(me, theme="theme1", number=1)
    Lab.objects.update(countries=["nl"])
    type(flemish).objects.filter(pk=flemish.pk).update(country="be_vlg")
    shown = {code: " ".join(cards) for code, cards in parts(opened(client)).items()}
    assert ("Geld vinden" in shown["fits"], "Hogeschool 0" in shown["news"]) == (True, True)
    theme = vocabulary.labels(TermKind.THEME, "nl")["theme1"]
    assert (theme in shown["fits"], "Hogeschool 1" in shown["news"]) == (False, False)


def test_a_topic_of_ones_own_is_followed_in_every_lab_that_is_for_ones_collectives(client, me, terms):
    PersonalProfile.objects.create(user=me, topics=["theme2"])
    LabMembershipFactory(lab=LabFactory(dutch=True), themes=["theme2"], organisation="Kredietfonds")
    assert "Kredietfonds" in opened(client).content.decode()
    scan_of(me, ReviewState.APPROVED, published=True, country="be_vlg")
    assert "Kredietfonds" not in opened(client).content.decode()


def test_what_is_read_or_older_than_two_months_is_not_new(client, me, terms):
    everything_for(me)
    long_ago = timezone.now() - timedelta(days=61)
    LabMembership.objects.update(decided_at=long_ago)
    DirectoryEntry.objects.update(since=long_ago)
    Notification.objects.update(read_at=timezone.now())
    response = opened(client)
    assert cards_of(" ".join(parts(response)["news"])) == {"card-news"}
    assert response.context["unread"] == 0


FRAME = 4  # session, person, memberships, what is asked about the person
MOST_A_CARD = 2


def queries_of(client):
    with CaptureQueriesContext(connection) as asked:
        opened(client)
    return [query["sql"] for query in asked.captured_queries]


def test_three_collectives_cost_as_many_queries_as_one(client, me, terms):
    everything_for(me)
    opened(client)  # the words of themes and fields are read once a minute
    for_one = queries_of(client)
    for number in (1, 2):
        everything_for(me, theme=f"theme{number}", number=number)
    scan_of(me, ReviewState.PENDING)
    for_many = queries_of(client)
    assert len(for_many) == len(for_one), "\n".join(for_many)
    assert opened(client).content.decode().count('aria-labelledby="collective-') == 4


def test_the_frame_costs_four_queries_and_each_card_two_at_most(client, me, terms, monkeypatch):
    everything_for(me)
    opened(client)
    every = dict(registry.dashboard_cards._entries)
    monkeypatch.setattr(registry.dashboard_cards, "_entries", {})
    bare = queries_of(client)
    # What the collectives themselves show (their scans) and what first steps ask stand in the page without any card.
    assert len(bare) <= FRAME + MOST_A_CARD, "\n".join(bare)
    for code, card in every.items():
        monkeypatch.setattr(registry.dashboard_cards, "_entries", {code: card})
        asked = queries_of(client)
        assert len(asked) <= len(bare) + MOST_A_CARD, f"{code}:\n" + "\n".join(asked)
