"""Help in the admin: a line for every list and form, and a handbook from one source."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from collectievekracht.pages.admin_help import ABOUT
from collectievekracht.pages.handbook import SOURCE, draw, handbook
from tests.factories.members import CollectiveFactory, TermFactory, UserFactory
from tests.factories.signing_in import enter_admin, sign_in

REGISTERED = sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.fixture
def inside(client, db):
    enter_admin(client)
    with override("nl"):  # whatever language a page before was drawn in
        yield client


@pytest.mark.parametrize("label", REGISTERED)
def test_every_list_of_the_admin_says_what_it_is(inside, label):
    html = inside.get(
        reverse(f"admin:{label.replace('.', '_')}_changelist"), headers={"accept-language": "en"}
    )
    assert html.status_code == 200
    assert f'<p class="about">{escape(str(ABOUT[label].rows))}</p>' in html.content.decode()


def test_a_form_says_what_changing_does_and_a_page_to_look_at_that_one_only_looks(inside):
    collective, term = CollectiveFactory(published=True), TermFactory()
    for row in (collective, term, collective.pin, collective.published_profile):
        html = inside.get(
            reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        )
        assert escape(str(ABOUT[row._meta.label_lower].form)) in html.content.decode()
    consent = collective.consents.get()
    html = inside.get(reverse("admin:members_consent_change", args=[consent.pk])).content.decode()
    assert "Hier kijk je alleen" in html


def test_the_queue_explains_itself_and_is_kind_when_it_is_empty(inside):
    html = inside.get("/beheer/").content.decode()
    assert "Hoe dit werkt" in html
    assert "alles is gedaan" in html
    assert 'href="/beheer/hulp/"' in html
    filtered = inside.get("/beheer/?zoek=bestaat-niet").content.decode()
    assert "alles is gedaan" not in filtered


def test_the_handbook_opens_for_admins_only(client, db):
    assert client.get("/beheer/hulp/").status_code == 302
    sign_in(client, UserFactory())
    assert client.get("/beheer/hulp/").status_code == 404
    enter_admin(client)
    html = client.get("/beheer/hulp/").content.decode()
    assert html.count("<h1") == 1
    assert "<img" not in html


def test_the_handbook_has_an_anchor_for_every_part():
    book = handbook()
    assert len(book.parts) > 6
    assert re.findall(r'<h2 id="([^"]+)"', book.body) == [anchor for anchor, _words in book.parts]
    assert book.title == "Handboek voor beheerders"


def test_pictures_of_the_handbook_are_there_and_small():
    pictures = re.findall(r"\(pictures/([^)]+)\)", (settings.BASE_DIR / SOURCE).read_text(encoding="utf-8"))
    assert pictures
    for name in pictures:
        assert Path(settings.BASE_DIR, "docs", "pictures", name).stat().st_size <= 150_000


def test_what_the_handbook_calls_a_list_is_called_so_in_the_admin(inside):
    html = inside.get("/beheer/").content.decode()
    for name in ("Personen", "Toestemmingen", "Mails", "Collectieven", "Werklijst"):
        assert f">{name}</a>" in html
        assert f"*{name}*" in (settings.BASE_DIR / SOURCE).read_text(encoding="utf-8")


@given(st.text(alphabet="#<>&\"'*_|-[]()! abc\n", max_size=80))
def test_nothing_written_in_the_handbook_becomes_a_script(text):
    body = draw(text).body
    assert "<script" not in body
    assert "<img" not in body
    assert "javascript:" not in draw(f"[x](javascript:alert(1)) {text}").body.replace(
        "[x](javascript:alert(1))", ""
    )


def test_fields_that_matter_say_what_a_change_does(inside):
    collective = CollectiveFactory(published=True)
    html = inside.get(reverse("admin:members_collective_change", args=[collective.pk])).content.decode()
    assert "mag voor het collectief handelen" in html
    html = inside.get(reverse("admin:members_user_change", args=[UserFactory().pk])).content.decode()
    assert "deze persoon kan niet inloggen" in html
    assert inside.get(reverse("admin:members_user_add")).status_code == 200
