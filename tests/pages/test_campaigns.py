"""Campaigns: the code says what it must, arrivals are counted exactly, and nothing is kept about who came."""

import io
import re
from datetime import date, timedelta
from threading import Thread

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from resvg_py import svg_to_bytes

from collectievekracht.common import charts, outbox, storage
from collectievekracht.pages import campaigns
from collectievekracht.pages.choices import PLAIN_CODE, CampaignTarget
from collectievekracht.pages.models import Campaign, CampaignDay
from collectievekracht.pages.querysets import CampaignQuerySet
from collectievekracht.pages.services import campaigns as services
from tests.factories.members import UserFactory
from tests.factories.signing_in import give_factor, sign_in
from tests.pages.reading_codes import squares, text_of

CODES = st.from_regex(PLAIN_CODE, fullmatch=True).filter(lambda code: len(code) <= 20)
FLYER = campaigns.Flyer("https://www.collectievekracht.example", "beurs", "choice", "nl")
VISITS = {"HTTP_SEC_FETCH_DEST": "document", "HTTP_USER_AGENT": "Telefoon/1.0", "REMOTE_ADDR": "192.0.2.9"}


@pytest.fixture
def campaign(db):
    return Campaign.objects.create(code="beurs", name="Voorjaarsbeurs")


@pytest.fixture
def admin(client, db):
    return sign_in(client, give_factor(UserFactory(admin=True)))


@pytest.fixture
def own_store(tmp_path, monkeypatch, settings):
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(storage, "private_storage", storage._PrivateStorage())


def counted(campaign):
    return sum(campaign.days.values_list("arrivals", flat=True))


# --- the code


def matrix(address):
    """The squares that the code of this address is made of."""
    return [[bool(square) for square in row] for row in campaigns.qr(address).matrix]


@settings(max_examples=25, deadline=None)
@given(code=CODES, language=st.sampled_from(campaigns.LANGUAGES))
def test_the_code_holds_the_address(code, language):
    flyer = campaigns.Flyer("https://www.collectievekracht.example", code, "scan", language)
    assert text_of(matrix(flyer.address)) == flyer.address
    assert flyer.address.endswith(f"/aanmelden/{code}/")
    assert ("/en/" in flyer.address) is (language == "en")


def test_the_png_shows_the_code_at_print_resolution():
    picture = Image.open(io.BytesIO(campaigns.png(FLYER.address)))
    assert picture.width == picture.height >= campaigns.PNG_SIZE
    assert round(picture.info["dpi"][0]) == campaigns.DOTS_PER_INCH
    assert text_of(squares(picture, len(matrix(FLYER.address)))) == FLYER.address


def test_the_svg_shows_the_code_in_black_on_white_without_style():
    text = campaigns.svg(FLYER.address, FLYER.short_address)
    assert "style=" not in text
    assert "<script" not in text
    assert set(re.findall(r"#[0-9a-f]+", text)) == {"#fff", "#000"}
    picture = Image.open(io.BytesIO(bytes(svg_to_bytes(svg_string=text, width=820))))
    assert text_of(squares(picture, len(matrix(FLYER.address)))) == FLYER.address


@pytest.mark.parametrize("target", CampaignTarget.values)
@pytest.mark.parametrize("language", campaigns.LANGUAGES)
def test_there_are_words_for_every_target_in_every_language(target, language):
    heading, text = campaigns.WORDS[CampaignTarget(target)]
    with override(language):
        html = campaigns.sheet_html(campaigns.Flyer("https://a.example", "x", target, language), "poster")
        assert str(heading) in html
        assert str(text) in html


# --- arriving


@pytest.mark.parametrize(
    ("target", "path"),
    [("choice", "/aanmelden/"), ("scan", "/zelfscan/"), ("directory", "/collectieven/"), ("map", "/kaart/"), ("home", "/")],
)  # fmt: skip
def test_an_arrival_is_counted_and_led_on_without_a_trace(client, campaign, target, path):
    Campaign.objects.update(target=target)
    for prefix in ("", "/en"):
        answer = client.get(f"{prefix}/aanmelden/beurs/", **VISITS)
        assert (answer.status_code, answer.url) == (302, f"{prefix}{path}")
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
        assert not answer.cookies
    assert [(day.day, day.arrivals) for day in CampaignDay.objects.all()] == [(timezone.localdate(), 2)]
    assert Session.objects.count() == 0


