"""The ledger: what collectives and people gave and received, written once by every app, and its yearly receipt."""

import io
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from collectievekracht.common import outbox, storage
from collectievekracht.common.registry import contribution_kinds, personal_data
from collectievekracht.pages import ledger
from collectievekracht.pages.receipts import receipt_html
from collectievekracht.pages.services import receipts
from collectievekracht.pages.services.invitations import mark_of
from members.choices import ConsentKind, Direction, ReviewState, Role
from members.models import Contribution
from members.services.consents import Yes, record_consents
from members.services.contributions import move_contributions, record_contribution, record_offer
from members.signals import collective_closing
from selfscan import publication
from selfscan.services import approve_response, merge_response
from selfscan.services.ledger import fill_ledger
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.pages import InvitationFactory
from tests.factories.signing_in import sign_in
from tests.factories.waiting import waiting_scan

pytestmark = pytest.mark.django_db
THIS_YEAR = timezone.localdate().year
PATH = "/mijn/wederkerigheid/"


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch, settings):
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(storage, "private_storage", storage._PrivateStorage())


@pytest.fixture
def collective():
    return CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")


@pytest.fixture
def me(client, collective):
    person = UserFactory()
    MembershipFactory(user=person, collective=collective, role=Role.COLLEAGUE)
    sign_in(client, person)
    return person


def line(key, *, collective=None, user=None, year=THIS_YEAR, direction=Direction.GAVE, kind="selfscan.scan"):
    record_contribution(
        kind, direction, key=key, facts={"reference": key}, at=datetime(year, 3, 1, tzinfo=timezone.get_current_timezone()),
        collective_id=collective and collective.pk, user_id=user and user.pk,
    )  # fmt: skip


def kinds(collective):
    return sorted(Contribution.objects.filter(collective=collective).values_list("kind", flat=True))


# --- what is written, by whom


def test_a_line_is_written_once_and_only_of_kinds_that_are_known(collective):
    for _ in range(3):
        line("a", collective=collective)
    assert Contribution.objects.count() == 1
    with pytest.raises(KeyError):
        line("b", collective=collective, kind="nobody.knows")


def test_a_scan_gives_data_when_it_is_taken_in_and_its_report_is_received_once(instrument, monkeypatch):
    monkeypatch.setattr(publication, "render_report", lambda response: b"%PDF")
    scan = waiting_scan()
    for _ in range(2):
        publication.build_report(scan.pk, str(scan.version))
    before = kinds(scan.collective)
    assert "selfscan.scan" not in before
    assert before.count("selfscan.report") == 1
    approve_response(scan, UserFactory(admin=True))
    assert kinds(scan.collective) == sorted([*before, "selfscan.scan"])
    assert fill_ledger() == 0


def test_a_scan_that_is_merged_gives_to_where_it_went(instrument, collective):
    scan = waiting_scan()
    merged = scan.collective
    line("old", collective=merged)
    merge_response(scan, collective, UserFactory(admin=True))
    assert kinds(merged) == []
    assert kinds(collective).count("selfscan.scan") == 2


def test_a_yes_to_research_is_one_line_a_year(collective):
    for number in range(2):
        record_consents(collective, {ConsentKind.RESEARCH: Yes(f"Mag het? {number}")}, version=str(number))
    record_consents(collective, {ConsentKind.CONTACT: Yes("Mogen we vragen?")}, version="1")
    assert kinds(collective) == ["members.research"]


def test_the_same_yes_to_research_in_another_year_is_another_line(collective):
    for year in (2027, 2028, 2028):
        with time_machine.travel(datetime(year, 5, 1, tzinfo=UTC), tick=False):
            record_consents(collective, {ConsentKind.RESEARCH: Yes("Mag het?")}, version="1")
    assert sorted(line.at.year for line in Contribution.objects.all()) == [2027, 2028]


def test_a_service_on_offer_is_a_line(collective):
    offer = collective.offers.create(kind="venue", title="Dorpszaal", regions=["NL-OV"])
    for _ in range(2):
        record_offer(offer)
    assert kinds(collective) == ["members.offer"]


def test_an_invitation_that_led_to_a_collective_is_a_line_of_who_sent_it(instrument, collective):
    inviter = UserFactory()
    scan = waiting_scan(contact_email="nieuw@dorp.example")
    InvitationFactory(inviter=inviter, collective=collective, address_hash=mark_of("nieuw@dorp.example"))
    InvitationFactory(inviter=inviter, address_hash=mark_of("ander@dorp.example"))
    approve_response(scan, UserFactory(admin=True))
    found = Contribution.objects.get(kind=ledger.INVITATION)
    assert (found.collective, found.user, found.facts) == (collective, inviter, {})


