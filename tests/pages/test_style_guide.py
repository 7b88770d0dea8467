"""The style page is for the team only, and complete."""

import re

import pytest
from django.test import Client

from collectievekracht.common.templatetags import ui_charts, ui_forms, ui_parts
from tests.factories.members import UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in

pytestmark = pytest.mark.django_db

# Drawn by a component that is shown, or seen in another place of the page.
SHOWN_WITHIN = {"status", "message_list", "field", "select_field", "text_area", "checkbox"}


@pytest.fixture
def guide():
    client = Client()
    enter_admin(client)
    return client.get("/stijlgids/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 404), ("person", 404), ("admin without a factor", 404), ("admin", 200)],
)
def test_style_guide_exists_only_for_an_admin_who_showed_a_second_factor(who, status):
    client = Client()
    if who:
        person = UserFactory(admin=who.startswith("admin"))
        sign_in(client, give_factor(person), second_factor=who == "admin")
    assert client.get("/stijlgids/").status_code == status
    assert client.get("/en/stijlgids/").status_code == status


def test_style_guide_shows_every_component(guide, settings):
    source = (settings.BASE_DIR / "templates" / "pages" / "style_guide.html").read_text()
    drawn = set(re.findall(r"{%\s*(\w+)", source))
    every = {name for part in (ui_parts, ui_forms, ui_charts) for name in part.register.tags}
    assert every - drawn - SHOWN_WITHIN == set()
    assert "style=" not in guide
    assert guide.count("<h1") == 1


def test_contents_of_the_style_guide_lead_to_its_sections(guide):
    contents = guide.partition('class="contents"')[2].partition("</nav>")[0]
    wanted = re.findall(r'href="#([\w-]+)"', contents)
    assert wanted == re.findall(r'<section class="stack" id="([\w-]+)"', guide)
    ids = re.findall(r' id="([^"]+)"', guide)
    assert len(ids) == len(set(ids))
