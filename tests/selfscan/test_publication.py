"""What is built once a scan is sent, any number of times over, and what of it is public."""

import pytest

from collectievekracht.common.models import Promise, SentMail
from members.choices import ConsentKind, PinPrecision, TermKind, WorkKind
from members.models import CollectiveProfile, Consent, MapPin, Term, User, WorkItem
from members.services.collectives import new_collective
from newsletter.models import Subscriber
from selfscan import publication
from selfscan.choices import Step
from selfscan.models import IndicatorScore
from selfscan.services import complete_response, merge_response
from tests.selfscan.test_services_responses import filled


@pytest.fixture
def sent(request, instrument):
    response = filled(getattr(request, "param", "example_energy"))
    assert complete_response(response).done
    response.refresh_from_db()
    return response


def publish(response):
    publication.publish_response(response.pk, str(response.version))
    response.refresh_from_db()


def test_the_profile_takes_exactly_the_public_questions(definition):
    public = {question.code for question in definition.questions if question.visibility == "public_profile"}
    assert public == publication.PUBLIC_QUESTIONS


def test_publishing_makes_everything_once_however_often_it_runs(sent):
    User.objects.create_superuser("admin@example.org", "x")
    for _ in range(3):
        publish(sent)
    assert CollectiveProfile.objects.count() == 1
    assert MapPin.objects.count() == 1
    assert WorkItem.objects.count() == 1
    assert Subscriber.objects.count() == 1
    assert IndicatorScore.objects.count() == 9
    assert Consent.objects.count() == 4
    assert Promise.objects.filter(task=Step.REPORT).count() == 1
    assert sorted(SentMail.objects.values_list("template", flat=True)) == [
        "newsletter/confirm",
        "selfscan/waiting",
    ]


def test_the_page_says_what_was_answered(sent):
    publish(sent)
    profile = CollectiveProfile.objects.get()
    assert (profile.name, profile.place_name, profile.region) == (
        "Energiecoöperatie Voorbeeldstroom (verzonnen)",
        "Ede",
        "NL-GE",
    )
    assert (profile.sectors, profile.main_sector) == (["energy", "liveability"], "energy")
    assert (profile.legal_form, profile.legal_form_group) == ("nl_cooperative", "cooperative")
    assert profile.offer_types == ["expertise", "practice_example", "data", "visit"]


def test_exact_without_a_pin_of_ones_own_is_the_middle_of_the_place(sent):
    publish(sent)
    pin = MapPin.objects.get()
    assert (pin.latitude, pin.longitude, pin.precision) == (52.03333, 5.65833, PinPrecision.PLACE)


def test_an_own_pin_stands_where_it_was_put(sent):
    sent.answers["place"] |= {"lat": 52.05, "lon": 5.66}
    sent.save()
    publish(sent)
    pin = MapPin.objects.get()
    assert (pin.latitude, pin.longitude, pin.precision) == (52.05, 5.66, PinPrecision.EXACT)


@pytest.mark.parametrize("sent", ["example_housing"], indirect=True)
def test_without_consent_there_is_no_page_and_no_pin(sent):
    publish(sent)
    assert not CollectiveProfile.objects.exists()
    assert not MapPin.objects.exists()
    assert not Consent.objects.exists()


def test_a_consent_keeps_its_words_and_version(sent):
    publish(sent)
    consent = Consent.objects.get(kind=ConsentKind.MAP)
    assert consent.detail == "exact"
    assert consent.text.startswith("Mogen we jullie op de kaart zetten?")
    assert consent.text_version == f"2026.1 {sent.instrument.sha256[:12]}"


def test_the_queue_knows_what_it_is_about(sent):
    publish(sent)
    facts = WorkItem.objects.get().facts
    assert (facts["eligibility"], facts["report"], facts["similar"]) == ("fits", "open", [])


def test_a_likely_duplicate_is_told_to_the_team(sent):
    publish(sent)
    again = filled()
    complete_response(again)
    again.refresh_from_db()
    publish(again)
    assert WorkItem.objects.get(target_id=again.pk).facts["similar"] == [sent.collective_id]


def test_focus_themes_come_from_challenges_and_needs(sent):
    publish(sent)
    sent.collective.refresh_from_db()
    assert sorted(sent.collective.focus_themes) == ["regulation", "scaling", "volunteers"]


def test_an_old_sending_is_not_published(sent):
    publication.publish_response(sent.pk, str(sent.version - 1))
    assert not WorkItem.objects.exists()


def test_publishing_again_after_a_decision_changes_nothing(sent):
    publish(sent)
    admin = User.objects.create_superuser("admin@example.org", "x")
    other = new_collective(name="Al hier", country="nl", contact_email="x@example.org", language="nl")
    merge_response(sent, other, admin)
    publish(sent)
    assert not other.consents.exists()
    assert [item.kind for item in WorkItem.objects.open()] == [WorkKind.REVISION]


def test_the_report_is_kept_and_its_mail_promised(sent, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(
        publication, "render_report", lambda response: b"%PDF-1.7 " + response.reference.encode()
    )
    publish(sent)
    version = str(sent.version)
    publication.build_report(sent.pk, version)
    publication.build_report(sent.pk, version)
    report = sent.reports.get()
    assert report.size == len(b"%PDF-1.7 ") + len(sent.reference)
    assert WorkItem.objects.get().facts["report"] == "done"
    publication.mail_report(sent.pk, version)
    publication.mail_report(sent.pk, version)
    mails = SentMail.objects.filter(template="selfscan/report_ready")
    assert [m.to for m in mails] == ["bestuur@voorbeeldstroom.example"]


def test_the_vocabulary_is_written_down_when_an_instrument_is_loaded(instrument):
    assert Term.objects.filter(kind=TermKind.THEME).count() == 27
    assert Term.objects.filter(kind=TermKind.CHALLENGE).count() == 12
    assert Term.objects.filter(kind=TermKind.CONDITION).count() == 5
    assert Term.objects.get(kind=TermKind.LEGAL_FORM, code="be_nonprofit").group == "association"
