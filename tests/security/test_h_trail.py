"""H17: everything that matters is written down with who, what and when, and nobody can change what was written."""

from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collectievekracht.common.models import AuditEvent
from labs.models import LabMembership
from members.choices import Role
from members.models import AbuseReport
from members.services import erasing, memberships
from tests.factories.members import MembershipFactory, UserFactory
from tests.trust.figures import count

TABLE = "common_auditevent"
REASON = "Vul nog in met hoeveel jullie zijn."


def erase(world, people):
    person = UserFactory()
    erasing.erase_person(person.pk)
    return "person.erased", None, person.pk


def change_role(world, people):
    colleague = MembershipFactory(collective=world.published, role=Role.COLLEAGUE)
    memberships.change_role(colleague, Role.REPRESENTATIVE, by=world.representative)
    return "membership.role", world.representative.pk, colleague.pk


def ask(address, action, target, data=None, who="admin"):
    """An act on a page: which address, and what must be written about which thing."""

    def act(world, people):
        path = address(world)
        answer = people[who].post(path, data) if data is not None else people[who].get(path)
        assert answer.status_code in (200, 302), path
        answer.getvalue()
        return action, getattr(world, who).pk, target(world)

    return act


def rows(app, model, pk):
    return f"/beheer/{app}/{model}/{pk}/change/"


def application(world):
    return LabMembership.objects.earliest("pk").pk


ACTS = {
    "approve a scan": ask(
        lambda w: f"/beheer/selfscan/response/{w.sent.pk}/beoordelen/", "collective.approved", lambda w: w.sent.collective_id,
        {"decision": "approved"},
    ),
    "refuse a request": ask(
        lambda w: f"/beheer/members/joinrequest/{w.join.pk}/beoordelen/", "join_request.refused", lambda w: w.join.pk,
        {"decision": "refused", "reason": REASON},
    ),
    "approve a text": ask(
        lambda w: f"/beheer/members/collectiveprofile/{w.revision.pk}/beoordelen/", "profile.approved", lambda w: w.revision.pk,
        {"decision": "approved"},
    ),
    "see answers in review": ask(
        lambda w: f"/beheer/selfscan/response/{w.sent.pk}/beoordelen/", "response.answers_seen", lambda w: w.sent.pk
    ),
    "see answers": ask(lambda w: rows("selfscan", "response", w.sent.pk), "response.answers_seen", lambda w: w.sent.pk),
    "see a person": ask(
        lambda w: rows("members", "user", w.representative.pk), "user.seen", lambda w: w.representative.pk
    ),
    "see a person by another way of writing": ask(
        lambda w: rows("members", "user", f"+{w.representative.pk}"), "user.seen", lambda w: w.representative.pk
    ),
    "see a collective": ask(
        lambda w: rows("members", "collective", w.published.pk), "collective.seen", lambda w: w.published.pk
    ),
    "see the people of a collective": ask(
        lambda w: f"/mijn/collectief/{w.published.slug}/mensen/", "collective.people_seen", lambda w: w.published.pk
    ),
    "see how a collective develops": ask(
        lambda w: f"/mijn/collectief/{w.published.slug}/ontwikkeling/", "collective.development_seen",
        lambda w: w.published.pk,
    ),
    "open a scan by its link": ask(
        lambda w: f"/zelfscan/{w.draft.token}/", "response.answers_seen", lambda w: w.draft.pk
    ),
    "open a report": ask(
        lambda w: f"/zelfscan/{w.sent.token}/rapport.pdf", "response.answers_seen", lambda w: w.sent.pk
    ),
    "see a request": ask(
        lambda w: f"/beheer/members/joinrequest/{w.join.pk}/beoordelen/", "join_request.seen", lambda w: w.join.pk
    ),
    "see an application": ask(
        lambda w: f"/beheer/labs/labmembership/{application(w)}/beoordelen/", "lab_membership.seen", application
    ),
    "see a report": ask(
        lambda w: f"/beheer/members/abusereport/{AbuseReport.objects.earliest('pk').pk}/beoordelen/", "abuse.seen",
        lambda w: AbuseReport.objects.earliest("pk").pk,
    ),
    "see a reader": ask(
        lambda w: rows("newsletter", "subscriber", w.subscriber.pk), "subscriber.seen", lambda w: w.subscriber.pk
    ),
    "export the trail": ask(lambda w: "/beheer/common/auditevent/logboek.csv", "trail.exported", lambda w: 0),
    "export the offers": ask(lambda w: "/beheer/members/serviceoffer/aanbod.csv", "offer.exported", lambda w: 0),
    "download an import": ask(
        lambda w: f"/beheer/members/importbatch/{w.batch.pk}/verslag.csv", "import.downloaded", lambda w: w.batch.pk
    ),
    "change a role": change_role,
    "erase a person": erase,
}  # fmt: skip
ATTACKS = (
    f"UPDATE {TABLE} SET actor = 1",
    f"UPDATE {TABLE} SET action = 'x' WHERE id = (SELECT min(id) FROM {TABLE})",
    f"DELETE FROM {TABLE}",
    f"TRUNCATE {TABLE}",
    f"TRUNCATE {TABLE} CASCADE",
    f"WITH gone AS (DELETE FROM {TABLE} RETURNING *) SELECT count(*) FROM gone",
    f"INSERT INTO {TABLE} (id, action, target_type, target, before, after) SELECT id, 'x', 'y', 1, '', '' FROM {TABLE} LIMIT 1 "
    "ON CONFLICT (id) DO UPDATE SET action = 'x'",
)


@pytest.fixture
def as_it_runs(db):
    """The database as it runs outside tests, which may empty their own tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER audit_not_emptied")


def refused(attack):
    """Whether the database refuses this."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    except DatabaseError:
        return True
    return False


def test_h17_what_matters_is_written_and_stays(world, people, by_itself, table, as_it_runs):
    missing = []
    before = timezone.now()

    def look(name):
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        action, actor, target = ACTS[name](world, people)
        found = AuditEvent.objects.filter(pk__gt=newest, action=action, actor=actor, target=target)
        moments = list(found.values_list("at", flat=True))
        return [] if len(moments) == 1 and moments[0] else [f"{name}: {len(moments)} of {action}"]

    for name in ACTS:
        missing += by_itself(partial(look, name))
    kept, done = AuditEvent.objects.count(), 0
    assert kept
    for _round in range(count(100)):
        for attack in ATTACKS:
            done += not refused(attack)
    assert AuditEvent.objects.filter(at__lte=before).count() <= kept
    table.add(
        "H17",
        f"{len(ACTS)} acts and looks, and {len(ATTACKS)} ways to change or empty the trail, {count(100)} times",
        seen=f"{len(ACTS) - len(missing)} written with who, what and when {missing or ''}; {done} changes possible, "
        f"{AuditEvent.objects.count()} of {kept} rows there",
        must=f"{len(ACTS)} written, 0 changes",
        holds=not missing and not done and AuditEvent.objects.count() == kept,
    )
