"""The pages of text and the questions: shown to all in both languages, kept, and seen anew as soon as they change."""

import re
from html import unescape

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import override

from collectievekracht.pages import choices, starter, texts
from collectievekracht.pages.models import FaqEntry, Page
from collectievekracht.pages.reading import readable
from members.models import User

pytestmark = pytest.mark.django_db
UNDER_ABOUT = ["team", "financiering"]


@pytest.fixture(autouse=True)
def _no_kept_pages():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def make_page(code="plannen", **fields):
    return Page.objects.create(
        code=code,
        **{
            "title_nl": "Plannen",
            "title_en": "Plans",
            "body_nl": "<p>Dit gaan we doen.</p>",
            "body_en": "<p>This is what we will do.</p>",
        }
        | fields,
    )


def make_question(code, position=10, **fields):
    return FaqEntry.objects.create(
        code=code,
        group="data",
        position=position,
        **{
            "question_nl": f"Vraag {code}?",
            "question_en": f"Question {code}?",
            "answer_nl": "Antwoord.",
            "answer_en": "Answer.",
        }
        | fields,
    )


def words(response):
    return " ".join(unescape(strip_tags(response.content.decode())).split())


# --- what is shown


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("code", sorted(starter.pages()))
def test_every_page_to_begin_with_opens_without_and_with_its_row(client, code, language):
    fields = starter.pages()[code]
    with override(language):
        address = Page(code=code).get_absolute_url()
    for _loaded in range(2):
        response = client.get(address)
        assert response.status_code == 200
        assert fields[f"title_{language}"] in words(response)
        assert fields[f"summary_{language}"] in words(response)
        caches["pages"].clear()
        call_command("load_texts")


def test_every_question_stands_on_its_page_in_order(client):
    call_command("load_texts")
    for prefix, language in (("", "nl"), ("/en", "en")):
        html = client.get(f"{prefix}/veelgestelde-vragen/").content.decode()
        shown = re.findall(r'<h3 id="([\w-]+)">', html)
        groups = list(choices.FaqGroup)
        expected = sorted(
            starter.questions(),
            key=lambda code: (
                groups.index(starter.questions()[code]["group"]),
                starter.questions()[code]["position"],
            ),
        )
        assert shown == expected
        assert [unescape(one) for one in re.findall(r'<h3 id="[\w-]+">(.*?)</h3>', html)] == [
            starter.questions()[code][f"question_{language}"] for code in expected
        ]
        assert re.findall(r'<li><a href="#([\w-]+)">', html) == expected


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_questions_takes_the_same_queries_for_any_number(
    client, count, django_assert_num_queries
):
    for number in range(count):
        make_question(f"vraag-{number}", position=10 - number)
    make_question("verborgen", is_shown=False)
    with django_assert_num_queries(3):
        html = client.get("/veelgestelde-vragen/").content.decode()
    assert re.findall(r'<h3 id="([\w-]+)">', html) == [f"vraag-{number}" for number in reversed(range(count))]
    assert "verborgen" not in html


def test_a_hidden_question_is_not_replaced_by_the_ones_to_begin_with(client):
    make_question("verborgen", is_shown=False)
    assert "<h3" not in client.get("/veelgestelde-vragen/").content.decode()


def test_a_page_of_the_team_stands_under_about(client):
    page = make_page()
    assert page.get_absolute_url() == "/over/plannen/"
    assert "Dit gaan we doen." in words(client.get("/over/plannen/"))
    assert "This is what we will do." in words(client.get("/en/over/plannen/"))


@pytest.mark.parametrize("code", ["bestaat-niet", "OVER", "agenda"])
def test_a_page_that_is_not_there_is_not_found(client, code):
    assert client.get(f"/over/{code}/").status_code == 404


@pytest.mark.parametrize("code", sorted(choices.FIXED_PAGES))
def test_a_page_with_an_address_of_its_own_is_shown_there_only(client, code):
    response = client.get(f"/over/{code}/")
    assert (response.status_code, response.url) == (301, f"/{code}/")


def test_what_a_row_holds_is_cleaned_again_when_it_is_read(client):
    page = make_page()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pages_page SET body_nl = %s WHERE id = %s",
            ["<p>x</p><script>alert(1)</script><img src=x onerror=y>", page.pk],
        )
    html = client.get("/over/plannen/").content.decode()
    assert "alert(1)" not in html
    assert "onerror" not in html


# --- kept for visitors, and seen anew


@pytest.mark.parametrize("address", ["/over/", "/privacy/", "/over/team/", "/en/veelgestelde-vragen/"])
def test_a_page_is_drawn_once_for_visitors(client, address, django_assert_num_queries):
    first = client.get(address)
    with django_assert_num_queries(0):
        again = client.get(address)
    assert again.content == first.content


def test_a_change_is_seen_at_once(client, django_capture_on_commit_callbacks):
    page = make_page("over")
    assert "Plannen" in words(client.get("/over/"))
    page.title_nl = "Nieuwe plannen"
    with django_capture_on_commit_callbacks(execute=True):
        page.save()
        texts.was_changed()
    assert "Nieuwe plannen" in words(client.get("/over/"))


