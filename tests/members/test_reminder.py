"""Admins are reminded of what is due, once a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collectievekracht.common import mail
from collectievekracht.common.models import SentMail
from members.choices import WorkKind
from members.models import WorkItem
from members.services import work
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


def due(title, hours):
    item = work.open_work(WorkKind.SCAN, WorkItem.objects.count() + 1, title=title)
    WorkItem.objects.filter(pk=item.pk).update(due_at=MORNING + timedelta(hours=hours))


def test_each_admin_gets_one_mail_a_day_that_lists_what_is_due(db):
    admins = [UserFactory(admin=True) for _ in range(2)]
    UserFactory()
    due("Te laat <b>x</b>", -20)
    due("Vandaag", 9)
    due("Morgen", 33)
    for minutes in (0, 15, 300):
        assert work.remind_admins(MORNING + timedelta(minutes=minutes)) == 2
    mails = SentMail.objects.filter(template="members/work_due")
    assert sorted(mails.values_list("to", flat=True)) == sorted(admin.email for admin in admins)
    assert work.remind_admins(MORNING + timedelta(days=1)) == 3
    assert mails.count() == 4

    first = mails.order_by("pk")[0]
    subject, text, html, _off = mail.render(first.template, first.kind, first.to, first.context, "nl")
    assert "Vandaag" in text
    assert "Morgen" not in text
    assert "<b>x</b>" not in html
    assert "/beheer/" in text
    assert subject.startswith("2 ")


def test_nothing_due_is_no_mail(db):
    UserFactory(admin=True)
    due("Morgen", 33)
    assert work.remind_admins(MORNING) == 0
    assert not SentMail.objects.exists()
