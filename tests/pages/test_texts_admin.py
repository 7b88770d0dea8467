"""The team's texts in the admin: changed in both languages, looked at before they are saved, put back from the history."""

import re
from html import unescape

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.utils.html import strip_tags

from collectievekracht.common.models import AuditEvent
from collectievekracht.pages import choices, starter
from collectievekracht.pages.models import FaqEntry, Page
from tests.factories.members import UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in

pytestmark = pytest.mark.django_db
PAGES, QUESTIONS = "/beheer/pages/page/", "/beheer/pages/faqentry/"
FORM = {
    "title_nl": "Onze plannen",
    "title_en": "Our plans",
    "summary_nl": "Wat we gaan doen.",
    "summary_en": "What we will do.",
    "body_nl": "Een alinea.\n\nNog een alinea\nmet een nieuwe regel.",
    "body_en": "A paragraph.\n\nAnother one.",
}
QUESTION = {
    "group": "data",
    "position": "10",
    "is_shown": "on",
    "question_nl": "Is dit een vraag?",
    "question_en": "Is this a question?",
    "answer_nl": "Ja.",
    "answer_en": "Yes.",
}


@pytest.fixture(autouse=True)
def _no_kept_pages():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def boss(client):
    return enter_admin(client)


@pytest.fixture
def page(boss, client):
    client.post(f"{PAGES}add/", FORM | {"code": "plannen"})
    return Page.objects.get(code="plannen")


def words(response):
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def counts():
    return Page.objects.count(), FaqEntry.objects.count(), Page.history.count(), FaqEntry.history.count()


# --- saving


def test_typed_text_keeps_its_paragraphs(page):
    assert page.body_nl == "<p>Een alinea.</p><p>Nog een alinea<br>met een nieuwe regel.</p>"
    assert page.body_en == "<p>A paragraph.</p><p>Another one.</p>"


def test_a_saved_text_is_seen_at_once_and_linked_to(client, page, django_capture_on_commit_callbacks):
    visitor = client.__class__()
    assert "Onze plannen" in words(visitor.get("/over/plannen/"))
    form = client.get(f"{PAGES}{page.pk}/change/").content.decode()
    assert "/beheer/r/" in form
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{PAGES}{page.pk}/change/", FORM | {"title_nl": "Nieuwe plannen"})
    assert done.status_code == 302
    assert "Nieuwe plannen" in words(visitor.get("/over/plannen/"))


def test_a_deleted_page_is_gone_at_once(client, page, django_capture_on_commit_callbacks):
    visitor = client.__class__()
    assert visitor.get("/over/plannen/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGES}{page.pk}/delete/", {"post": "yes"})
    assert visitor.get("/over/plannen/").status_code == 404


def test_who_changed_a_text_is_written_down(client, boss, page):
    client.post(f"{PAGES}{page.pk}/change/", FORM | {"title_nl": "Andere plannen"})
    client.post(f"{PAGES}{page.pk}/delete/", {"post": "yes"})
    client.post(f"{QUESTIONS}add/", QUESTION | {"code": "vraag"})
    events = AuditEvent.objects.filter(actor=boss.pk).order_by("pk").values_list("action", "target")
    made = FaqEntry.objects.get(code="vraag").pk
    assert list(events) == [
        ("page.made", page.pk), ("page.changed", page.pk), ("page.removed", page.pk), ("faqentry.made", made),
    ]  # fmt: skip


def test_the_pages_of_the_platform_itself_stay(client, boss):
    call_command("load_texts")
    for page in Page.objects.all():
        assert client.post(f"{PAGES}{page.pk}/delete/", {"post": "yes"}).status_code == 403
    assert set(Page.objects.values_list("code", flat=True)) == {*choices.FIXED_PAGES, "team", "financiering"}


def test_a_code_stays_as_it_is(client, page):
    client.post(f"{PAGES}{page.pk}/change/", FORM | {"code": "anders"})
    page.refresh_from_db()
    assert page.code == "plannen"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Plannen", "kleine letters"),
        ("a_b", "kleine letters"),
        ("-a", "kleine letters"),
        ("agenda", "adres van het platform"),
        ("feed", "adres van het platform"),
        ("", "Vul in: ‘"),
        ("a b", ""),
        ("plannen", ""),
        ("x" * 41, ""),
    ],
)
def test_a_code_that_can_not_be_is_refused_with_the_reason(client, page, code, said):
    response = client.post(f"{PAGES}add/", FORM | {"code": code})
    assert response.status_code == 200
    assert said in words(response)
    assert 'value="Onze plannen"' in response.content.decode(), "what was typed stays"
    assert Page.objects.count() == 1


