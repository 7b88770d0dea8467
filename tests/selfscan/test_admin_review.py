"""An admin reads a sent scan in one view and decides once."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from collectievekracht.common.models import AuditEvent, Promise, PromiseState, SentMail
from members.choices import Decision, ReviewState
from members.models import Collective, CollectiveProfile, MapPin, StateChange, User, WorkItem
from members.services.collectives import ProfileFacts, propose_profile
from selfscan.choices import ResponseState, Step
from selfscan.models import Instrument, Response
from tests.conftest import INSTRUMENT_TEXT
from tests.factories.members import CollectiveFactory, UserFactory
from tests.factories.signing_in import enter_admin
from tests.factories.waiting import waiting_scan

pytestmark = pytest.mark.django_db
REASON = "Vul bij de leden nog in met hoeveel jullie zijn."


@pytest.fixture
def scan(instrument):
    return waiting_scan()


@pytest.fixture
def address(scan):
    return f"/beheer/selfscan/response/{scan.pk}/beoordelen/"


@pytest.fixture
def me(client):
    return enter_admin(client)


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def test_everything_stands_in_one_view(client, me, address, scan):
    other = CollectiveFactory(published=True, profile__website=scan.answers["website"], name="Lijkt erop")
    response = client.get(address)
    text = words(response)
    assert scan.reference in text
    assert "Burgers bepalen hier zelf de koers. Klopt" in text
    assert other.name in text
    assert "Wij wekken met het hele dorp stroom op" in text
    assert "Hoe kunnen we ondanks een vol stroomnet toch groeien?" in text
    assert scan.collective.contact_email in text
    assert "<svg" in response.content.decode()
    assert [label for label, _state, _retry in response.context["steps"]]
    assert len(response.context["sections"]) == 9
    assert len(response.context["consents"]) == 4


def test_that_answers_were_seen_is_written_down(client, me, address, scan):
    client.get(address)
    event = AuditEvent.objects.get(action="response.answers_seen")
    assert (event.actor, event.target, event.target_type) == (me.pk, scan.pk, "selfscan.response")


def test_looking_changes_nothing_else(client, me, address, scan):
    before = (
        list(WorkItem.objects.values()),
        list(Response.objects.values()),
        list(Collective.objects.values()),
    )
    client.get(address)
    client.head(address)
    assert before == (
        list(WorkItem.objects.values()),
        list(Response.objects.values()),
        list(Collective.objects.values()),
    )
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"response.answers_seen"}


def test_what_was_typed_is_text(client, me, instrument):
    vector = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    scan = waiting_scan(
        org_name=vector[:100], short_description=f"{vector} en nog meer tekst erbij", lab_question=vector
    )
    html = client.get(f"/beheer/selfscan/response/{scan.pk}/beoordelen/").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "style=" not in html
    listed = client.get("/beheer/selfscan/response/").content.decode()
    shown = client.get(f"/beheer/selfscan/response/{scan.pk}/change/").content.decode()
    assert "<script>alert" not in listed + shown


def test_approval_goes_on_to_the_next_piece(client, me, address, scan):
    following = waiting_scan(org_name="De volgende", contact_email="volgende@example.org")
    response = client.post(address, {"decision": "approved"}, follow=True)
    assert response.redirect_chain[-1][0] == f"/beheer/selfscan/response/{following.pk}/beoordelen/"
    collective = Collective.objects.get(pk=scan.collective_id)
    assert (collective.state, collective in Collective.objects.published()) == (ReviewState.APPROVED, True)
    assert SentMail.objects.filter(template="members/approved").count() == 1
    assert StateChange.objects.get(decision=Decision.APPROVED).actor == me


@pytest.mark.parametrize(
    ("decision", "state", "template"),
    [
        ("returned", ReviewState.RETURNED, "selfscan/returned"),
        ("refused", ReviewState.REFUSED, "members/refused"),
    ],
)
def test_sent_back_or_refused_with_a_reason_that_is_mailed(
    client, me, address, scan, decision, state, template
):
    client.post(address, {"decision": decision, f"{decision}-reason": REASON})
    scan.collective.refresh_from_db()
    assert scan.collective.state == state
    assert SentMail.objects.get(template=template).context["why"] == REASON
    assert StateChange.objects.get(decision=decision).reason == REASON
    scan.refresh_from_db()
    assert (scan.state == ResponseState.DRAFT) is (decision == "returned")


@pytest.mark.parametrize("decision", ["returned", "refused"])
@pytest.mark.parametrize("reason", ["", "   ", "nee", "x" * 2001])
def test_without_a_usable_reason_nothing_is_decided_and_the_text_is_kept(
    client, me, address, scan, decision, reason
):
    response = client.post(address, {"decision": decision, f"{decision}-reason": reason})
    assert response.status_code == 200
    html = response.content.decode()
    assert f'href="#id_{decision}-reason"' in html
    assert reason.strip() in html
    assert WorkItem.objects.open().count() == 1
    assert StateChange.objects.exclude(decision="").count() == 0


@pytest.mark.parametrize("by", ["slug", "number", "address"])
def test_merging_with_a_collective_that_is_here(client, me, address, scan, by):
    existing = CollectiveFactory(published=True)
    into = {
        "slug": existing.slug,
        "number": existing.pk,
        "address": f"https://x.example{existing.get_absolute_url()}",
    }[by]
    client.post(address, {"decision": "merged", "merged-into": into})
    scan.refresh_from_db()
    assert scan.collective == existing
    assert Collective.objects.exclude(merged_into=None).get().merged_into == existing
    revision = WorkItem.objects.open().get()
    assert revision.collective == existing
    review = client.get(f"/beheer/members/collectiveprofile/{revision.target_id}/beoordelen/")
    assert any(line.changed for line in review.context["lines"])


@pytest.mark.parametrize("into", ["", "bestaat-niet", "self", "9" * 30, "<b>", "-1", "\u202ex"])
def test_merging_with_nothing_or_itself_is_explained(client, me, address, scan, into):
    into = scan.collective.slug if into == "self" else into
    response = client.post(address, {"decision": "merged", "merged-into": into})
    assert response.status_code == 200
    assert 'href="#id_merged-into"' in response.content.decode()
    assert WorkItem.objects.open().count() == 1


def test_a_second_decision_is_told_who_was_first(client, me, address, scan):
    client.post(address, {"decision": "approved"})
    second = Client()
    enter_admin(second, UserFactory(admin=True))
    response = second.post(address, {"decision": "refused", "refused-reason": REASON}, follow=True)
    assert me.name in words(response)
    assert StateChange.objects.exclude(decision="").count() == 1
    assert SentMail.objects.filter(template__startswith="members/").count() == 1
    assert 'name="decision"' not in second.get(address).content.decode()


@pytest.mark.parametrize(
    "posted", [{}, {"decision": "x"}, {"decision": ["approved", "x"]}, {"state": "approved"}]
)
def test_an_unknown_decision_decides_nothing(client, me, address, scan, posted):
    assert client.post(address, posted).status_code == 302
    assert WorkItem.objects.open().count() == 1


def test_extra_fields_take_no_effect(client, me, address, scan):
    other = waiting_scan(org_name="Een ander", contact_email="ander@example.org")
    extra = {"pk": other.pk, "collective": other.collective_id, "by": 1, "state": "refused", "is_staff": "on"}
    client.post(
        address, {"decision": "returned", "returned-reason": REASON, "refused-reason": "anders", **extra}
    )
    other.collective.refresh_from_db()
    scan.collective.refresh_from_db()
    assert (other.collective.state, scan.collective.state) == (ReviewState.PENDING, ReviewState.RETURNED)
    assert StateChange.objects.get(decision="returned").actor == me


def test_a_draft_and_a_number_that_is_no_scan_are_not_found(client, me, address, scan):
    assert client.get("/beheer/selfscan/response/999999/beoordelen/").status_code == 404
    draft = Response.objects.create(instrument=Instrument.objects.get())
    assert client.get(f"/beheer/selfscan/response/{draft.pk}/beoordelen/").status_code == 404


def test_a_newer_text_stands_beside_the_public_one(client, me, address, scan):
    client.post(address, {"decision": "approved"})
    collective = Collective.objects.get(pk=scan.collective_id)
    facts = ProfileFacts(name=collective.name, description="Heel anders", country="nl", place_name="Ede")
    propose_profile(collective, facts)
    response = client.get(address)
    changed = {line.label for line in response.context["lines"] if line.changed}
    assert len(changed) > 1
    assert "Wij wekken met het hele dorp stroom op" in words(response)
    assert "Heel anders" in words(response)


def test_a_failed_step_can_be_tried_again(client, me, address, scan, settings):
    settings.OUTBOX_PUBLISH = False
    promise = Promise.objects.get(task=Step.REPORT, target=scan.pk)
    Promise.objects.filter(pk=promise.pk).update(state=PromiseState.FAILED, attempts=3)
    retry = f"/beheer/selfscan/response/{scan.pk}/opnieuw/"
    assert f'action="{retry}"' in client.get(address).content.decode()
    assert client.get(retry).status_code == 405
    client.post(retry, {"step": "selfscan.nothing"})
    client.post(retry, {"step": Step.REPORT.value})
    promise.refresh_from_db()
    assert (promise.state, promise.attempts) == (PromiseState.OPEN, 0)
    assert AuditEvent.objects.filter(action="response.step_retried", actor=me.pk).count() == 1


def test_a_scan_is_only_looked_at_in_the_lists(client, me, scan):
    for model in ("response", "instrument", "report", "benchmarksnapshot"):
        assert client.get(f"/beheer/selfscan/{model}/").status_code == 200
        assert client.get(f"/beheer/selfscan/{model}/add/").status_code == 403
    shown = f"/beheer/selfscan/response/{scan.pk}/change/"
    assert "Wij wekken met het hele dorp stroom op" in words(client.get(shown))
    assert AuditEvent.objects.filter(action="response.answers_seen").count() == 1
    assert client.post(shown, {"state": "draft", "eligibility": "fits"}).status_code == 403
    assert client.post(f"/beheer/selfscan/response/{scan.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Response.objects.get(pk=scan.pk).state == ResponseState.COMPLETED


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_decide_once(settings):
    settings.OUTBOX_PUBLISH = False
    from members import vocabulary
    from selfscan.services import load_instrument

    vocabulary.forget()
    load_instrument(INSTRUMENT_TEXT)
    admins = [UserFactory(admin=True) for _ in range(2)]
    for round_number in range(3):
        scan = waiting_scan(org_name=f"Ronde {round_number}", contact_email=f"r{round_number}@example.org")
        address = f"/beheer/selfscan/response/{scan.pk}/beoordelen/"
        SentMail.objects.all().delete()
        clients = []
        for number in range(10):
            clients.append(Client())
            enter_admin(clients[-1], admins[number % 2])

        def decide(number, clients=clients, address=address):
            try:
                if number % 2:
                    return (
                        clients[number]
                        .post(address, {"decision": "refused", "refused-reason": REASON})
                        .status_code
                    )
                return clients[number].post(address, {"decision": "approved"}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(10) as pool:
            assert set(pool.map(decide, range(10))) == {302}
        assert StateChange.objects.filter(collective=scan.collective).exclude(decision="").count() == 1
        assert SentMail.objects.count() == 1
        item = WorkItem.objects.get(target_id=scan.pk)
        state = Collective.objects.get(pk=scan.collective_id).state
        assert item.decision == state
        audited = AuditEvent.objects.filter(target=scan.collective_id, target_type="members.collective")
        assert audited.count() == 1
    assert User.objects.count() == 2
    assert MapPin.objects.count() == 3
    assert CollectiveProfile.objects.filter(state=ReviewState.PENDING).count() == 0


def test_a_page_that_was_opened_before_the_scan_was_sent_again_decides_nothing(client, me, scan, address):
    assert f'name="version" value="{scan.version}"' in client.get(address).content.decode()
    client.post(address, {"decision": "approved", "version": scan.version - 1})
    assert WorkItem.objects.get().decided_at is None
    client.post(address, {"decision": "approved", "version": scan.version})
    assert WorkItem.objects.get().decision == Decision.APPROVED
