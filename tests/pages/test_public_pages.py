"""The pages around the platform: readable by all, without a cookie, in both languages."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override

from collectievekracht.common import registry
from collectievekracht.common.page_cache import cached_for_visitors
from members.choices import ConsentKind, Role
from members.services.consents import withdraw_consent
from selfscan.models import Report
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.signing_in import sign_in
from tests.factories.waiting import waiting_scan

pytestmark = pytest.mark.django_db
NAMES = ["home", "about", "faq", "contact", "privacy", "cookies", "terms", "accessibility", "signup_choice"]
WITH_A_FORM = {"contact"}


@pytest.fixture(autouse=True)
def _no_kept_pages():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_for_all_with_no_cookie_but_its_forms_secret(client, name, language):
    with override(language):
        address = reverse(f"pages:{name}")
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert set(response.cookies) == ({"csrftoken"} if name in WITH_A_FORM else set())
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert not re.search(r'<script(?![^>]*\bsrc=| type="application/ld\+json">)', html)
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("name", sorted(set(NAMES) - WITH_A_FORM))
def test_pages_take_no_post(client, name):
    assert client.post(reverse(f"pages:{name}")).status_code == 405


def test_home_counts_what_is_public_and_nothing_else(client):
    CollectiveFactory.create_batch(2, published=True)
    CollectiveFactory(published=True, profile__region="BE-VAN", profile__sectors=["food", "care"])
    CollectiveFactory(proposed=True)
    response = client.get("/")
    figures = response.context["figures"]
    assert (figures["collectives"], figures["sectors"], figures["regions"]) == (3, 3, 2)
    assert len(response.context["map"].dots) == 1


def test_home_shows_many_in_one_place_as_a_number(client):
    CollectiveFactory.create_batch(12, published=True)
    drawing = client.get("/").context["map"]
    assert [sun.count for sun in drawing.suns] == [12]
    assert drawing.dots == ()


def test_home_is_whole_without_any_collective(client):
    assert client.get("/").status_code == 200


def test_home_is_drawn_once_for_visitors(client, django_assert_num_queries):
    first = client.get("/")
    with django_assert_num_queries(0):
        again = client.get("/")
    assert again.content == first.content
    assert client.get("/en/").content != first.content


def test_long_addresses_that_end_differently_are_kept_apart(rf):
    view = cached_for_visitors(60)(lambda request: HttpResponse(request.path))
    for end in "ab":
        assert view(rf.get(f"/{'x' * 300}{end}")).content.endswith(end.encode())


@pytest.mark.parametrize(
    ("in_parts", "query", "drawn"),
    [
        (False, "", 1),
        (False, "p=2", 2),
        (True, "p=2", 1),
        (True, "", 1),
        *((True, odd, 2) for odd in ("p=x", "p=02", "p=1000", "p=2&p=3", "p=2&q=1", "p")),
    ],
)
def test_only_a_part_of_what_has_parts_is_kept_beside_the_page_itself(rf, in_parts, query, drawn):
    """Else anybody could fill the cache with pages that nobody asks for again."""
    times = []
    view = cached_for_visitors(60, in_parts=in_parts)(lambda request: HttpResponse(str(times.append(1))))
    for _again in range(2):
        view(rf.get("/", QUERY_STRING=query))
    assert len(times) == drawn


def test_the_answer_to_a_question_for_headers_is_not_the_page(client):
    client.head("/over/")
    assert "?next=/over/" in client.get("/over/").content.decode()


def test_an_address_with_a_question_of_anybodys_own_is_not_kept(rf):
    view = cached_for_visitors(60)(lambda request: HttpResponse(request.GET.get("q", "")))
    assert [view(rf.get("/", query)).content for query in ({"q": "a"}, {}, {"q": "b"}, {})] == [
        b"a",
        b"",
        b"b",
        b"",
    ]


@pytest.mark.parametrize(
    ("registered", "kind", "address"),
    [("home_blocks", registry.HomeBlock, "/"), ("dashboard_cards", registry.DashboardCard, "/mijn/")],
)
def test_what_an_app_puts_on_a_page_is_drawn_in_order_or_left_out(
    client, monkeypatch, registered, kind, address
):
    blocks = registry.Registry()
    for code, order in (("late", 9), ("none", 5), ("early", 1)):
        context = None if code == "none" else {"problems": [(code, "probe")]}
        blocks.add(kind(code, "components/error_summary.html", lambda request, it=context: it, order))
    monkeypatch.setattr(registry, registered, blocks)
    sign_in(client, UserFactory())
    html = client.get(address).content.decode()
    assert html.count(">probe<") == 2
    assert html.index("#id_early") < html.index("#id_late")


def test_who_is_signed_in_gets_a_page_of_their_own(client):
    visitor = client.get("/").content
    sign_in(client, UserFactory())
    mine = client.get("/").content
    assert mine != visitor
    client.logout()
    assert client.get("/").content == visitor


def test_the_sitemap_names_public_profiles_and_no_other(client):
    shown = CollectiveFactory(published=True)
    hidden = CollectiveFactory(proposed=True)
    index = ET.fromstring(client.get("/sitemap.xml").content)
    addresses = [part.text for part in index.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert any(address.endswith("/sitemap-collectives.xml") for address in addresses)
    section = client.get("/sitemap-collectives.xml").content.decode()
    ET.fromstring(section.encode())
    assert f"/collectieven/{shown.slug}/</loc>" in section
    assert f"/en/collectieven/{shown.slug}/</loc>" in section
    assert hidden.slug not in section
    for address in addresses:
        assert client.get("/" + address.split("/", 3)[3]).status_code == 200
    for wrong in (
        "/sitemap-niets.xml",
        "/sitemap-pages.xml?p=0",
        "/sitemap-pages.xml?p=x",
        "/sitemap-pages.xml?p=99999",
        "/sitemap-pages.xml?p=2",
    ):
        assert client.get(wrong).status_code == 404


def test_who_takes_a_page_back_is_gone_from_sitemap_and_home_at_once(
    client, django_capture_on_commit_callbacks
):
    collective = CollectiveFactory(published=True)
    sitemap = "/sitemap-collectives.xml"
    assert collective.slug in client.get(sitemap).content.decode()
    assert len(client.get("/").context["map"].dots) == 1
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(collective, ConsentKind.PROFILE)
    assert collective.slug not in client.get(sitemap).content.decode()
    assert client.get("/").context["map"].dots == ()


def test_robots_stay_out_of_what_is_behind_a_door(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /beheer/" in text
    assert "Disallow: /collectieven/\n" not in text
    assert "/sitemap.xml" in text


def test_my_page_asks_a_visitor_to_sign_in(client):
    assert client.get("/mijn/").url == "/account/login/?next=/mijn/"


def test_my_page_without_a_collective_says_how_to_go_on(client):
    sign_in(client, UserFactory())
    assert reverse("selfscan:start") in client.get("/mijn/").content.decode()


def test_my_page_shows_my_own_collectives_and_reports_only(client, instrument):
    mine, theirs = waiting_scan(), waiting_scan(org_name="Van een ander", contact_email="ander@example.org")
    for scan in (mine, theirs):
        Report.objects.create(response=scan, version="1", language="nl", file="x.pdf", size=1, sha256="x")
    person = UserFactory()
    MembershipFactory(user=person, collective=mine.collective)
    sign_in(client, person)
    html = client.get("/mijn/").content.decode()
    assert reverse("selfscan:report", args=[mine.token]) in html
    assert theirs.token not in html
    assert "Van een ander" not in html


def test_a_colleague_sees_no_scan(client, instrument):
    scan = waiting_scan()
    person = UserFactory()
    MembershipFactory(user=person, collective=scan.collective, role=Role.COLLEAGUE)
    sign_in(client, person)
    assert scan.token not in client.get("/mijn/").content.decode()
