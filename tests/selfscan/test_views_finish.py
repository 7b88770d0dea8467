"""After sending: what is built, step by step, the report, and the questionnaire to read beforehand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from collectievekracht.common.models import Promise
from collectievekracht.common.storage import PrivateFiles, private_storage
from selfscan import publication
from selfscan.choices import Step
from selfscan.models import Report
from selfscan.services import booklets
from tests.factories.selfscan import ResponseFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 rapport"


@pytest.fixture(autouse=True)
def private(tmp_path, monkeypatch):
    """A private store of its own, and documents that cost nothing."""
    monkeypatch.setattr(private_storage, "_wrapped", PrivateFiles(location=str(tmp_path)))
    monkeypatch.setattr(publication, "render_report", lambda response: PDF)
    monkeypatch.setattr(booklets, "questionnaire_pdf", lambda definition, language: PDF + language.encode())


@pytest.fixture
def scan(client, instrument):
    draft = ResponseFactory(draft=True)
    client.post(f"/zelfscan/{draft.token}/controle/")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def url(scan):
    return f"/zelfscan/{scan.token}/"


def done(scan, step):
    Promise.objects.filter(task=step, target=scan.pk).update(state="done")


def build(scan):
    """What the worker does, step after step."""
    publication.publish_response(scan.pk, str(scan.version))
    done(scan, Step.PUBLISH)
    publication.build_report(scan.pk, str(scan.version))
    done(scan, Step.REPORT)


def test_the_steps_renew_themselves_until_the_report_is_there(client, scan, url):
    page = client.get(url + "klaar/").content.decode()
    assert 'data-hx-trigger="every 2s"' in page
    mark = page.split("?stand=")[1].split('"')[0]
    assert client.get(url + "klaar/stappen/", {"stand": mark}).status_code == 204
    build(scan)
    part = client.get(url + "klaar/stappen/", {"stand": mark})
    assert part.status_code == 200
    assert f"{url}rapport.pdf" in part.content.decode()
    done(scan, Step.MAIL)
    part = client.get(url + "klaar/stappen/", {"stand": mark}).content.decode()
    assert "data-hx-get" not in part


def test_a_failed_report_is_said_and_no_longer_waited_for(client, scan, url):
    publication.publish_response(scan.pk, str(scan.version))
    done(scan, Step.PUBLISH)
    Promise.objects.filter(task=Step.REPORT).update(state="failed")
    page = client.get(url + "klaar/").content.decode()
    assert "notice--error" in page
    assert "data-hx-get" not in page


def test_the_report_is_the_file_of_this_scan(client, scan, url):
    build(scan)
    response = client.get(url + "rapport.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content) == PDF
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_a_report_that_isnt_there_is_promised_once_and_waited_for(client, instrument):
    scan = ResponseFactory(complete=True)
    url = f"/zelfscan/{scan.token}/"
    assert f"{url}rapport.pdf" in client.get(url + "klaar/").content.decode()
    for _ in range(3):
        assert client.get(url + "rapport.pdf")["Location"] == url + "klaar/"
    assert Promise.objects.filter(task=Step.REPORT, state="open").count() == 1
    assert "every 2s" in client.get(url + "klaar/").content.decode()


def test_a_report_whose_file_was_lost_is_built_again(client, scan, url):
    build(scan)
    private_storage.delete(Report.objects.get().file)
    assert client.get(url + "rapport.pdf")["Location"] == url + "klaar/"
    assert Promise.objects.get(task=Step.REPORT).state == "open"


def test_the_report_of_an_earlier_sending_is_not_shown(client, scan, url):
    build(scan)
    scan.version += 2
    scan.save()
    assert client.get(url + "rapport.pdf").status_code == 302


def test_the_date_is_two_working_days_on(client, instrument):
    scan = ResponseFactory(draft=True)
    with time_machine.travel(datetime(2026, 12, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam")), tick=False):
        client.post(f"/en/zelfscan/{scan.token}/controle/")
        page = client.get(f"/en/zelfscan/{scan.token}/klaar/").content.decode()
    scan.refresh_from_db()
    assert scan.reference in page
    assert "Tuesday 29 December 2026" in page


def test_the_report_comes_in_the_language_of_the_last_page(client, instrument):
    from tests.selfscan.forms import post, scan_form

    scan = ResponseFactory()
    url = f"/en/zelfscan/{scan.token}/members/"
    post(client, url, scan_form(client.get(url)), {"member_count": "5"})
    scan.refresh_from_db()
    assert scan.language == "en"


@pytest.mark.parametrize(("path", "language"), [("/", b"nl"), ("/en/", b"en")])
def test_the_questionnaire_can_be_read_beforehand(client, instrument, path, language):
    for _ in range(2):
        response = client.get(f"{path}zelfscan/vragenlijst.pdf")
        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content) == PDF + language