NOTHING = ("", "  ")
NOTHING_RICH = (*NOTHING, "<p></p>", "<p> <br></p>")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, value) for field in ("title_nl", "title_en") for value in NOTHING),
        *((field, value) for field in ("body_nl", "body_en") for value in NOTHING_RICH),
    ],
)
def test_a_missing_language_is_asked_for_by_name(client, page, field, value):
    response = client.post(f"{PAGES}{page.pk}/change/", FORM | {field: value})
    assert response.status_code == 200
    label = str(Page._meta.get_field(field).verbose_name)
    assert f"Vul in: ‘{label.capitalize()}’." in words(response)
    page.refresh_from_db()
    assert page.title_nl == "Onze plannen"


BREAKING = ("a\u202eb", "a\x07b")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, value) for field in ("title_nl", "summary_en") for value in (*BREAKING, "een\u2028twee")),
        *(("body_nl", value) for value in BREAKING),
    ],
)
def test_a_character_that_breaks_things_is_refused(client, page, field, value):
    assert client.post(f"{PAGES}{page.pk}/change/", FORM | {field: value}).status_code == 200
    page.refresh_from_db()
    assert page.title_nl == "Onze plannen"


def test_two_admins_do_not_overwrite_each_other_unseen(client, page):
    form = client.get(f"{PAGES}{page.pk}/change/").content.decode()
    began = unescape(re.search(r'name="began_with" value="([^"]+)"', form)[1])
    mine = FORM | {"began_with": began, "title_nl": "Van mij"}
    assert client.post(f"{PAGES}{page.pk}/change/", mine).status_code == 302
    late = client.post(f"{PAGES}{page.pk}/change/", mine | {"title_nl": "Te laat"})
    assert "Iemand heeft deze tekst gewijzigd" in words(late)
    page.refresh_from_db()
    assert page.title_nl == "Van mij"


# --- the preview


@pytest.mark.parametrize(("language", "said"), [("nl", "Onze plannen"), ("en", "Our plans")])
def test_a_preview_shows_the_page_and_saves_nothing(client, boss, language, said):
    before = counts()
    response = client.post(f"{PAGES}voorbeeld/{language}/", FORM | {"code": "plannen"})
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert f'<h1 class="page-title">{said}</h1>' in html
    assert {"nl": "Voorbeeld", "en": "Preview"}[language] in words(response)
    assert "no-store" in response["Cache-Control"]
    assert counts() == before


def test_a_preview_of_a_page_that_stands_shows_what_is_typed_now(client, page):
    before = counts()
    response = client.post(f"{PAGES}{page.pk}/voorbeeld/nl/", FORM | {"title_nl": "Nog niet bewaard"})
    assert '<h1 class="page-title">Nog niet bewaard</h1>' in response.content.decode()
    page.refresh_from_db()
    assert (page.title_nl, counts()) == ("Onze plannen", before)
    assert "Nog niet bewaard" not in words(client.__class__().get("/over/plannen/"))


def test_a_preview_of_a_question_shows_it_on_its_page(client, boss):
    before = counts()
    response = client.post(f"{QUESTIONS}voorbeeld/en/", QUESTION | {"code": "vraag"})
    assert '<h3 id="vraag">Is this a question?</h3>' in response.content.decode()
    assert counts() == before


def test_a_preview_of_something_wrong_says_what_is_wrong(client, page):
    response = client.post(f"{PAGES}{page.pk}/voorbeeld/nl/", FORM | {"body_en": "", "title_nl": ""})
    assert response.status_code == 422
    assert "Vul in: ‘Engelse tekst’." in words(response)
    assert "Vul in: ‘Nederlandse titel’." in words(response)


@pytest.mark.parametrize(
    "path", ["voorbeeld/de/", "999999/voorbeeld/nl/", "99999999999999999999/voorbeeld/nl/"]
)
def test_a_preview_of_nothing_is_not_found(client, boss, path):
    assert client.post(PAGES + path, FORM).status_code == 404


