"""Anything at all as input: a clear answer, never a 500, nothing shown that wasn't saved, nothing run."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfscan.models import Response
from tests.factories.selfscan import ResponseFactory
from tests.selfscan.forms import fill, forms_of, live_parts, post, scan_form

FORM = "application/x-www-form-urlencoded"
TEXTS = [
    "\x00",
    "<script>alert(1)</script>",
    "x" * 100_000,
    "a\x00b",
    "\ud800",
    "\u202eomgekeerd",
    "\u200b",
    "e\u0301",
    "👩‍👩‍👧‍👦" * 30,
    '"><img src=x onerror=alert(1)>',
    "' data-hx-get='/x",
    "{{7*7}}",
    "{% debug %}",
    "%s%n%(x)s",
    "a\r\nBcc: x@y.example",
    "1e400",
    "9" * 31,
    "-0",
    "2024-02-31",
    "javascript:alert(1)",
    "dk",
    "nl",
    "../../etc/passwd",
]
PAGES = (
    "about/",
    "about/2/",
    "about/3/",
    "members/",
    "members/2/",
    "resources/2/",
    "impact_challenges/2/",
    "exchange/",
    "consent/",
)


@pytest.fixture
def scan(instrument):
    return ResponseFactory()


@pytest.fixture
def url(scan):
    return f"/zelfscan/{scan.token}/"


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_every_field_takes_every_kind_of_text_without_breaking(client, scan, url, number):
    value = TEXTS[number].encode("utf-8", "surrogatepass")
    for page in PAGES if number < 6 else ("about/", "resources/2/", "exchange/"):
        form = scan_form(client.get(url + page))
        data = dict.fromkeys(form.shown, value) | {
            name: form.data[name] for name in ("version", "seen", "shown")
        }
        for live in ({}, {"HTTP_X_SCAN": "live"}):
            body = urlencode(data, doseq=True)
            response = client.post(url + page, body, content_type=FORM, follow=not live, **live)
            assert response.status_code == 200, page
        assert not live_parts(client.get(url + page))
    for address in (url, url + "controle/", url + "bewaard/"):
        response = client.get(address)
        assert response.status_code == 200
        assert not live_parts(response)
    assert client.post(url + "controle/").status_code == 200


@pytest.mark.parametrize("text", ['<b onclick="x">vet</b>', "O'Neill & Zn <3", "{{ csrf_token }}"])
def test_what_is_typed_is_shown_as_text(client, scan, url, text):
    post(client, url + "about/", scan_form(client.get(url + "about/")), {"org_name": text})
    scan.refresh_from_db()
    assert scan.answers["org_name"] == text
    assert scan_form(client.get(url + "about/")).data["org_name"] == [text]
    assert text not in client.get(url + "controle/").content.decode() or "<" not in text


def test_what_is_shown_is_what_is_saved(client, scan, url):
    typed = {
        "org_name": "Naam",
        "postcode": "  1234ab ",
        "website": "voorbeeld.nl",
        "short_description": "kort",
    }
    post(client, url + "about/", scan_form(client.get(url + "about/")), typed)
    scan.refresh_from_db()
    shown = scan_form(client.get(url + "about/")).data
    draft = {**scan.answers, **scan.typed}
    for name in typed:
        assert shown[name] == [draft[name]], name


def test_fields_of_other_pages_and_unknown_fields_are_left_aside(client, scan, url):
    form = scan_form(client.get(url + "members/"))
    extra = {
        "org_name": "Gekaapt",
        "state": "completed",
        "collective": "1",
        "is_staff": "on",
        "token": "x",
        "answers": "{}",
    }
    post(client, url + "members/", form, {"member_count": "5"}, **extra)
    scan.refresh_from_db()
    assert scan.answers == {"member_count": 5}
    assert scan.state == "draft"
    assert scan.collective is None


def test_a_forged_list_of_shown_questions_stays_in_its_section(client, scan, url):
    form = scan_form(client.get(url + "members/"))
    data = fill(form, {"member_count": "5"}) | {
        "shown": "member_count org_name contact_email nope",
        "org_name": "Gekaapt",
    }
    assert client.post(url + "members/", data).status_code == 302
    scan.refresh_from_db()
    assert scan.answers == {"member_count": 5}


@pytest.mark.parametrize("page", ["0", "4", "99", "9" * 30])
def test_a_page_that_isnt_there_leads_to_the_overview(client, scan, url, page):
    assert client.get(f"{url}members/{page}/")["Location"] == url + "?weg"
    assert client.post(f"{url}members/{page}/", {"member_count": "5"})["Location"] == url + "?weg"
    assert Response.objects.get().answers == {}


@pytest.mark.parametrize("section", ["nope", "org_name", "a" * 5000, "ABOUT"])
def test_a_section_that_isnt_there_is_not_found(client, scan, url, section):
    assert client.get(f"{url}{section}/").status_code == 404
    assert client.post(f"{url}{section}/", {"member_count": "5"}).status_code == 404


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "1.5", "٣"])
def test_a_forged_version_overwrites_nothing(client, scan, url, version):
    post(client, url + "members/", scan_form(client.get(url + "members/")), {"member_count": "5"})
    form = scan_form(client.get(url + "members/"))
    data = fill(form, {"member_count": "9"}) | {"version": version, "seen": "x", "form_key": version}
    assert client.post(url + "members/", data).status_code == 409
    scan.refresh_from_db()
    assert scan.answers["member_count"] == 5


def test_a_post_without_the_forms_secret_changes_nothing(scan, url):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for path in ("members/", "controle/", "bewaard/"):
        assert (
            strict.post(
                url + path, {"member_count": "5", "shown": "member_count", "version": "0"}
            ).status_code
            == 403
        )
    assert strict.post("/zelfscan/").status_code == 403
    scan.refresh_from_db()
    assert (scan.version, scan.email) == (0, "")


def test_looking_changes_nothing(client, scan, url):
    before = Response.objects.values().get()
    for path in ("", *PAGES, "controle/", "klaar/", "bewaard/", "bestaat-al/", "rapport.pdf"):
        client.get(url + path)
        client.head(url + path)
    assert Response.objects.values().get() == before


names = st.sampled_from(
    [
        *("org_name", "country", "place", "place_id", "place_lat", "sectors", "sectors__other", "legal_form"),
        *("version", "seen", "shown", "later", "deciding", "keep.org_name", "terug", "founding_year"),
        "definition_check.def_goal",
    ]
)
words = st.sampled_from(
    [
        "",
        "nl",
        "be_vlg",
        "energy",
        "food",
        "other",
        "Ede",
        "Berg",
        "theirs",
        "mine",
        "org_name",
        "1",
        "0",
        "none",
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
posts = st.dictionaries(names, st.lists(words, max_size=3), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=posts, page=st.sampled_from(PAGES), live=st.booleans(), path=st.sampled_from(["", "controle/"]))
def test_any_post_gets_an_answer(client, scan, url, data, page, live, path):
    headers = {"HTTP_X_SCAN": "live"} if live else {}
    assert client.post(url + page, data, **headers).status_code in (200, 302, 409)
    for address in (url + page, url + path):
        assert client.get(address).status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "land", "terug", "fout", "nieuw", "stand", "verstuurd"]), words, max_size=4
    )
)
def test_any_query_gets_an_answer(client, scan, url, query):
    for path in (
        "/zelfscan/",
        "/zelfscan/bestaat-al/",
        "/zelfscan/plaatsen/",
        url,
        url + "about/",
        url + "controle/",
    ):
        assert client.get(path, query).status_code in (200, 400)


@pytest.mark.parametrize(
    "address", ["", "geen adres", "a\x00@b.nl", "x" * 300 + "@b.nl", "a@b.nl\r\nBcc: c@d.nl", "\ud800@b.nl"]
)
def test_a_wrong_address_is_refused_in_words(client, scan, url, address):
    data = urlencode({"email": address.encode("utf-8", "surrogatepass")})
    for path in ("/zelfscan/hervatten/", url + "bewaard/"):
        response = client.post(path, data, content_type=FORM)
        assert response.status_code == 200
        assert b"error-summary" in response.content
        assert forms_of(response)


def test_before_any_questionnaire_is_loaded_the_start_page_says_so(client, db):
    for path in ("/zelfscan/", "/zelfscan/vragenlijst.pdf"):
        assert client.get(path).status_code == 503
    assert client.post("/zelfscan/").status_code == 503
