"""Data for search engines: its shape by equality, and that nothing typed gets out of its element."""

import json
import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from collectievekracht.common import social_cards, structured_data
from tests.common.test_ui import draw

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://kracht.example"


def read(html):
    """What a reader of the page would parse, once."""
    return json.loads(SCRIPT.fullmatch(html)[1])


@given(st.text())
def test_anything_typed_stays_inside_the_element(text):
    html = structured_data.script({"@type": "Thing", "name": text})
    assert read(html) == {"@context": "https://schema.org", "@type": "Thing", "name": text}
    inside = SCRIPT.fullmatch(html)[1]
    assert not set("<>&\u2028\u2029") & set(inside)


def test_breadcrumb_is_numbered_and_its_last_step_has_no_address():
    links = [("Start", "/"), ("Collectieven", "/collectieven/")]
    assert structured_data.breadcrumb_list(links, "Zonnig <Dorp>") == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Start", "item": "https://kracht.example/"},
            {
                "@type": "ListItem",
                "position": 2,
                "name": "Collectieven",
                "item": "https://kracht.example/collectieven/",
            },
            {"@type": "ListItem", "position": 3, "name": "Zonnig <Dorp>"},
        ],
    }
    assert structured_data.breadcrumb_list([]) == {}


def test_the_breadcrumb_component_writes_its_own_data():
    html = draw("{% breadcrumb 'Start' '/' 'Zonnig <Dorp>' %}")
    found = json.loads(re.search(SCRIPT, html)[1])
    assert [item["name"] for item in found["itemListElement"]] == ["Start", "Zonnig <Dorp>"]
    assert html.count("<script") == 1


def test_questions_become_plain_words():
    entries = [("Wat kost het?", "<p>Niets.</p><ul><li>Nu &amp; later</li><li>Nooit</li></ul>")]
    assert structured_data.faq_page(entries) == {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": "Wat kost het?",
                "acceptedAnswer": {"@type": "Answer", "text": "Niets. Nu & later Nooit"},
            }
        ],
    }
    assert structured_data.faq_page([]) == {}


def test_home_names_the_platform_and_its_site_without_a_search():
    with override("en"):
        platform, site = structured_data.home()["@graph"]
    assert platform == {
        "@type": "Organization",
        "@id": "https://kracht.example/#platform",
        "name": "CollectieveKracht",
        "url": "https://kracht.example/",
        "logo": {
            "@type": "ImageObject",
            "url": "https://kracht.example/static/build/icons/icon-512.png",
            "width": 512,
            "height": 512,
        },
        "description": "The knowledge platform of and for citizen collectives",
    }
    assert site == {
        "@type": "WebSite",
        "@id": "https://kracht.example/#site",
        "name": "CollectieveKracht",
        "url": "https://kracht.example/en/",
        "inLanguage": "en",
        "publisher": {"@id": "https://kracht.example/#platform"},
    }


def test_a_lab_is_a_part_of_the_platform():
    assert structured_data.lab("Sciencelab", "<p>Denkt mee.</p>", "/labs/science/") == {
        "@type": "Organization",
        "@id": "https://kracht.example/labs/science/#lab",
        "name": "Sciencelab",
        "description": "Denkt mee.",
        "url": "https://kracht.example/labs/science/",
        "parentOrganization": {
            "@id": "https://kracht.example/#platform",
            "@type": "Organization",
            "name": "CollectieveKracht",
        },
    }


def test_nothing_is_written_for_nothing():
    assert draw("{% structured thing %}", thing={}) == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pages:home", "general"),
        ("pages:faq", "text"),
        ("members:profile", "collective"),
        ("members:directory", "map"),
        ("members:map", "map"),
        ("selfscan:start", "scan"),
        ("labs:lab", "lab"),
        ("newsletter:subscribe", "general"),
        ("", "general"),
    ],
)
def test_each_kind_of_page_has_its_card(name, kind):
    assert social_cards.kind_of(name) == kind


def test_description_is_cut_at_a_word_and_the_title_is_said_as_it_is():
    long = "woord " * 40
    html = draw(
        "{% page_title %}{{ title }}{% endpage_title %}"
        "{% page_description %}{{ long }}{% endpage_description %}{% page_card address %}",
        title='Zon & "wind"',
        long=long,
        address="https://kracht.example/x/",
    )
    said = re.search(r'<meta name="description" content="([^"]*)">', html)[1]
    assert len(said) <= 160
    assert said == "woord " * 25 + "woord…"
    assert f'<meta property="og:description" content="{said}">' in html
    assert '<meta property="og:title" content="Zon &amp; &quot;wind&quot;">' in html