def test_what_was_there_before_the_ledger_is_filled_in(instrument, monkeypatch):
    monkeypatch.setattr(publication, "render_report", lambda response: b"%PDF")
    taken_in, waits = waiting_scan(), waiting_scan()
    for scan in (taken_in, waits):
        publication.build_report(scan.pk, str(scan.version))
    approve_response(taken_in, UserFactory(admin=True))
    before = {(one.kind, one.key, str(one.facts)) for one in Contribution.objects.all()}
    Contribution.objects.all().delete()
    assert fill_ledger() == len(before)
    assert fill_ledger() == 0
    assert {(one.kind, one.key, str(one.facts)) for one in Contribution.objects.all()} == before


def test_every_kind_has_a_name_in_dutch():
    for kind in contribution_kinds:
        with override("nl"):
            dutch = str(kind.name)
        with override("en"):
            assert str(kind.name) != dutch, kind.code


def test_what_a_merged_collective_gave_moves_along(collective):
    other = CollectiveFactory()
    line("a", collective=other)
    move_contributions(other, collective)
    assert kinds(collective) == ["selfscan.scan"]


# --- the page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_shows_mine_by_year_in_a_fixed_number_of_queries(client, me, collective, count):
    strange = CollectiveFactory(published=True)
    line("van een ander", collective=strange)
    line("ook niet van mij", user=UserFactory())
    for number in range(count):
        more = CollectiveFactory(published=True)
        MembershipFactory(user=me, collective=more)
        for year in (THIS_YEAR, THIS_YEAR - 1):
            line(f"ZS-{number}-{year}", collective=more, year=year)
    line("eigen", user=me)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PATH)
    assert len(asked) <= 6, [query["sql"] for query in asked.captured_queries]
    html = answer.content.decode()
    for number in range(count):
        assert f"ZS-{number}-{THIS_YEAR}" in html
    assert "eigen" in html
    assert "van een ander" not in html
    assert "ook niet van mij" not in html
    assert [len(years) for _ledger, years in answer.context["ledgers"]] == [*[2] * count, 0, 1]  # by name


def test_the_page_compares_and_counts_nobody(client, me, collective):
    for number in range(7):
        line(f"ZS-{number}", collective=collective)
    html = client.get(PATH).content.decode()
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    words = re.sub(r"<[^>]+>", " ", main)
    assert not re.search(r"\b7\b", words)
    assert "betaalmuur" in words


@pytest.mark.parametrize("state", [ReviewState.PENDING, ReviewState.REFUSED])
def test_a_collective_that_was_not_let_in_has_no_ledger(client, state):
    person = UserFactory()
    MembershipFactory(user=person, collective__state=state)
    answer = sign_in(client, person).get(PATH)
    assert answer.context["ledgers"] == []


def test_lines_of_old_kinds_and_facts_break_nothing(client, me, collective):
    Contribution.objects.create(collective=collective, kind="gone.kind", direction="gave", key="x")
    Contribution.objects.create(
        collective=collective, kind="selfscan.scan", direction="gave", key="y", facts={}
    )
    line("goed", collective=collective)
    assert "goed" in client.get(PATH).content.decode()
    assert client.get("/mijn/").status_code == 200


# --- the receipt


def test_a_receipt_is_promised_drawn_and_fetched_by_its_people_only(client, me, collective, monkeypatch):
    monkeypatch.setattr(receipts, "write_pdf", lambda html, stylesheet: b"%PDF " + html.encode())
    line("ZS-1", collective=collective)
    file = f"{PATH}zonnig-dorp/{THIS_YEAR}.pdf"
    assert client.get(file).url == PATH
    for _ in range(2):
        answer = client.post(PATH, {"collectief": "zonnig-dorp", "jaar": str(THIS_YEAR)})
    assert answer.url == f"{PATH}#zonnig-dorp"
    assert "wordt gemaakt" in client.get(PATH).content.decode()
    outbox.run_due()
    assert file in client.get(PATH).content.decode()
    answer = client.get(file)
    assert answer["Content-Type"] == "application/pdf"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert b"ZS-1" in b"".join(answer.streaming_content)
    assert f"wederkerigheid-{THIS_YEAR}-zonnig-dorp.pdf" in answer["Content-Disposition"]
    stranger = sign_in(type(client)(), UserFactory())
    for path in (
        file,
        f"{PATH}bestaat-niet/{THIS_YEAR}.pdf",
        f"{PATH}{THIS_YEAR}.pdf",
        f"{PATH}zonnig-dorp/1999.pdf",
    ):
        assert stranger.get(path).status_code == 404
    assert type(client)().get(file).url.startswith("/account/login/")


