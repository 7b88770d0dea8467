"""Accounts that nobody uses: the days on which they are warned and erased, and what keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from collectievekracht.celery import schedule
from collectievekracht.common.models import SentMail
from members import tasks
from members.models import User
from members.services import erasing, idle
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.trust.figures import count

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(settings):
    settings.OUTBOX_PUBLISH = False


def on_day(number, act=None):
    """What happens on this day after the last sign-in, at the hour of the scheduler."""
    moment = SEEN + timedelta(days=number, hours=-5)
    with time_machine.travel(moment, tick=False):
        return (act or idle.mind_idle_accounts)(moment)


def someone(**facts):
    return UserFactory(**{"last_login": SEEN, "date_joined": SEEN} | facts)


def test_two_warnings_and_then_it_is_erased_each_on_its_day():
    person = someone()
    happened = {day: on_day(day) for day in range(668, 733)}
    assert {day: done for day, done in happened.items() if done != (0, 0)} == {
        670: (1, 0),
        716: (1, 0),
        730: (0, 1),
    }
    assert not User.objects.filter(pk=person.pk).exists()


def test_h16_idle_accounts_go_on_their_day_and_not_before(table):
    people = [someone().pk for _ in range(count(30))]
    kept = [someone(last_login=SEEN + timedelta(days=1)).pk, someone(is_staff=True).pk]
    on_day(670)
    on_day(716)
    on_day(729)
    before = User.objects.filter(pk__in=people).count()
    on_day(730)
    after = User.objects.filter(pk__in=people).count()
    table.add(
        "H16",
        f"{len(people)} accounts without a sign-in in 24 months, warned twice",
        seen=f"a day before: {len(people) - before} erased; on the day: {len(people) - after}; others: "
        f"{2 - User.objects.filter(pk__in=kept).count()}",
        must=f"0, {len(people)}, 0",
        holds=(before, after, User.objects.filter(pk__in=kept).count()) == (len(people), 0, 2),
    )


def test_a_scheduler_that_was_away_warns_twice_all_the_same():
    person = someone()
    assert on_day(900) == (1, 0)
    assert on_day(900) == (1, 0), "the second one"
    assert on_day(900) == (0, 0)
    assert on_day(913) == (0, 0)
    assert on_day(914) == (0, 1)
    assert not User.objects.filter(pk=person.pk).exists()


def test_who_signs_in_is_left_in_peace():
    person = someone()
    on_day(670)
    on_day(716)
    User.objects.filter(pk=person.pk).update(last_login=SEEN + timedelta(days=720))
    assert on_day(730) == on_day(1389) == (0, 0)
    assert on_day(1390) == (1, 0), "from the first warning again"


def test_who_never_signed_in_counts_from_the_day_of_joining():
    someone(last_login=None)
    assert on_day(669) == (0, 0)
    assert on_day(670) == (1, 0)


def test_an_account_that_cannot_be_erased_keeps_no_other(monkeypatch):
    stuck, free = someone(), someone()
    erase = idle.erase_person
    monkeypatch.setattr(idle, "erase_person", lambda pk: 1 / 0 if pk == stuck.pk else erase(pk))
    for day in (670, 716):
        assert on_day(day) == (2, 0)
    assert on_day(730) == (0, 1)
    assert list(User.objects.values_list("pk", flat=True)) == [stuck.pk]
    assert free.pk != stuck.pk


def test_the_collective_of_who_is_erased_stays():
    person = someone()
    collective = CollectiveFactory(published=True)
    MembershipFactory(user=person, collective=collective)
    for day in (670, 716, 730):
        on_day(day)
    collective.refresh_from_db()
    assert (User.objects.filter(pk=person.pk).exists(), collective.closed_at) == (False, None)


def test_the_team_hears_before_that_nobody_will_speak(settings):
    settings.ADMINS_NOTIFY = ["beheer@voorbeeld.example"]
    alone, one_of_two = someone(), someone()
    collective = CollectiveFactory(published=True)
    MembershipFactory(user=alone, collective=collective)
    pair = MembershipFactory(user=one_of_two, collective=CollectiveFactory(published=True)).collective
    MembershipFactory(user=someone(last_login=SEEN + timedelta(days=600)), collective=pair)
    told = []
    for day in (670, 716, 717, 729):
        on_day(day)
        told.append(SentMail.objects.filter(template="members/nobody_soon").count())
    assert told == [0, 1, 1, 1]
    letter = SentMail.objects.get(template="members/nobody_soon")
    assert (letter.context["collective"], letter.context["day"]) == (collective.name, "29 februari 2028")


def test_who_signs_in_while_others_are_erased_stays(monkeypatch):
    first, second = someone(), someone()
    for day in (670, 716):
        on_day(day)
    erase = erasing.erase_person

    def meanwhile(pk):
        User.objects.filter(pk=second.pk).update(last_login=SEEN + timedelta(days=730))
        return erase(pk)

    monkeypatch.setattr(idle, "erase_person", meanwhile)
    assert on_day(730) == (0, 1)
    assert list(User.objects.values_list("pk", flat=True)) == [second.pk]
    assert first.pk < second.pk


def test_the_warning_names_the_day_in_the_readers_language():
    someone(language="en")
    someone(language="nl")
    on_day(670)
    days = SentMail.objects.order_by("pk").values_list("language", "context__day", "context__login_url")
    assert [(language, day, url.split("/", 3)[3]) for language, day, url in days] == [
        ("en", "29 February 2028", "en/account/login/"),
        ("nl", "29 februari 2028", "account/login/"),
    ]


def test_accounts_that_nobody_proved_go_after_a_week():
    def unproven(**facts):
        person = someone(last_login=None, **facts)
        person.emailaddress_set.update(verified=False)
        return person

    young = unproven(date_joined=SEEN + timedelta(days=2))
    old = unproven()
    by_team = someone(last_login=None, verified=False)
    proven = someone(last_login=None)
    assert on_day(7, idle.forget_unproven_accounts) == 0
    assert on_day(8, idle.forget_unproven_accounts) == 1
    left = set(User.objects.values_list("pk", flat=True))
    assert left == {young.pk, by_team.pk, proven.pk}
    assert old.pk not in left


def test_an_address_that_is_proven_meanwhile_keeps_its_account(monkeypatch):
    people = [someone(last_login=None) for _ in range(2)]
    for person in people:
        person.emailaddress_set.update(verified=False)
    erase = erasing.erase_person

    def meanwhile(pk):
        people[1].emailaddress_set.update(verified=True)
        return erase(pk)

    monkeypatch.setattr(idle, "erase_person", meanwhile)
    assert on_day(8, idle.forget_unproven_accounts) == 1
    assert list(User.objects.values_list("pk", flat=True)) == [people[1].pk]


def test_the_scheduler_does_all_of_it(client):
    entry = schedule()["mind_accounts"]
    assert entry["task"] == tasks.mind_accounts_task.name
    client.force_login(someone())
    session = Session.objects.get()
    UserSession.objects.create(
        user_id=User.objects.get().pk, session_key="gone", ip="192.0.2.1", user_agent="x"
    )
    UserSession.objects.create(
        user_id=User.objects.get().pk, session_key=session.pk, ip="192.0.2.1", user_agent="x"
    )
    tasks.mind_accounts_task()
    assert [one.session_key for one in UserSession.objects.all()] == [session.pk]
    Session.objects.update(expire_date=SEEN)
    tasks.mind_accounts_task()
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)
