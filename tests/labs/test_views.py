"""The labs' pages: readable by all, drawn from the rows, honest about what is not there yet."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from collectievekracht.common.models import AuditEvent
from labs.models import Lab
from tests.factories.members import UserFactory
from tests.factories.signing_in import give_factor, sign_in

pytestmark = pytest.mark.django_db
CODES = ["science", "finance", "government", "network", "supporters"]


@pytest.fixture(autouse=True)
def _first_labs(db):
    """The labs as a new platform has them, also where another test emptied the tables; and no kept pages."""
    Lab.objects.all().delete()
    import_module("labs.migrations.0002_first_labs").add_labs(apps, None)
    import_module("labs.migrations.0004_first_lab_texts").fill_texts(apps, None)
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_five_labs_stand_at_their_addresses_in_both_languages(client, prefix):
    html = client.get(f"{prefix}/labs/").content.decode()
    assert [code for code in CODES if f'href="{prefix}/labs/{code}/"' in html] == CODES
    for code in CODES:
        response = client.get(f"{prefix}/labs/{code}/")
        lab = Lab.objects.get(code=code)
        assert (response.status_code, response.cookies.keys()) == (200, {}.keys())
        assert (lab.purpose_en if prefix else lab.purpose_nl) in response.content.decode()


@pytest.mark.parametrize("code", CODES)
def test_every_first_lab_has_all_its_texts(code):
    lab = Lab.objects.get(code=code)
    texts = [
        getattr(lab, f"{part}_{language}") for part in ("meets", "gives", "asks") for language in ("nl", "en")
    ]
    assert all(texts)
    assert len(set(texts)) == 6


def test_only_the_labs_about_the_netherlands_say_so_to_visitors_from_flanders(client):
    told = [
        code for code in CODES if "Are you from Flanders?" in client.get(f"/en/labs/{code}/").content.decode()
    ]
    assert told == ["finance", "government"]
    assert [lab.code for lab in Lab.objects.published() if not lab.is_for_flanders] == told


def test_a_lab_without_texts_leaves_their_headings_out(client):
    Lab.objects.create(code="new", nl="Nieuwlab", en="New Lab", purpose_nl="Iets nieuws.", countries=["nl"])
    html = client.get("/labs/new/").content.decode()
    assert html.count("<h1") == 1
    assert "Nieuwlab" in html
    assert '<div class="prose">' not in html
    assert "Nieuwlab" in client.get("/labs/").content.decode()


def test_no_labs_is_no_empty_page(client):
    Lab.objects.all().delete()
    html = client.get("/labs/").content.decode()
    assert '<div class="empty">' in html


def test_a_lab_that_there_is_not_is_404(client):
    assert client.get("/labs/geheim/").status_code == 404


def test_the_pages_are_drawn_once_for_visitors(client, django_assert_num_queries):
    first = client.get("/labs/").content
    one = client.get("/labs/science/").content
    with django_assert_num_queries(0):
        assert client.get("/labs/").content == first
        assert client.get("/labs/science/").content == one


def test_what_the_team_saves_is_shown_at_once(client, django_capture_on_commit_callbacks):
    lab = Lab.objects.get(code="science")
    visitor = Client()
    before = visitor.get("/labs/science/").content.decode()
    sign_in(client, give_factor(UserFactory(admin=True)))
    changed = {"nl": "Kennislab", "en": "Knowledge Lab", "purpose_nl": "Nieuw doel", "purpose_en": "New purpose",
               "countries": ["nl"], "position": "0", "meets_nl": "<p>Wie er komt.</p>"}  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/beheer/labs/lab/{lab.pk}/change/", changed).status_code == 302
    assert AuditEvent.objects.filter(action="lab.changed", target=lab.pk).count() == 1
    after = visitor.get("/labs/science/").content.decode()
    assert ("Kennislab" in before, "Kennislab" in after, "<p>Wie er komt.</p>" in after) == (
        False,
        True,
        True,
    )
    assert "Kennislab" in visitor.get("/labs/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    Lab.objects.all().delete()
    for number in range(count):
        Lab.objects.create(code=f"lab-{number}", nl=f"Lab {number}", en=f"Lab {number}")
    with django_assert_num_queries(1):
        html = client.get("/labs/").content.decode()
    assert html.count('class="card card--link lab"') == count


def test_texts_are_cleaned_when_they_are_saved(client):
    lab = Lab.objects.get(code="science")
    lab.meets_nl = '<p onclick="x()">Hallo</p><script>alert(1)</script>'
    lab.save()
    lab.refresh_from_db()
    assert lab.meets_nl == "<p>Hallo</p>"


def test_the_sitemap_names_every_lab(client):
    text = client.get("/sitemap-labs.xml").content.decode()
    assert [code for code in CODES if f"{reverse('labs:lab', args=[code])}</loc>" in text] == CODES


def test_applying_leads_to_the_team(client):
    html = client.get("/labs/science/").content.decode()
    assert f'href="{reverse("pages:contact")}"' in html
