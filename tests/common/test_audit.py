import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from collectievekracht.common import audit
from collectievekracht.common.models import AuditEvent, Heartbeat

pytestmark = pytest.mark.django_db


def test_a_record_says_who_what_and_when():
    audit.record(5, "collective.approve", ("members.collective", 7), before="pending", after="approved")
    event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.target_type, event.target) == (
        5,
        "collective.approve",
        "members.collective",
        7,
    )
    assert (event.before, event.after) == ("pending", "approved")
    assert event.at


def test_a_text_becomes_its_hash():
    audit.record(
        None, "profile.edit", ("members.collective", 7), before="Wij bouwen huizen", after="Wij bouwen"
    )
    event = AuditEvent.objects.get()
    assert len(event.before) == 64
    assert event.before == audit.mark("Wij bouwen huizen") != event.after


def test_a_model_is_named_by_its_label():
    event_about = AuditEvent(pk=3)
    audit.record(1, "see", event_about)
    assert AuditEvent.objects.get().target_type == "common.auditevent"


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEvent.objects.update(actor=None),
        lambda: AuditEvent.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE common_auditevent SET action = 'x'"),
        lambda: connection.cursor().execute("DELETE FROM common_auditevent"),
    ],
)
def test_the_database_refuses_every_change(change):
    audit.record(5, "a", ("x.y", 1))
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        change()
    assert AuditEvent.objects.get().actor == 5


def test_other_tables_may_change():
    Heartbeat.objects.create(name="a", beat_at="2026-01-01T00:00Z")
    Heartbeat.objects.all().delete()