def test_only_an_admin_with_a_second_factor_gets_a_preview(client):
    address = f"{PAGES}voorbeeld/nl/"
    assert client.post(address, FORM).url.startswith("/account/login/")
    sign_in(client, give_factor(UserFactory()))
    assert client.post(address, FORM).status_code == 404
    sign_in(client, give_factor(UserFactory(admin=True)), second_factor=False)
    assert client.post(address, FORM).status_code == 302
    enter_admin(client)
    assert client.get(address).status_code == 405


# --- the history


def test_an_older_text_can_be_put_back(client, page):
    client.post(f"{PAGES}{page.pk}/change/", FORM | {"title_nl": "Later"})
    first = page.history.earliest("history_date")
    history = client.get(f"{PAGES}{page.pk}/history/")
    assert f'/history/{first.pk}/"' in history.content.decode()
    assert "Later" in words(history)
    assert "style=" not in history.content.decode()
    address = f"{PAGES}{page.pk}/history/{first.pk}/"
    form = client.get(address).content.decode()
    assert 'value="Onze plannen"' in form
    assert "/voorbeeld/nl/" in form
    began = unescape(re.search(r'name="began_with" value="([^"]+)"', form)[1])
    assert client.post(address, FORM | {"began_with": began}).status_code == 302
    page.refresh_from_db()
    assert page.title_nl == "Onze plannen"
    assert page.history.count() == 3
    assert page.history.latest("history_id").history_user is not None


@pytest.mark.parametrize("path", ["null/history/", "0/history/", "1e3/history/", "0/history/1/"])
def test_a_history_of_nothing_is_not_found(client, boss, path):
    assert client.get(PAGES + path).status_code == 404


def test_what_the_platform_wrote_is_named_so_in_the_history(client, boss):
    call_command("load_texts")
    page = Page.objects.get(code="over")
    assert "Het platform zelf" in words(client.get(f"{PAGES}{page.pk}/history/"))


def test_what_the_team_saved_stays_when_texts_are_loaded_again(client, boss):
    call_command("load_texts")
    page = Page.objects.get(code="over")
    client.post(f"{PAGES}{page.pk}/change/", FORM)
    call_command("load_texts")
    page.refresh_from_db()
    assert page.title_nl == "Onze plannen"


# --- questions


def test_questions_are_put_in_order_and_hidden_from_the_list(
    client, boss, django_capture_on_commit_callbacks
):
    call_command("load_texts")
    rows = list(FaqEntry.objects.order_by("group", "position", "code"))
    form = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "x"}
    for number, row in enumerate(rows):
        form |= {f"form-{number}-id": row.pk, f"form-{number}-position": 100 - number}
        if row.code != "gratis":
            form |= {f"form-{number}-is_shown": "on"}
    visitor = client.__class__()
    assert "Kost het iets?" in words(visitor.get("/veelgestelde-vragen/"))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(QUESTIONS, form).status_code == 302
    assert "Kost het iets?" not in words(visitor.get("/veelgestelde-vragen/"))
    assert FaqEntry.objects.filter(is_shown=False).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_the_same_queries_for_any_number(client, boss, count, django_assert_max_num_queries):
    for number in range(count):
        client.post(f"{PAGES}add/", FORM | {"code": f"plan-{number}"})
    with django_assert_max_num_queries(9):
        assert client.get(PAGES).status_code == 200


# --- the editor


def test_the_editor_is_a_textarea_that_names_its_scripts(client, page):
    html = client.get(f"{PAGES}{page.pk}/change/").content.decode()
    areas = re.findall(r"<textarea[^>]*data-editor=[^>]*>", html)
    assert len(areas) == 2
    assert all('data-editor="/static/django_prose_editor/editor.js"' in area for area in areas)
    assert re.search(r'<script src="/static/js/editor.js"[^>]* defer', html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "style=" not in html


def test_every_text_of_the_platform_passes_the_form(client, boss):
    call_command("load_texts")
    for page in Page.objects.all():
        fields = starter.pages()[page.code]
        assert client.post(f"{PAGES}{page.pk}/change/", fields).status_code == 302, page.code
    for entry in FaqEntry.objects.all():
        fields = {**starter.questions()[entry.code], "is_shown": "on"}
        assert client.post(f"{QUESTIONS}{entry.pk}/change/", fields).status_code == 302, entry.code