def test_an_arrival_writes_its_count_and_nothing_else(client, campaign, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:
        client.get("/aanmelden/beurs/", **VISITS)
    wrote = [query["sql"] for query in asked.captured_queries if not query["sql"].startswith("SELECT")]
    assert len(wrote) == 1
    assert "pages_campaignday" in wrote[0]
    columns = {field.name for field in CampaignDay._meta.get_fields()}
    assert columns == {"id", "campaign", "day", "arrivals"}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_X_MOZ": "prefetch"},
        {"HTTP_SEC_FETCH_DEST": "image"},
        {"HTTP_SEC_FETCH_DEST": "iframe"},
        {"HTTP_SEC_FETCH_DEST": "empty"},
    ],
)
def test_what_is_fetched_ahead_or_as_a_part_is_not_counted(client, campaign, headers):
    assert client.get("/aanmelden/beurs/", **headers).status_code == 302
    assert client.head("/aanmelden/beurs/").status_code == 302
    assert counted(campaign) == 0


def test_an_old_browser_that_says_nothing_is_counted(client, campaign):
    client.get("/aanmelden/beurs/")
    client.get("/aanmelden/BEURS/")
    assert counted(campaign) == 2


def test_an_ended_campaign_leads_on_and_counts_no_more(client, campaign):
    Campaign.objects.update(target="scan", ended_at=timezone.now())
    assert client.get("/aanmelden/beurs/").url == "/zelfscan/"
    assert counted(campaign) == 0


