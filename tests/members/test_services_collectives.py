"""One decision per collective, with its history; the page and pin as far as consented."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import ConsentKind, PinPrecision, ReviewState, WorkKind
from members.models import Collective, CollectiveProfile, Consent, MapPin, StateChange, User, WorkItem
from members.services import collectives, consents, revisions, work
from members.services.collectives import ProfileFacts
from members.services.consents import Yes

FACTS = ProfileFacts(
    name="Zonnig Dorp",
    description="Wij wekken samen stroom op.",
    country="nl",
    place_name="Aagtdorp",
    region="NL-NH",
)
PAGE = {ConsentKind.PROFILE: Yes(text="Mag er een pagina komen?")}


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin@example.org", "x")


@pytest.fixture
def waiting(db):
    collective = collectives.new_collective(
        name="Zonnig Dorp", country="nl", contact_email="bestuur@example.org", language="nl"
    )
    collectives.propose_profile(collective, FACTS)
    consents.record_consents(collective, PAGE, version="2026.1")
    work.open_work(WorkKind.SCAN, 7, title=collective.name, collective=collective)
    return collective


def test_a_new_collective_waits_and_nobody_sees_it(waiting):
    assert waiting.state == ReviewState.PENDING
    assert not Collective.objects.published().exists()
    assert [change.to_state for change in waiting.history.all()] == [ReviewState.PENDING]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zonnig Dorp", "zonnig-dorp-2"),
        ("Agenda", "agenda-collectief"),
        ("Embed", "embed-collectief"),
        ("!!!", "collectief"),
    ],
)
def test_an_address_is_never_given_out_twice_or_reserved(waiting, name, slug):
    made = collectives.new_collective(name=name, country="nl", contact_email="a@example.org", language="nl")
    assert made.slug == slug


def test_approval_shows_the_page_and_tells_the_person(waiting, admin):
    collectives.approve_collective(waiting, admin, scan_id=7)

    waiting.refresh_from_db()
    assert list(Collective.objects.published()) == [waiting]
    assert waiting.published_profile.state == ReviewState.APPROVED
    assert waiting.onboarded_at is not None
    assert [(c.from_state, c.to_state, c.actor) for c in waiting.history.all()] == [
        ("", "pending", None),
        ("pending", "approved", admin),
    ]
    assert [(m.template, m.to) for m in SentMail.objects.all()] == [
        ("members/approved", "bestuur@example.org")
    ]
    assert AuditEvent.objects.filter(action="collective.approved", actor=admin.pk).count() == 1


def test_without_consent_there_is_no_page_and_access_is_the_same(waiting, admin):
    consents.record_consents(waiting, {}, version="2026.1")
    collectives.approve_collective(waiting, admin, scan_id=7)

    waiting.refresh_from_db()
    assert waiting.state == ReviewState.APPROVED
    assert waiting.published_profile is None
    assert not Collective.objects.published().exists()


def test_a_second_decision_is_refused_and_changes_nothing(waiting, admin):
    collectives.approve_collective(waiting, admin, scan_id=7)
    other = User.objects.create_superuser("admin2@example.org", "x")

    with pytest.raises(work.AlreadyDecided) as caught:
        collectives.refuse_collective(waiting, other, "Nee", scan_id=7)

    assert caught.value.item.decided_by == admin
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.APPROVED
    assert StateChange.objects.filter(collective=waiting).count() == 2
    assert SentMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_admins_at_once_one_decides(transactional_db):
    admins = [User.objects.create_superuser(f"admin{n}@example.org", "x") for n in range(6)]
    collective = collectives.new_collective(
        name="Zonnig Dorp", country="nl", contact_email="bestuur@example.org", language="nl"
    )
    consents.record_consents(collective, PAGE, version="2026.1")
    collectives.propose_profile(collective, FACTS)
    work.open_work(WorkKind.SCAN, 7, title="Zonnig Dorp", collective=collective)

    def decide(number):
        act = (collectives.approve_collective, collectives.refuse_collective)[number % 2]
        reason = () if number % 2 == 0 else ("Nee",)
        try:
            act(Collective.objects.get(pk=collective.pk), admins[number], *reason, scan_id=7)
        except work.AlreadyDecided:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, range(6))) == 1
    assert StateChange.objects.filter(collective=collective).exclude(decision="").count() == 1
    assert SentMail.objects.count() == 1
    assert AuditEvent.objects.filter(target_type__contains="collective").count() == 1


def test_the_approved_text_stays_public_while_a_newer_one_waits(waiting, admin):
    collectives.approve_collective(waiting, admin, scan_id=7)
    newer = collectives.propose_profile(
        waiting, ProfileFacts(name="Zonniger", description="Nieuw", country="nl", place_name="Aagtdorp")
    )
    waiting.refresh_from_db()
    assert waiting.published_profile.name == "Zonnig Dorp"
    assert newer.revision == 2

    work.open_work(WorkKind.REVISION, newer.pk, title=newer.name, collective=waiting)
    revisions.approve_revision(newer, admin)
    waiting.refresh_from_db()
    assert (waiting.name, waiting.published_profile_id) == ("Zonniger", newer.pk)


def test_proposing_again_changes_the_one_waiting_text(waiting):
    collectives.propose_profile(waiting, FACTS)
    assert CollectiveProfile.objects.filter(collective=waiting).count() == 1


def test_merging_leaves_the_page_as_it_is_until_somebody_approves(waiting, admin):
    existing = collectives.new_collective(
        name="Het Dorp", country="nl", contact_email="eerste@example.org", language="nl"
    )
    collectives.propose_profile(
        existing, ProfileFacts(name="Het Dorp", description="Er al", country="nl", place_name="Aagtdorp")
    )
    consents.record_consents(existing, PAGE, version="2026.1")
    work.open_work(WorkKind.SCAN, 8, title="Het Dorp", collective=existing)
    collectives.approve_collective(existing, admin, scan_id=8)

    collectives.merge_collective(waiting, existing, admin, scan_id=7)

    existing.refresh_from_db()
    waiting.refresh_from_db()
    assert (existing.published_profile.name, existing.contact_email) == ("Het Dorp", "eerste@example.org")
    assert waiting.merged_into == existing
    item = WorkItem.objects.open().get()
    assert (item.kind, item.collective) == (WorkKind.REVISION, existing)


def test_merging_twice_leaves_one_change_to_decide_on(waiting, admin):
    existing = collectives.new_collective(name="Het Dorp", country="nl", contact_email="", language="nl")
    older = collectives.propose_profile(existing, FACTS)
    work.open_work(WorkKind.REVISION, older.pk, title="Het Dorp", collective=existing)

    collectives.merge_collective(waiting, existing, admin, scan_id=7)

    newer = existing.profiles.get(state=ReviewState.PENDING)
    assert [(item.kind, item.target_id) for item in WorkItem.objects.open()] == [
        (WorkKind.REVISION, newer.pk)
    ]


def test_withdrawing_consent_takes_page_and_pin_away(waiting, admin):
    collectives.place_pin(waiting, latitude=52.0, longitude=5.0, precision=PinPrecision.PLACE)
    collectives.approve_collective(waiting, admin, scan_id=7)
    consents.withdraw_consent(Collective.objects.get(pk=waiting.pk), ConsentKind.PROFILE)

    assert not Collective.objects.published().exists()
    assert not MapPin.objects.exists()
    assert Consent.objects.get(kind=ConsentKind.PROFILE).withdrawn_at is not None


def test_the_pointer_and_the_consents_agree(waiting, admin):
    collectives.approve_collective(waiting, admin, scan_id=7)
    for collective in Collective.objects.all():
        agreed = collective.consents.in_force().filter(kind=ConsentKind.PROFILE).exists()
        assert (collective.published_profile_id is not None) is agreed


def test_consents_are_withdrawn_and_given_anew_never_changed(waiting):
    consents.record_consents(waiting, PAGE, version="2026.1")
    assert Consent.objects.filter(collective=waiting).count() == 1
    consents.record_consents(waiting, {ConsentKind.PROFILE: Yes(text="Andere woorden")}, version="2026.2")
    rows = Consent.objects.filter(collective=waiting).order_by("pk")
    assert [(row.text_version, row.withdrawn_at is None) for row in rows] == [
        ("2026.1", False),
        ("2026.2", True),
    ]


def test_work_is_claimed_by_one(waiting, admin):
    item = WorkItem.objects.get()
    other = User.objects.create_superuser("admin2@example.org", "x")
    assert work.claim_work(item, admin) is True
    assert work.claim_work(item, other) is False
    assert work.release_work(item, other) is False
    assert work.release_work(item, admin) is True


ACTS = {
    "approve": lambda collective, by: collectives.approve_collective(collective, by, scan_id=7),
    "return": lambda collective, by: collectives.return_collective(collective, by, "Vul aan.", scan_id=7),
    "refuse": lambda collective, by: collectives.refuse_collective(collective, by, "Past niet.", scan_id=7),
    "consent": lambda collective, by: consents.withdraw_consent(collective, ConsentKind.PROFILE),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_changes_a_collective_takes_its_row_first(waiting, admin, act):
    """Publishing a scan does so too: the other way round, each would wait for the other."""
    with CaptureQueriesContext(connection) as queries:
        act(waiting, admin)
    writes = [
        query["sql"] for query in queries if re.match(r"UPDATE|INSERT|DELETE|SELECT .*FOR ", query["sql"])
    ]
    assert re.match(r'SELECT .* FROM "members_collective" .* FOR NO KEY UPDATE', writes[0])