def test_a_receipt_says_what_the_ledger_says_and_older_ones_go(client, me, collective, monkeypatch):
    monkeypatch.setattr(receipts, "write_pdf", lambda html, stylesheet: html.encode())
    for number in (1, 2):
        line(f"ZS-{number}", collective=collective)
        line(f"ZS-oud-{number}", collective=collective, year=THIS_YEAR - 1)
        for year in (THIS_YEAR, THIS_YEAR - 1):
            client.post(PATH, {"collectief": "zonnig-dorp", "jaar": str(year)})
        outbox.run_due()
    _folders, names = storage.private_storage.listdir(receipts.folder_of("collective", collective.pk))
    assert sorted(name[:7] for name in names) == [f"{THIS_YEAR - 1}-nl", f"{THIS_YEAR}-nl"]
    collective_closing.send(sender=type(collective), collective=collective)


@pytest.mark.parametrize(
    "given",
    [{}, {"jaar": "x"}, {"jaar": "²"}, {"jaar": "9" * 30}, {"collectief": "zonnig-dorp"},
     {"collectief": "energie-x", "jaar": str(THIS_YEAR)}, {"collectief": "\0", "jaar": "2026"}],
)  # fmt: skip
def test_no_receipt_of_what_is_not_there(client, me, collective, given):
    line("ZS-1", collective=collective)
    assert client.post(PATH, given).status_code == 404
    assert not outbox.Promise.objects.filter(task=receipts.TASK).exists()


def test_what_changed_before_it_was_drawn_is_in_the_receipt(client, me, collective, monkeypatch):
    monkeypatch.setattr(receipts, "write_pdf", lambda html, stylesheet: html.encode())
    line("ZS-1", collective=collective)
    client.post(PATH, {"collectief": "zonnig-dorp", "jaar": str(THIS_YEAR)})
    line("ZS-2", collective=collective)
    outbox.run_due()
    assert b"ZS-2" in b"".join(client.get(f"{PATH}zonnig-dorp/{THIS_YEAR}.pdf").streaming_content)


def test_a_receipt_is_kept_for_thirty_days(me, collective):
    name = f"{receipts.folder_of('collective', collective.pk)}/2026-nl-x.pdf"
    storage.write_atomically(name, b"%PDF")
    drawn_at = storage.private_storage.get_modified_time(name)
    assert receipts.forget_old_receipts(drawn_at + timedelta(days=30)) == 0
    assert storage.exists(name)
    for gone in (1, 0):
        assert receipts.forget_old_receipts(drawn_at + timedelta(days=30, seconds=1)) == gone
    assert not storage.exists(name)


def test_a_person_takes_their_receipts_along(client, me, collective):
    line("eigen", user=me)
    folder = receipts.folder_of("person", me.pk)
    storage.write_atomically(f"{folder}/2026-nl-x.pdf", b"%PDF")
    entry = personal_data["receipts"]
    assert list(entry.files(me.pk)) == [("2026-nl-x.pdf", b"%PDF")]
    entry.erase(me.pk, me.email)
    assert list(entry.files(me.pk)) == []


def shown(collective, language="nl"):
    with override(language):
        return receipts.receipt_of(ledger.ledger_of_collective(collective), THIS_YEAR)


def test_the_receipt_reads_by_kind_and_escapes_what_people_typed(collective):
    type(collective).objects.filter(pk=collective.pk).update(name="<b>Zon</b>")
    collective.refresh_from_db()
    offer = collective.offers.create(kind="venue", title="<script>alert(1)</script>", regions=["NL-OV"])
    record_offer(offer)
    line("ZS-1", collective=collective)
    line("ZS-2", collective=collective, direction=Direction.GOT, kind="selfscan.report")
    html = receipt_html(shown(collective), timezone.localdate())
    assert "<script" not in html
    assert "<b>Zon" not in html
    given, received = html.split("Gekregen", 1)
    assert "ZS-1" in given
    assert "ZS-2" in received
    english = receipt_html(shown(collective, "en"), timezone.localdate())
    assert '<html lang="en">' in english


def test_the_receipt_is_a_tagged_pdf_on_a4(collective, caplog):
    for number in range(40):
        line(f"ZS-{number}", collective=collective)
    line("ZS-rapport", collective=collective, direction=Direction.GOT, kind="selfscan.report")
    html = receipt_html(shown(collective), timezone.localdate())
    with caplog.at_level(logging.ERROR):
        pdf = receipts.write_pdf(html, stylesheet=receipts.STYLESHEET)
    assert not caplog.records
    document = PdfReader(io.BytesIO(pdf))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "nl"
    assert [round(float(edge)) for edge in document.pages[0].mediabox[2:]] == [595, 842]
    text = "\n".join(page.extract_text() for page in document.pages)
    assert "Zonnig Dorp" in text
    assert "ZS-rapport" in text
    assert len(document.pages) <= 5
