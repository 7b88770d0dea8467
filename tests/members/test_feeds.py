"""The feed of new collectives: what is public, in both languages, and nothing twice for who has it."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone

from members.choices import ConsentKind
from members.models import Collective
from members.services.consents import withdraw_consent
from tests.factories.members import CollectiveFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/collectieven/feed/"


def read(response):
    assert response.status_code == 200
    return ET.fromstring(response.content)


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("count", [1, 3])
def test_feed_names_what_is_public_in_one_query(client, count, django_assert_num_queries):
    shown = CollectiveFactory.create_batch(count, published=True)
    CollectiveFactory(proposed=True, name="Nog niet zichtbaar")
    with django_assert_num_queries(1):
        response = client.get(PATH)
    assert sorted(titles(read(response))) == sorted(collective.name for collective in shown)
    assert not response.cookies
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_feed_shows_exactly_the_public_fields(client, settings):
    settings.SITE_URL = "https://kracht.example"
    collective = CollectiveFactory(published=True)
    response = client.get(PATH)
    entry = next(read(response).iter(f"{ATOM}entry"))
    address = f"https://kracht.example{collective.get_absolute_url()}"
    found = {part.tag.removeprefix(ATOM): part.text or dict(part.attrib) for part in entry}
    since = collective.entry.since.strftime("%Y-%m-%dT%H:%M:%S")
    assert {name: value for name, value in found.items() if name not in ("published", "updated")} == {
        "title": collective.name,
        "link": {"href": address, "rel": "alternate"},
        "id": address,
        "summary": f"Zwolle, Overijssel. {collective.published_profile.summary}",
        "category": {"term": "energy (nl)"},
    }
    assert found["published"].startswith(since[:10])
    assert collective.contact_email not in response.content.decode()
    assert "127.0.0.1" not in response.content.decode()
    assert "testserver" not in response.content.decode()


def test_feed_in_english(client, settings):
    settings.SITE_URL = "https://kracht.example"
    collective = CollectiveFactory(published=True)
    feed = read(client.get(f"/en{PATH}"))
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    assert feed.find(f"{ATOM}entry/{ATOM}category").attrib == {"term": "energy (en)"}
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == (
        f"https://kracht.example/en/collectieven/{collective.slug}/"
    )
    assert {link.attrib["href"] for link in feed.findall(f"{ATOM}link")} == {
        "https://kracht.example/en/collectieven/",
        "https://kracht.example/en/collectieven/feed/",
    }


def test_feed_has_the_newest_thirty_first(client):
    made = CollectiveFactory.create_batch(32, published=True)
    now = timezone.now()
    for days, collective in enumerate(made):
        Collective.objects.filter(pk=collective.pk).update(onboarded_at=now - timedelta(days=days))
    assert titles(read(client.get(PATH))) == [collective.name for collective in made[:30]]


def test_feed_of_nothing_is_a_feed(client):
    assert titles(read(client.get(PATH))) == []


def test_who_has_the_feed_gets_it_again_only_when_it_changed(client):
    gone, _stays = CollectiveFactory.create_batch(2, published=True)
    first = client.get(PATH)
    assert first["Last-Modified"]
    again = client.get(PATH, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    withdraw_consent(gone, ConsentKind.PROFILE)
    changed = client.get(
        PATH, headers={"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    )
    assert (changed.status_code, gone.name in changed.content.decode()) == (200, False)
    by_date = client.get(PATH, headers={"If-Modified-Since": first["Last-Modified"]})
    assert by_date.status_code == 200  # a withdrawn page changes no date


def test_an_empty_feed_stays_the_same_too(client):
    first = client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_what_xml_cannot_hold_does_not_break_the_feed(client):
    CollectiveFactory(
        published=True,
        name="Zon\x07 & <wind>",
        profile__place_name="Z\x0bwolle",
        profile__description="<b>Wij</b>",
    )
    feed = read(client.get(PATH))
    assert titles(feed) == ["Zon & <wind>"]
    summary = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert (summary.attrib, summary.text) == (
        {"type": "html"},
        "Zwolle, Overijssel. &lt;b&gt;Wij&lt;/b&gt;",
    )


def test_the_directory_says_that_there_is_a_feed(client):
    CollectiveFactory(published=True)
    for prefix in ("", "/en"):
        html = client.get(f"{prefix}/collectieven/").content.decode()
        assert html.count('type="application/atom+xml"') == 1
        assert html.count(f'href="{prefix}{PATH}"') == 2


def test_no_collective_gets_the_address_of_the_feed():
    from members.services.collectives import new_collective

    made = new_collective(name="Feed", country="nl", contact_email="a@b.example", language="nl")
    assert made.slug == "feed-collectief"


def test_feed_takes_no_post(client):
    assert client.post(PATH).status_code == 405
