"""Home: what it says with nothing, with one, and what other apps bring."""

import re

import pytest
from django.core.cache import caches
from django.template.loader import render_to_string
from django.urls import reverse

from collectievekracht.common import registry
from tests.factories.members import CollectiveFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def shown(client, address="/en/"):
    html = client.get(address).content.decode()
    return html, " ".join(
        re.sub(
            r"<[^>]+>", " ", html.partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0]
        ).split()
    )


def test_home_without_any_collective_counts_nothing_and_invites(client):
    html, text = shown(client)
    assert "figure-row" not in html
    assert not re.search(r"\b0\b", text)
    assert "See who takes part" not in text
    assert "The first dot on this map can be yours." in text
    assert "New on the platform" not in text


def test_home_with_one_collective_says_one(client):
    CollectiveFactory(published=True)
    html, text = shown(client)
    assert "<dt>collective</dt><dd>1</dd>" in html
    assert "Map of the Netherlands and Flanders with 1 collective" in html
    assert "A dot is a collective. Open the map" in text


def test_home_has_a_way_in_for_each_kind_of_visitor(client):
    html, _text = shown(client, "/")
    ways = html.partition("home-ways")[2].partition("</ul>")[0]
    assert re.findall(r'<a href="([^"]+)"', ways) == [
        reverse("selfscan:start"),
        reverse("members:map"),
        reverse("labs:index"),
        reverse("pages:faq") + "#deel-data",
        reverse("pages:contact"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_what_other_apps_bring_stands_under_one_heading(client, monkeypatch, count):
    blocks = registry.Registry()
    context = {"title": "News", "url": "", "text": "", "level": 3}
    for number in range(count):
        blocks.add(registry.HomeBlock(str(number), "components/empty_state.html", lambda request: context))
    monkeypatch.setattr(registry, "home_blocks", blocks)
    html, text = shown(client)
    assert text.count("New on the platform") == 1
    assert html.count(render_to_string("components/empty_state.html", context)) == count