def test_a_change_while_a_page_is_drawn_is_not_kept_away(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    page = make_page("over")
    real = texts.read

    def meanwhile(row):
        reading = real(row)
        if page.title_nl == "Plannen":
            page.title_nl = "Later"
            with django_capture_on_commit_callbacks(execute=True):
                page.save()
                texts.was_changed()
        return reading

    monkeypatch.setattr(texts, "read", meanwhile)
    assert "Plannen" in words(client.get("/over/"))
    assert "Later" in words(client.get("/over/"))


def test_the_sitemap_names_the_pages_with_the_day_of_their_last_change(client):
    call_command("load_texts")
    page = make_page()
    day = f"{page.changed_at:%Y-%m-%d}"
    section = client.get("/sitemap-texts.xml").content.decode()
    for path in ("/over/plannen/", "/over/team/", "/privacy/", "/veelgestelde-vragen/", "/en/over/plannen/"):
        assert re.search(rf"<loc>[^<]*{path}</loc><lastmod>{day}</lastmod>", section), path
    assert section.count("/over/</loc>") == 2  # Dutch and English
    with CaptureQueriesContext(
        connection,
    ) as asked:
        caches["pages"].clear()
        client.get("/sitemap-texts.xml")
    assert len(asked) <= 4


# --- what the platform starts with


def test_loading_again_changes_nothing():
    call_command("load_texts")
    before = list(Page.objects.values()), list(FaqEntry.objects.values())
    assert texts.load_starter() == {"made": 0, "renewed": 0, "left": len(before[0]) + len(before[1])}
    assert (list(Page.objects.values()), list(FaqEntry.objects.values())) == before


def test_loading_leaves_what_the_team_changed_and_what_it_threw_away(monkeypatch):
    call_command("load_texts")
    changed, thrown = Page.objects.get(code="over"), FaqEntry.objects.get(code="gratis")
    changed._history_user = User.objects.create_user("ada@voorbeeld.example")
    changed.body_nl = "<p>Onze eigen tekst.</p>"
    changed.save()
    thrown.delete()
    newer = {code: fields | {"title_nl": "Nieuw"} for code, fields in starter.pages().items()}
    monkeypatch.setattr(starter, "pages", lambda: newer)
    done = texts.load_starter()
    assert (done["made"], done["renewed"]) == (0, len(newer) - 1)
    assert Page.objects.get(code="over").body_nl == "<p>Onze eigen tekst.</p>"
    assert Page.objects.get(code="team").title_nl == "Nieuw"
    assert not FaqEntry.objects.filter(code="gratis").exists()


def test_loading_leaves_a_page_without_a_history(db):
    make_page("over")
    Page.history.all().delete()
    texts.load_starter()
    assert Page.objects.get(code="over").title_nl == "Plannen"


@pytest.mark.parametrize("fields", [*starter.pages().values(), *starter.questions().values()])
def test_a_text_to_begin_with_is_whole_in_both_languages(fields):
    names = {name[:-3] for name in fields if name[-3:] in ("_nl", "_en")}
    for name in names:
        assert fields[f"{name}_nl"]
        assert fields[f"{name}_en"]
        if name in ("body", "answer"):
            shapes = [re.findall(r"<(\w+)", fields[f"{name}_{language}"]) for language in ("nl", "en")]
            assert sorted(set(shapes[0])) == sorted(set(shapes[1]))
            links = [re.findall(r'href="(.*?)"', fields[f"{name}_{language}"]) for language in ("nl", "en")]
            assert [
                link.replace("/", "/en/", 1) if link.startswith("/") else link for link in links[0]
            ] == links[1]


def test_a_text_to_begin_with_fits_its_columns():
    for model, found in ((Page, starter.pages()), (FaqEntry, starter.questions())):
        for code, fields in found.items():
            model(code=code, **fields).full_clean()


def test_every_link_to_a_question_finds_it():
    codes = set(starter.questions())
    for fields in (*starter.pages().values(), *starter.questions().values()):
        for text in fields.values():
            assert set(re.findall(r"/veelgestelde-vragen/#([\w-]+)", str(text))) <= codes


# --- as it is read


def test_the_teams_address_stands_where_the_text_says_and_never_in_a_tag(settings):
    settings.TEAM_EMAIL = "team@voorbeeld.example"
    html, _parts = readable('<p>Mail [e-mail].</p><p><a href="https://x.example/[e-mail]">hier</a></p>')
    assert html.count("mailto:team@voorbeeld.example") == 1
    assert html.startswith('<p>Mail <a href="mailto:team@voorbeeld.example">team@voorbeeld.example</a>.</p>')


def test_headings_can_be_linked_to_each_under_a_name_of_its_own():
    html, parts = readable("<h2>Wat?</h2><p>a</p><h2>Wat!</h2><h2>…</h2><h2>Main</h2>")
    assert [part.code for part in parts] == ["wat", "wat-2", "deel", "main-2"]
    assert all(f'<h2 id="{part.code}">' in html for part in parts)


def test_a_link_by_the_team_carries_no_warning():
    html, _parts = readable('<p><a href="/privacy/">a</a> rel="noopener nofollow ugc"></p>')
    assert html == '<p><a href="/privacy/">a</a> rel="noopener nofollow ugc"&gt;</p>'


def test_the_addresses_of_pages_by_name():
    for code, name in choices.FIXED_PAGES.items():
        assert reverse(f"pages:{name}") == f"/{code}/"
        assert Page(code=code).get_absolute_url() == f"/{code}/"
