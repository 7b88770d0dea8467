"""Being found: every public page says what it is, the sitemap names exactly these, robots stay out of the rest."""

import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from collectievekracht.common import registry, social_cards
from collectievekracht.pages.models import Page
from collectievekracht.pages.views import found
from members.choices import ReviewState
from tests.factories.members import CollectiveFactory
from tests.security.addresses import patterns

pytestmark = pytest.mark.django_db
SITE = "https://kracht.example"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
# Addresses with a part of their own that search engines may know; of all others robots stay out.
OPEN_WITH_ARGUMENTS = {"collectieven/<slug:slug>/", "labs/<slug:code>/", "over/<slug:code>/"}
FILES_WITH_ARGUMENTS = {"sitemap-<slug:code>.xml"}
STAFF = ("beheer/", "account/")


@pytest.fixture(autouse=True)
def _clean(settings):
    settings.SITE_URL = SITE
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def collective(instrument):
    """A small platform with everything that has a public page."""
    return CollectiveFactory(published=True, name='Zon & "Wind"')


class Head(HTMLParser):
    """What a page says of itself to others."""

    def __init__(self, html):
        super().__init__()
        self.metas, self.links, self.titles, self.data = [], [], [], []
        self._in, self._over = "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and (name := attrs.get("property") or attrs.get("name")):
            self.metas.append((name, attrs.get("content", "")))
        if tag == "link":
            self.links.append((attrs.get("rel"), attrs.get("hreflang"), attrs.get("href")))
        self._over |= tag == "body"  # a drawing has titles too
        if tag == "title" and not self._over:
            self.titles.append("")
        self._in = "data" if attrs.get("type") == "application/ld+json" else tag

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, data):
        if self._in == "title" and not self._over:
            self.titles[-1] += data
        if self._in == "data":
            self.data.append(json.loads(data))

    def all(self, name):
        return [content for key, content in self.metas if key == name]

    @property
    def is_indexed(self):
        return not any("noindex" in content for content in self.all("robots"))


def entries(client, path):
    """The addresses of one sitemap, with what stands beside each."""
    response = client.get(path)
    assert response.status_code == 200
    return ET.fromstring(response.content)


def sitemap_addresses(client):
    """Every address of every sitemap, in order; each sitemap named once."""
    sections = [part.text for part in entries(client, "/sitemap.xml").iterfind(".//s:loc", NS)]
    assert len(sections) == len(set(sections))
    return [
        part.text
        for section in sections
        for part in entries(client, section.removeprefix(SITE)).iterfind(".//s:loc", NS)
    ]


class Robots:
    """robots.txt as search engines read it: the longest rule that fits an address decides."""

    def __init__(self, text):
        self.rules = re.findall(r"^(Allow|Disallow): (.+)$", text, re.MULTILINE)

    def may_read(self, path):
        fitting = [
            (len(rule), kind == "Allow")
            for kind, rule in self.rules
            if re.match(re.escape(rule).replace(r"\*", ".*"), path)
        ]
        return max(fitting, default=(0, True))[1]


def robots(client):
    return Robots(client.get("/robots.txt").content.decode())


def open_routes():
    """Routes outside the admin and the account, without the language before them; with arguments, and without."""
    with override("nl"):
        routes = [route for route in patterns() if not route.startswith(STAFF)]
    return [route for route in routes if "<" in route], [route for route in routes if "<" not in route]


# --- sitemap and robots


def test_sitemap_names_exactly_the_public_pages(client, collective):
    CollectiveFactory(proposed=True)
    CollectiveFactory(published=True, state=ReviewState.REFUSED)
    named = sitemap_addresses(client)
    assert len(named) == len(set(named))
    paths = [address.removeprefix(SITE) for address in named]
    assert {path.removeprefix("/en") for path in paths if path.startswith("/en/")} == {
        path for path in paths if not path.startswith("/en/")
    }
    rules = robots(client)
    for path in paths:
        response = client.get(path)
        assert (response.status_code, Head(response.content.decode()).is_indexed) == (200, True), path
        assert rules.may_read(path), path
        assert Head(response.content.decode()).links.count(("canonical", None, SITE + path)) == 1, path

    _with, without = open_routes()
    readable = set()
    for path in ("/" + route for route in without):
        response = client.get(path)
        html = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if html and rules.may_read(path) and Head(response.content.decode()).is_indexed:
            readable.add(path)
    below = ("/en/", "/labs/", "/collectieven/", "/over/")
    fixed = {path for path in paths if not path.startswith(below)}
    assert readable == fixed | {"/labs/", "/collectieven/", "/over/"}
    assert {path for path in paths if path.startswith("/collectieven/")} == {
        "/collectieven/",
        collective.get_absolute_url(),
    }