@given(code=st.one_of(CODES, CODES.map(str.upper), st.text(max_size=40)))
def test_only_a_code_that_could_be_printed_is_looked_up(code):
    looked_up = not CampaignQuerySet(Campaign).behind(code).query.is_empty()
    assert looked_up is bool(PLAIN_CODE.fullmatch(code.strip().lower()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code", ["onbekend", "met spatie", "%F0%9F%8C%BB", "a_b", "-", "x" * 500, "..%5Cetc", "'--", "%ff"]
)
def test_an_unknown_code_leads_kindly_to_the_choice(client, code):
    answer = client.get(f"/aanmelden/{code}/")
    assert (answer.status_code, answer.url) == (302, "/aanmelden/")
    assert CampaignDay.objects.count() == 0


def test_nobody_writes_to_the_address(client, campaign):
    assert client.post("/aanmelden/beurs/").status_code == 405
    assert counted(campaign) == 0


@pytest.mark.django_db(transaction=True)
def test_arrivals_at_the_same_moment_are_all_counted():
    campaign = Campaign.objects.create(code="druk", name="Druk")
    answers = []

    def come():
        answers.extend(Client().get("/aanmelden/druk/").status_code for _ in range(15))
        connection.close()

    crowd = [Thread(target=come) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert answers == [302] * 120
    assert list(campaign.days.values_list("arrivals", flat=True)) == [120]


def test_arrivals_fall_on_the_day_of_the_platform(client, campaign):
    for moment in ("2026-06-01 21:59:00+00:00", "2026-06-01 22:01:00+00:00"):
        with time_machine.travel(moment, tick=False):
            client.get("/aanmelden/beurs/")
    days = campaign.days.order_by("day").values_list("day", "arrivals")
    assert list(days) == [(date(2026, 6, 1), 1), (date(2026, 6, 2), 1)]


# --- the admin


def overview(campaign):
    return f"/beheer/pages/campaign/{campaign.pk}/overzicht/"


def test_a_campaign_is_made_in_small_letters_and_its_sheets_are_promised(admin, client):
    answer = client.post(
        "/beheer/pages/campaign/add/", {"name": "Beurs", "code": "Lente-26", "target": "scan", "note": ""}
    )
    made = Campaign.objects.get()
    assert (made.code, answer.url) == ("lente-26", overview(made))
    assert outbox.state_of(services.TASK, made.pk, services._version(made)) == "open"


@pytest.mark.parametrize("code", ["met spatie", "a_b", "-a", "a-", "é", "a" * 21, ""])
def test_a_code_that_reads_badly_is_refused(admin, client, code):
    answer = client.post("/beheer/pages/campaign/add/", {"name": "Beurs", "code": code, "target": "scan"})
    assert answer.status_code == 200
    assert Campaign.objects.count() == 0


def test_a_code_that_is_taken_is_refused_in_any_letters(admin, client, campaign):
    answer = client.post(
        "/beheer/pages/campaign/add/", {"name": "Nog een", "code": "BEURS", "target": "scan"}
    )
    assert answer.status_code == 200
    assert Campaign.objects.count() == 1


def test_a_code_stays_when_a_campaign_is_changed(admin, client, campaign):
    address = f"/beheer/pages/campaign/{campaign.pk}/change/"
    answer = client.post(address, {"name": "Najaarsbeurs", "code": "anders", "target": "map", "note": ""})
    campaign.refresh_from_db()
    assert (answer.url, campaign.code, campaign.name) == (overview(campaign), "beurs", "Najaarsbeurs")


def test_a_campaign_is_deleted_only_when_nobody_came(admin, client, campaign):
    address = f"/beheer/pages/campaign/{campaign.pk}/delete/"
    client.get("/aanmelden/beurs/")
    assert client.post(address, {"post": "yes"}).status_code == 403
    CampaignDay.objects.all().delete()
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert Campaign.objects.count() == 0


def test_the_overview_shows_the_arrivals(admin, client, campaign, own_store):
    today = timezone.localdate()
    for back, arrivals in ((0, 3), (2, 12), (70, 1000)):
        CampaignDay.objects.create(campaign=campaign, day=today - timedelta(days=back), arrivals=arrivals)
    html = client.get(overview(campaign)).content.decode()
    assert "<dd>1.015</dd>" in html
    assert html.count('class="c-brand"') - charts.logo().count('class="c-brand"') == 2
    assert re.findall(r'<td class="number">([\d.]+)</td>', html) == ["3", "12", "1.000"]
    assert "style=" not in html


def test_the_file_holds_every_day_from_the_first_to_the_last(admin, client, campaign):
    for day, arrivals in ((date(2026, 3, 1), 2), (date(2026, 3, 4), 5)):
        CampaignDay.objects.create(campaign=campaign, day=day, arrivals=arrivals)
    text = b"".join(client.get(f"/beheer/pages/campaign/{campaign.pk}/aankomsten.csv").streaming_content)
    assert text.decode("utf-8-sig").split("\r\n")[1:] == [
        "2026-03-01;2", "2026-03-02;0", "2026-03-03;0", "2026-03-04;5", "",
    ]  # fmt: skip


def test_looking_at_the_overview_promises_nothing_and_its_button_does(admin, client, campaign, own_store):
    assert "vellen/" in client.get(overview(campaign)).content.decode()
    version = services._version(campaign)
    assert outbox.state_of(services.TASK, campaign.pk, version) is None
    client.post(f"/beheer/pages/campaign/{campaign.pk}/vellen/")
    assert outbox.state_of(services.TASK, campaign.pk, version) == "open"
    assert services.sheets_state(campaign) == "busy"


def test_the_worker_draws_sheets_with_the_address_in_words(admin, client, campaign, own_store, caplog):
    services.promise_sheets(campaign)
    assert outbox.run(services.TASK, campaign.pk, services._version(campaign))
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert services.sheets_state(campaign) == "ready"
    for sheet, times in (("poster", 1), ("cards", 8)):
        for language in ("nl", "en"):
            answer = client.get(f"/beheer/pages/campaign/{campaign.pk}/{sheet}-{language}.pdf")
            assert answer["Content-Type"] == "application/pdf"
            paper = PdfReader(io.BytesIO(answer.content))
            assert len(paper.pages) == 1
            assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]
            assert paper.trailer["/Root"]["/Lang"] == language
            words = paper.pages[0].extract_text()
            assert words.count(services.flyer_of(campaign, language).short_address) == times
    Campaign.objects.update(target="scan")
    campaign.refresh_from_db()
    assert services.sheets_state(campaign) == "missing"
    assert client.get(f"/beheer/pages/campaign/{campaign.pk}/poster-nl.pdf").status_code == 404


@pytest.mark.parametrize(
    "file", ["code-nl.svg", "code-en.png", "poster-nl.pdf", "aankomsten.csv", "overzicht/"]
)
def test_only_the_team_sees_a_campaign(client, campaign, file):
    address = f"/beheer/pages/campaign/{campaign.pk}/{file}"
    assert "/account/login/" in client.get(address).url
    sign_in(client, UserFactory())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("file", ["code-fr.svg", "code-fr.png", "poster-fr.pdf", "anders-nl.pdf"])
def test_a_language_or_a_sheet_that_there_is_not_is_404(admin, client, campaign, file):
    assert client.get(f"/beheer/pages/campaign/{campaign.pk}/{file}").status_code == 404


def test_a_campaign_ends_once_and_can_count_again(admin, client, campaign):
    address = f"/beheer/pages/campaign/{campaign.pk}/einde/"
    for _again in range(2):
        client.post(address, {"act": "end"})
    campaign.refresh_from_db()
    assert campaign.ended_at
    client.post(address, {"act": "reopen"})
    campaign.refresh_from_db()
    assert campaign.ended_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(admin, client, count, django_assert_max_num_queries):
    for number in range(count):
        one = Campaign.objects.create(code=f"stand-{number}", name=f"Stand {number}")
        CampaignDay.objects.create(campaign=one, day=timezone.localdate(), arrivals=number)
    with django_assert_max_num_queries(9):
        html = client.get("/beheer/pages/campaign/").content.decode()
    assert html.count("/overzicht/") == count


def test_the_chart_has_a_column_for_each_day_with_an_arrival():
    drawn = charts.columns("Aankomsten", [0, 1, 400, 0])
    assert re.findall(r'height="(\d+)" class="c-brand', drawn) == ["1", "100"]
    assert charts.columns("Niets", []).count("<rect") == 1
