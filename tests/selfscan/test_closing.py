"""What is left of the scans of a collective that stopped."""

import json

import pytest

from collectievekracht.common import outbox, storage
from members.choices import ConsentKind
from members.models import Collective
from members.services import memberships
from selfscan import publication
from selfscan.choices import ResponseState
from selfscan.definitions import definition_of
from selfscan.models import IndicatorScore, Report, Response
from selfscan.services.closing import TASK, strip_answers, without_names
from tests.factories.members import ConsentFactory, MembershipFactory
from tests.factories.selfscan import ResponseFactory
from tests.factories.waiting import waiting_scan

NAMES = {
    "org_name": "Geheime Windmolen",
    "contact_email": "geheim@windmolen.example",
    "website": "https://windmolen.example/",
    "short_description": "De Geheime Windmolen draait voor iedereen die in ons dorp woont.",
    "postcode": "6711AA",
}


@pytest.fixture
def scan(instrument, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(publication, "render_report", lambda response: b"%PDF-1.7\n%%EOF\n")
    scan = waiting_scan(**NAMES)
    publication.build_report(scan.pk, str(scan.version))
    return scan


def close(scan):
    """The collective stops, and what was promised is done."""
    bo = MembershipFactory(collective=scan.collective).user
    memberships.close_collective(scan.collective, bo)
    assert outbox.run(TASK, scan.collective_id)
    return Response.objects.get(pk=scan.pk)


def agree(collective, yes):
    collective.consents.filter(kind=ConsentKind.RESEARCH).delete()
    if yes:
        ConsentFactory(collective=collective, kind=ConsentKind.RESEARCH)


def said(response):
    return json.dumps([response.answers, response.typed, response.proposals, response.email])


@pytest.mark.parametrize("agreed", [True, False])
def test_nothing_that_names_it_stays(scan, agreed):
    agree(scan.collective, agreed)
    file = Report.objects.get(response=scan).file
    assert storage.exists(file)
    left = close(scan)
    for word in ("Windmolen", "windmolen", "6711AA", "Ede"):
        assert word not in said(left)
    assert left.token != scan.token
    assert not Report.objects.filter(response=scan).exists()
    assert IndicatorScore.objects.filter(response=scan).exists() is agreed
    if agreed:
        assert left.scores
        assert left.answers["place"] == {"name": "", "region": "NL-GE"}
        assert left.answers["sectors"] == scan.answers["sectors"]
    else:
        assert (left.answers, left.scores) == ({}, None)


@pytest.mark.django_db(transaction=True)
def test_the_file_of_the_report_goes(scan):
    agree(scan.collective, False)
    file = Report.objects.get(response=scan).file
    close(scan)
    assert not storage.exists(file)


def test_what_stays_is_what_the_instrument_calls_research(scan):
    definition = definition_of(scan.instrument)
    kept = without_names(definition, scan.answers)
    named = {q.code for q in definition.questions if q.research.rule.method == "drop"}
    assert named >= {q.code for q in definition.questions if q.research.class_ == "identifying"}
    assert named & set(kept) == {"consent_research"}
    assert set(kept) == {code for code in scan.answers if "__" not in code} - named | {"consent_research"}
    assert {"org_name", "contact_email", "website", "short_description"} <= named


def test_doing_it_again_changes_no_answers(scan):
    agree(scan.collective, True)
    once = close(scan)
    strip_answers(scan.collective_id)
    again = Response.objects.get(pk=scan.pk)
    assert (again.answers, again.scores) == (once.answers, once.scores)


def test_steps_that_were_promised_build_nothing_any_more(scan):
    agree(scan.collective, True)
    close(scan)
    publication.publish_response(scan.pk, str(scan.version))
    publication.build_report(scan.pk, str(scan.version))
    assert not Report.objects.exists()
    assert not hasattr(Collective.objects.get(pk=scan.collective_id), "pin")


def test_scans_of_a_collective_that_goes_on_stay_as_they_are(scan):
    strip_answers(scan.collective_id)
    assert Response.objects.get(pk=scan.pk).answers == scan.answers


def test_unfinished_scans_go(scan):
    open_one = ResponseFactory(draft=True, collective=scan.collective, state=ResponseState.DRAFT)
    other = ResponseFactory(draft=True)
    close(scan)
    assert not Response.objects.filter(pk=open_one.pk).exists()
    assert Response.objects.filter(pk=other.pk).exists()


def test_the_teams_page_of_an_emptied_scan_still_opens(scan, client):
    from tests.factories.signing_in import enter_admin

    agree(scan.collective, False)
    close(scan)
    enter_admin(client)
    assert client.get(f"/beheer/selfscan/response/{scan.pk}/beoordelen/").status_code == 200
    assert client.get(f"/beheer/selfscan/response/{scan.pk}/change/").status_code == 200
    assert client.get("/beheer/selfscan/response/").status_code == 200