def test_robots_stay_out_of_every_address_with_a_secret_or_a_form(client):
    rules, (with_arguments, _without) = robots(client), open_routes()
    sample = re.compile(r"<[^>]+>")
    for route in with_arguments:
        path = "/" + sample.sub("abcdefghijklmnopqrstuvwxyz", route)
        open_to_all = route in OPEN_WITH_ARGUMENTS | FILES_WITH_ARGUMENTS
        assert rules.may_read(path) is open_to_all, path
        if route not in FILES_WITH_ARGUMENTS:
            assert rules.may_read(f"/en{path}") is open_to_all, path


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/en/", True),
        ("/collectieven/", True),
        ("/collectieven/feed/", True),
        ("/zelfscan/", True),
        ("/zelfscan/vragenlijst.pdf", True),
        ("/sitemap-collectives.xml?p=2", True),
        ("/static/css/base.css", True),
        ("/collectieven/?q=zon", False),
        ("/en/kaart/?sector=energy", False),
        ("/beheer/", False),
        ("/en/mijn/", False),
        ("/account/login/", False),
        ("/kaart/embed/", False),
    ],
)
def test_robots_may_read(client, path, may):
    assert robots(client).may_read(path) is may


def test_sitemap_entry_says_both_languages_and_the_last_change(client, collective):
    day = collective.published_profile.decided_at or timezone.now()
    type(collective.published_profile).objects.update(decided_at=day)
    urls = entries(client, "/sitemap-collectives.xml").findall("s:url", NS)
    path = collective.get_absolute_url()
    both = {"nl": SITE + path, "en": f"{SITE}/en{path}", "x-default": SITE + path}
    assert [url.findtext("s:loc", namespaces=NS) for url in urls] == [both["nl"], both["en"]]
    for url in urls:
        assert {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", NS)} == both
        assert url.findtext("s:lastmod", namespaces=NS) == f"{timezone.localdate(day)}"
    index = entries(client, "/sitemap.xml").findall("s:sitemap", NS)
    last = {
        part.findtext("s:loc", namespaces=NS): part.findtext("s:lastmod", namespaces=NS) for part in index
    }
    assert last[f"{SITE}/sitemap-collectives.xml"] is not None
    assert client.get("/en/sitemap-collectives.xml").content == client.get("/sitemap-collectives.xml").content


def test_a_text_of_the_team_stands_in_the_sitemap_with_its_day(client):
    fields = {
        "title_nl": "Pers",
        "title_en": "Press",
        "body_nl": "<p>Bel ons.</p>",
        "body_en": "<p>Call us.</p>",
    }
    page = Page.objects.create(code="pers", **fields)
    urls = {
        url.findtext("s:loc", namespaces=NS): url.findtext("s:lastmod", namespaces=NS)
        for url in entries(client, "/sitemap-texts.xml").findall("s:url", NS)
    }
    assert urls[f"{SITE}/over/pers/"] == f"{timezone.localdate(page.changed_at)}"
    assert urls[f"{SITE}/en/over/pers/"] == f"{timezone.localdate(page.changed_at)}"


@pytest.mark.parametrize("count", [1, 3])
def test_a_sitemap_takes_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    CollectiveFactory.create_batch(count, published=True)
    with django_assert_num_queries(1):
        client.get("/sitemap-collectives.xml")


def test_a_large_sitemap_comes_in_parts(client, monkeypatch):
    monkeypatch.setattr(found, "SITEMAP_SIZE", 2)
    shown = CollectiveFactory.create_batch(5, published=True)
    named = [part.text for part in entries(client, "/sitemap.xml").iterfind(".//s:loc", NS)]
    assert [address for address in named if "collectives" in address] == [
        f"{SITE}/sitemap-collectives.xml",
        f"{SITE}/sitemap-collectives.xml?p=2",
        f"{SITE}/sitemap-collectives.xml?p=3",
    ]
    addresses = [address for address in sitemap_addresses(client) if "/collectieven/" in address]
    assert {address for address in addresses if "/en/" not in address} >= {
        SITE + collective.get_absolute_url() for collective in shown
    }


# --- what a page says of itself


def test_every_public_page_says_what_it_is(client, collective):
    titles, descriptions = {}, {}
    for address in sitemap_addresses(client):
        path = address.removeprefix(SITE)
        language = "en" if path.startswith("/en/") else "nl"
        dutch = path.removeprefix("/en") if language == "en" else path
        response = client.get(path)
        head = Head(response.content.decode())
        (title,) = head.titles
        assert title.endswith(" – CollectieveKracht"), path
        (description,) = head.all("description")
        assert 20 <= len(description) <= 160, (path, description)
        assert [link for link in head.links if link[0] == "canonical" or link[1]] == [
            ("canonical", None, address),
            ("alternate", "nl", SITE + dutch),
            ("alternate", "en", f"{SITE}/en{dutch}"),
            ("alternate", "x-default", SITE + dutch),
        ], path
        kind = social_cards.kind_of(response.resolver_match.view_name)
        card = {name: head.all(name) for name in dict(head.metas) if name.startswith(("og:", "twitter:"))}
        picture = f"{SITE}{settings.STATIC_URL}{social_cards.file_of(kind, language)}"
        assert card.pop("og:image:alt")[0], path
        assert card == {
            "og:site_name": ["CollectieveKracht"],
            "og:type": ["website"],
            "og:title": [title.removesuffix(" – CollectieveKracht")],
            "og:description": [description],
            "og:url": [address],
            "og:locale": [{"nl": "nl_NL", "en": "en_GB"}[language]],
            "og:locale:alternate": [{"en": "nl_NL", "nl": "en_GB"}[language]],
            "og:image": [picture],
            "og:image:type": ["image/png"],
            "og:image:width": ["1200"],
            "og:image:height": ["630"],
            "twitter:card": ["summary_large_image"],
        }, path
        assert not response.cookies or b"<form" in response.content, path
        titles.setdefault((language, title), []).append(path)
        descriptions.setdefault((language, description), []).append(path)
    assert [paths for paths in titles.values() if len(paths) > 1] == []
    assert [paths for paths in descriptions.values() if len(paths) > 1] == []


def test_a_filter_is_no_page_of_its_own(client, collective):
    for path in ("/collectieven/", "/en/collectieven/", "/kaart/"):
        head = Head(client.get(f"{path}?sector=energy&q=zon").content.decode())
        assert ("canonical", None, SITE + path) in head.links
        assert not head.is_indexed


def types_of(data):
    """The types of a page's data, a graph's in order."""
    return [part["@type"] for one in data for part in one.get("@graph", [one])]


SHAPES = {
    "Organization": {"@type", "@id", "name", "url", "description"},
    "WebSite": {"@type", "@id", "name", "url", "inLanguage", "publisher"},
    "BreadcrumbList": {"@type", "itemListElement"},
    "FAQPage": {"@type", "mainEntity"},
}


def test_data_for_search_engines_has_its_shape_on_every_page(client, collective):
    seen = {}
    for address in sitemap_addresses(client):
        path = address.removeprefix(SITE)
        response = client.get(path)
        html = response.content.decode()
        data = Head(html).data
        for one in data:
            assert one["@context"] == "https://schema.org"
            for part in one.get("@graph", [one]):
                assert part.keys() >= SHAPES[part["@type"]], path
                assert "@" not in json.dumps(part).replace('"@', ""), f"an address on {path}"
        crumbs = [one for one in data if one["@type" if "@type" in one else "@graph"] == "BreadcrumbList"]
        assert len(crumbs) == html.count('<nav class="breadcrumb"'), path
        for crumb in crumbs:
            items = crumb["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(items) + 1))
            assert all(item["item"].startswith(f"{SITE}/") for item in items[:-1])
            shown = re.search(r'<nav class="breadcrumb".*?</nav>', html, re.DOTALL)[0]
            names = re.findall(r"<li>\s*<[^>]+>(.*?)</", shown)
            assert [item["name"] for item in items] == [unescape(name) for name in names]
        seen[path] = types_of(data)
    assert seen["/"] == seen["/en/"] == ["Organization", "WebSite"]
    assert seen["/veelgestelde-vragen/"] == ["FAQPage"]
    assert seen[collective.get_absolute_url()] == ["Organization", "BreadcrumbList"]
    assert seen["/labs/science/"] == ["Organization", "BreadcrumbList"]


def test_the_questions_in_the_data_are_those_on_the_page(client):
    html = client.get("/veelgestelde-vragen/").content.decode()
    (data,) = Head(html).data
    asked = [entry["name"] for entry in data["mainEntity"]]
    assert asked == [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<h3[^>]*>(.*?)</h3>", html)]
    assert len(asked) > 5
    assert all(entry["acceptedAnswer"]["text"] for entry in data["mainEntity"])


# --- errors


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_is_not_there_offers_a_search(client, prefix):
    response = client.get(f"{prefix}/bestaat-niet/")
    html = response.content.decode()
    assert response.status_code == 404
    assert f'action="{prefix}/collectieven/" method="get"' in html
    assert 'name="q"' in html
    assert f'href="{prefix}/"' in html
    assert not Head(html).is_indexed
    assert Head(html).all("og:title") == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("status", [404, 410, 500])
def test_error_pages_lead_on_and_ask_nothing_of_the_database(language, status, django_assert_num_queries):
    with override(language), django_assert_num_queries(0):
        html = render_to_string(f"{status}.html")
    assert f'<html lang="{language}"' in html
    assert ('role="search"' in html) is (status != 500)
    assert re.search(r'<a[^>]* href="/(en/)?"', html)
    assert not Head(html).is_indexed


def test_manifest_names_icons_that_exist(client):
    from django.contrib.staticfiles import finders

    manifest = json.loads(Path(finders.find("site.webmanifest")).read_text(encoding="utf-8"))
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert all(finders.find(icon["src"]) for icon in manifest["icons"])
    assert (manifest["lang"], manifest["start_url"], "serviceworker" in manifest) == ("nl", "/", False)
    html = client.get("/").content.decode()
    assert html.count('rel="manifest"') == html.count('rel="apple-touch-icon"') == 1
    assert "serviceWorker" not in html


def test_every_section_of_the_sitemap_has_a_name_of_its_own():
    assert {section.code for section in registry.sitemaps} == {
        "pages",
        "texts",
        "labs",
        "newsletter",
        "collectives",
    }
