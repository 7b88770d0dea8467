"""A collective's page: exactly the public fields, to exactly the right people."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.choices import ConsentKind, ReviewState
from members.services.consents import withdraw_consent
from tests.factories.members import CollectiveFactory, MembershipFactory, ProfileFactory, UserFactory
from tests.factories.signing_in import give_factor, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def data(response):
    """The collective, and where its page stands."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return [json.loads(text) for text in found]


def test_profile_shows_the_public_fields(client):
    collective = CollectiveFactory(published=True)
    response = client.get(collective.get_absolute_url())
    body = response.content.decode()
    for shown in (
        "Energiecoöperatie",
        "Zwolle, Overijssel",
        "2014",
        "nl_cooperative (nl)",
        "municipality (nl)",
        "energy (nl)",
        "all_residents (nl)",
        "climate (nl)",
        "expertise (nl)",
        "We weten veel van zonnedaken.",
        "https://collectief.example/",
        "Samen wekken wij stroom op",
    ):
        assert shown in body, shown
    assert collective.contact_email not in body
    assert not response.cookies


def test_profile_in_english(client):
    collective = CollectiveFactory(published=True)
    body = client.get(f"/en{collective.get_absolute_url()}").content.decode()
    assert '<html lang="en">' in body
    assert "energy (en)" in body


ROLES = ["anonymous", "stranger", "representative", "admin without a second factor", "admin"]


@pytest.fixture
def people():
    return {
        "stranger": UserFactory(),
        "representative": UserFactory(),
        "admin without a second factor": UserFactory(admin=True),
        "admin": give_factor(UserFactory(admin=True)),
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", ["proposed", "published", "refused", "withdrawn", "bare"])
def test_profile_is_visible_to(client, people, role, state):
    collective = CollectiveFactory(
        **{"proposed": state == "proposed"} if state in ("proposed", "bare") else {"published": True}
    )
    if state == "refused":
        type(collective).objects.filter(pk=collective.pk).update(state=ReviewState.REFUSED)
    if state == "withdrawn":
        withdraw_consent(collective, ConsentKind.PROFILE)
    MembershipFactory(user=people["representative"], collective=collective)
    if role != "anonymous":
        sign_in(client, people[role], second_factor=role == "admin")
    response = client.get(collective.get_absolute_url())
    may = state == "published" or role in ("representative", "admin")
    assert response.status_code == (200 if may else 404)
    if may and state not in ("published", "bare"):
        assert not response.context["page"].public
        assert "noindex" in response.content.decode()
        assert "Organization" not in response.content.decode()
    if not may:
        missing = client.get("/collectieven/bestaat-helemaal-niet/")
        assert response.content.replace(collective.slug.encode(), b"") == missing.content.replace(
            b"bestaat-helemaal-niet", b""
        )


def test_last_approved_text_stays_while_a_newer_one_waits(client):
    collective = CollectiveFactory(published=True)
    ProfileFactory(
        collective=collective, revision=50, description="Nog niet gelezen door het team, dus niet te zien."
    )
    assert "Nog niet gelezen" not in client.get(collective.get_absolute_url()).content.decode()


def test_who_left_sees_no_draft(client):
    membership = MembershipFactory(collective=CollectiveFactory(proposed=True))
    client.force_login(membership.user)
    assert client.get(membership.collective.get_absolute_url()).status_code == 200
    membership.left_at = membership.joined_at
    membership.save()
    assert client.get(membership.collective.get_absolute_url()).status_code == 404


def test_merged_collective_leads_its_people_to_the_page_that_stayed(client):
    stayed, gone = CollectiveFactory(published=True), CollectiveFactory(state=ReviewState.REFUSED)
    type(gone).objects.filter(pk=gone.pk).update(merged_into=stayed)
    assert client.get(gone.get_absolute_url()).status_code == 404
    client.force_login(MembershipFactory(collective=gone).user)
    assert client.get(gone.get_absolute_url())["Location"] == stayed.get_absolute_url()


def test_profile_asks_little_of_the_database(client, people):
    collective = CollectiveFactory(published=True)
    MembershipFactory(collective=collective, user=people["representative"])
    client.get(collective.get_absolute_url())
    for role, most in (("anonymous", 2), ("representative", 5)):
        if role != "anonymous":
            client.force_login(people[role])
        with CaptureQueriesContext(connection) as queries:
            client.get(collective.get_absolute_url())
        assert len(queries) <= most


def test_data_for_search_engines(client):
    collective = CollectiveFactory(published=True)
    organization, crumbs = data(client.get(collective.get_absolute_url()))
    assert organization["@type"] == "Organization"
    assert organization["name"] == collective.name
    assert organization["url"].endswith(collective.get_absolute_url())
    assert organization["foundingDate"] == "2014"
    assert organization["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Zwolle",
        "addressCountry": "NL",
    }
    assert organization["location"]["geo"]["latitude"] == 52.5125
    assert [item["name"] for item in crumbs["itemListElement"]] == ["Collectieven", collective.name]
    assert "email" not in json.dumps(organization)


def test_without_a_pin_no_coordinates_leave(client):
    collective = CollectiveFactory(published=True, pin=None)
    response = client.get(collective.get_absolute_url())
    assert "location" not in data(response)[0]
    assert "52.5" not in response.content.decode()


def test_open_graph(client):
    collective = CollectiveFactory(published=True)
    body = client.get(collective.get_absolute_url()).content.decode()
    for name in ("og:title", "og:description", "og:url", "og:type", "og:image"):
        assert body.count(f'property="{name}"') == 1, name


VECTORS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><a data-hx-get="/x">',
    "javascript:alert(1)",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]


@pytest.mark.parametrize("vector", VECTORS)
def test_what_was_typed_is_text_everywhere(client, vector):
    collective = CollectiveFactory(
        published=True,
        name=vector,
        profile__description=vector,
        profile__offer_details=vector,
        profile__website=vector,
        profile__place_name=vector,
        profile__sectors=["other"],
        profile__legal_form="other",
        profile__other_texts={"sectors": vector, "legal_form": vector},
    )
    response = client.get(collective.get_absolute_url())
    body = response.content.decode()
    assert data(response)[0]["name"] == vector
    assert "<img src" not in body
    assert "<svg/onload" not in body
    assert "<script>alert" not in body
    assert 'href="javascript:' not in body
    assert '"><a data-hx-get' not in body


def test_long_and_empty_fields_still_make_a_page(client):
    collective = CollectiveFactory(
        published=True,
        name="Z" * 120,
        profile__description="",
        profile__sectors=[],
        profile__main_sector="",
        profile__region="",
        profile__founding_year=None,
        profile__legal_form="",
        profile__geo_scale="",
        profile__target_groups=[],
        profile__impact_areas=[],
        profile__offer_types=["none_now"],
        profile__offer_details="",
        profile__website="",
        pin=None,
    )
    assert client.get(collective.get_absolute_url()).status_code == 200
