"""People are told once; and mailed once at most, at the pace that they chose."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from collectievekracht.common import outbox, registry, suppressions
from collectievekracht.common.models import Promise, SentMail
from members.choices import Pace
from members.models import Notification, NotificationChoice, User
from members.notifications import notify, settle
from members.services import notifying
from tests.factories.members import UserFactory
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=AMSTERDAM)
UNSEEN = set()


def kind(code, pace, name="Iets nieuws"):
    return registry.NotificationKind(
        code,
        lambda facts: f"Er is iets met {facts['what']}",
        lambda facts: reverse("members:directory"),
        lambda user_id, facts: facts["what"] not in UNSEEN,
        name=name,
        pace=pace,
    )


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    for entries in (registry.notification_kinds, registry.mail_kinds):
        monkeypatch.setattr(entries, "_entries", dict(entries._entries))
    monkeypatch.setattr(registry.notification_kinds, "_entries", {})
    UNSEEN.clear()
    for code, pace in (("t.once", Pace.AT_ONCE), ("t.day", Pace.DAILY), ("t.week", Pace.WEEKLY)):
        registry.notification_kinds.add(kind(code, pace))


def tell(kind, *people, what="de zon", key=""):
    notify(kind, [one.pk for one in people], key=key or f"{kind}:{what}", facts={"what": what})


def delivered():
    django_mail.outbox.clear()
    outbox.run_due()
    return [(message.to[0], message.subject) for message in django_mail.outbox]


def digests(moment):
    with time_machine.travel(moment, tick=False):
        return notifying.mail_digests(moment)


def test_each_person_is_told_once_per_key_and_nobody_who_is_gone():
    one, other = UserFactory(), UserFactory()
    gone = UserFactory(is_active=False)
    for _ in range(2):
        tell("t.day", one, other, gone)
    tell("t.day", one, what="wind")
    told = Notification.objects.order_by("pk").values_list("user_id", "facts")
    assert list(told) == [
        (one.pk, {"what": "de zon"}),
        (other.pk, {"what": "de zon"}),
        (one.pk, {"what": "wind"}),
    ]


def test_a_kind_that_nobody_registered_is_refused():
    with pytest.raises(KeyError):
        notify("t.none", [1], key="x", facts={})


@pytest.mark.parametrize("count", [1, 3, 30])
def test_telling_many_costs_as_many_queries_as_one(count, django_assert_num_queries):
    people = UserFactory.create_batch(count)
    with django_assert_num_queries(4):  # a savepoint around the rows and one promise
        tell("t.once", *people)
    assert Promise.objects.count() == 1


def test_what_goes_at_once_is_mailed_once_in_the_readers_language():
    one, other = UserFactory(), UserFactory(language="en")
    tell("t.once", one, other)
    assert delivered() == [
        (one.email, "Er is iets met de zon"),
        (other.email, "Er is iets met de zon"),
    ]
    dutch, english = (message.body for message in django_mail.outbox)
    assert "/afmelden/" in dutch
    assert "/en/collectieven/" in english
    notifying.mail_at_once(0, str(2**40))
    tell("t.once", one, other)
    assert delivered() == []


def test_what_is_read_unwanted_or_hidden_meanwhile_is_not_mailed():
    people = UserFactory.create_batch(4)
    read, unwanted, _hidden, gone = people
    for position, person in enumerate(people):
        tell("t.once", person, what=str(position))
    notifying.read(Notification.objects.get(user=read))
    notifying.choose_paces(unwanted.pk, {"t.once": Pace.NEVER})
    UNSEEN.add("2")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert delivered() == []


def test_what_changes_between_the_promise_and_the_sending_is_heard():
    people = UserFactory.create_batch(4)
    for position, person in enumerate(people):
        tell("t.once", person, what=str(position))
    first = Notification.objects.order_by("pk").first()
    notifying.mail_at_once(first.pk, str(first.pk + 10))
    assert SentMail.objects.count() == 4
    assert {str(mail.context) for mail in SentMail.objects.all()} == {
        f"{{'notifications': [{pk}]}}" for pk in Notification.objects.values_list("pk", flat=True)
    }  # no words before it leaves
    notifying.read(first)
    notifying.choose_paces(people[1].pk, {"t.once": Pace.NEVER})
    UNSEEN.add("2")
    assert delivered() == [(people[3].email, "Er is iets met 3")]
    assert sorted(SentMail.objects.values_list("state", flat=True)) == ["sent", *["withheld"] * 3]


def test_a_digest_leaves_at_seven_with_what_came_before():
    person = UserFactory()
    for hour, what in ((5, "een"), (6, "twee"), (7, "drie")):
        with time_machine.travel(SUNDAY.replace(hour=hour, minute=1), tick=False):
            tell("t.day", person, what=what)
    assert digests(SUNDAY.replace(hour=6, minute=59)) == 0
    for minute in (5, 15):
        digests(SUNDAY.replace(hour=7, minute=minute))
    assert [subject for _to, subject in delivered()] == ["2 dingen zijn nieuw voor je"]
    assert "een" in django_mail.outbox[0].body
    assert "drie" not in django_mail.outbox[0].body
    assert digests(SUNDAY.replace(hour=23)) == 0
    assert digests(SUNDAY + timedelta(days=1)) == 1
    assert [subject for _to, subject in delivered()] == ["1 ding is nieuw voor je"]


def test_the_weeks_digest_leaves_on_monday():
    person = UserFactory()
    with time_machine.travel(SUNDAY, tick=False):
        tell("t.week", person)
    assert digests(SUNDAY + timedelta(hours=1)) == 0
    monday = (SUNDAY + timedelta(days=1)).replace(hour=7, minute=5)
    assert digests(monday.replace(hour=6)) == 0
    assert digests(monday) == 1
    assert digests(monday + timedelta(days=3)) == 0


@pytest.mark.parametrize(
    ("moment", "pace", "end"),
    [
        ("2026-11-22 06:59", Pace.DAILY, "2026-11-21 07:00"),
        ("2026-11-22 07:00", Pace.DAILY, "2026-11-22 07:00"),
        ("2026-11-22 12:00", Pace.WEEKLY, "2026-11-16 07:00"),
        ("2026-11-23 06:59", Pace.WEEKLY, "2026-11-16 07:00"),
        ("2026-11-23 07:00", Pace.WEEKLY, "2026-11-23 07:00"),
        ("2026-03-29 06:00", Pace.DAILY, "2026-03-28 07:00"),  # the night of the clock change
        ("2026-10-26 06:59", Pace.WEEKLY, "2026-10-19 07:00"),
    ],
)
def test_periods_end_at_seven_on_the_clock(moment, pace, end):
    found = notifying.last_end(pace, datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM))
    assert found.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") == end


def test_more_than_fits_in_one_digest_comes_with_the_next():
    person = UserFactory()
    with time_machine.travel(SUNDAY - timedelta(days=1), tick=False):
        for number in range(notifying.LINES + 1):
            tell("t.day", person, what=str(number))
    assert digests(SUNDAY) == 1
    assert digests(SUNDAY) == 0
    assert digests(SUNDAY + timedelta(days=1)) == 1
    assert [subject for _to, subject in delivered()] == [
        f"{notifying.LINES} dingen zijn nieuw voor je",
        "1 ding is nieuw voor je",
    ]


def test_what_came_while_a_kind_was_off_is_never_mailed():
    person = UserFactory()
    notifying.choose_paces(person.pk, {"t.day": Pace.NEVER})
    with time_machine.travel(SUNDAY, tick=False):
        tell("t.day", person)
    notifying.choose_paces(person.pk, {"t.day": Pace.DAILY})
    assert digests(SUNDAY + timedelta(days=1)) == 0
    assert Notification.objects.get().read_at is None


def test_who_changes_to_at_once_gets_what_waited_with_the_days_digest():
    person = UserFactory()
    with time_machine.travel(SUNDAY, tick=False):
        tell("t.day", person)
    notifying.choose_paces(person.pk, {"t.day": Pace.AT_ONCE})
    assert digests(SUNDAY + timedelta(days=1)) == 1
    assert len(delivered()) == 1


@pytest.mark.parametrize(
    ("kind", "to", "mails"),
    [
        ("t.week", Pace.DAILY, 1),
        ("t.day", Pace.WEEKLY, 1),
        ("t.week", Pace.NEVER, 0),
        ("t.day", Pace.NEVER, 0),
    ],
)
def test_what_moves_to_another_pace_while_its_digest_leaves_is_not_lost(kind, to, mails):
    person = UserFactory()
    notifying.choose_paces(person.pk, {"t.once": Pace.NEVER})
    with time_machine.travel(SUNDAY, tick=False):
        tell(kind, person)
    assert digests(SUNDAY + timedelta(days=1)) == 1
    notifying.choose_paces(person.pk, {kind: to})
    assert len(delivered()) == mails
    assert digests(SUNDAY + timedelta(days=30)) == 0


def test_a_daily_mail_that_was_turned_off_is_off_whatever_comes_at_once(client):
    person = UserFactory()
    path = f"/afmelden/{suppressions.turn_off_token('digest.daily', person.email)}/"
    assert [client.get(path).context["state"], client.post(path).context["state"]] == ["on", "done"]
    assert client.get(path).context["state"] == "already"
    assert notifying.paces_of(person.pk)["t.once"] == Pace.AT_ONCE


def test_the_link_in_a_mail_turns_this_kind_off_and_no_other(client):
    person = UserFactory()
    for code in ("news.t.once", "digest.daily"):
        token = suppressions.turn_off_token(code, person.email)
        for _ in range(2):
            assert client.get(f"/afmelden/{token}/").status_code == 200
        before = notifying.paces_of(person.pk)
        for _ in range(3):
            assert client.post(f"/afmelden/{token}/").status_code == 200
        off = {"news.t.once": "t.once", "digest.daily": "t.day"}[code]
        assert before[off] != Pace.NEVER
        assert notifying.paces_of(person.pk) == before | {off: Pace.NEVER}
    assert NotificationChoice.objects.count() == 2
    tell("t.once", person)
    tell("t.day", person)
    digests(datetime.now(AMSTERDAM) + timedelta(days=1))
    assert delivered() == []
    page = client.get(f"/afmelden/{suppressions.turn_off_token('digest.daily', person.email)}/")
    assert page.context["state"] == "already"


def test_old_news_is_thrown_away_after_a_year():
    person = UserFactory()
    with time_machine.travel(SUNDAY, tick=False):
        tell("t.day", person)
    assert notifying.forget_old(SUNDAY + timedelta(days=365)) == 0
    assert notifying.forget_old(SUNDAY + timedelta(days=365, seconds=1)) == 1


class TestDigestsAreMailedOnce(TestCase):
    """Whatever happens in whatever order: one mail a person and period, each thing in one mail at most, and in one
    exactly unless it was read, or its kind was off."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("tell"), st.sampled_from(["t.once", "t.day", "t.week"])),
                st.tuples(st.just("wait"), st.integers(min_value=1, max_value=60)),
                st.tuples(st.just("run"), st.integers(min_value=1, max_value=3)),
                st.tuples(st.just("die"), st.just(0)),
                st.tuples(
                    st.just("choose"), st.tuples(st.sampled_from(["t.day", "t.week"]), st.sampled_from(Pace))
                ),
                st.tuples(st.just("read"), st.just(0)),
            ),
            max_size=25,
        )
    )
    def test_digests(self, acts):
        person, now = UserFactory(), SUNDAY
        off, read, number = set(), set(), 0
        django_mail.outbox.clear()
        with time_machine.travel(now, tick=False) as clock:
            for act, what in [*acts, ("wait", 24 * 15), ("run", 2), ("wait", 24 * 8), ("run", 1)]:
                match act:
                    case "tell":
                        number += 1
                        tell(what, person, what=f"<{number}>", key=str(number))
                        if notifying.paces_of(person.pk)[what] == Pace.NEVER:
                            off.add(number)
                    case "wait":
                        now += timedelta(hours=what)
                        clock.move_to(now)
                    case "run":
                        for _ in range(what):
                            notifying.mail_digests(now)
                        outbox.run_due()
                    case "die":  # after the promise, before the mail left
                        notifying.mail_digests(now)
                    case "choose":
                        notifying.choose_paces(person.pk, {what[0]: what[1]})
                        if what[1] == Pace.NEVER:
                            waiting = Notification.objects.filter(user=person, kind=what[0])
                            off |= {int(key) for key in waiting.values_list("key", flat=True)}
                    case "read":
                        unread = Notification.objects.filter(user=person).unread().order_by("pk").first()
                        if unread:
                            notifying.read(unread)
                            read.add(int(unread.key))
        mails = [message.body for message in django_mail.outbox]
        times = {one: sum(f"<{one}>" in body for body in mails) for one in range(1, number + 1)}
        assert all(count <= 1 for count in times.values())
        assert {one for one, count in times.items() if count == 0} <= off | read
        keys = list(SentMail.objects.filter(kind__startswith="digest.").values_list("key", flat=True))
        assert len(keys) == len(set(keys))


def opened(client, path="/mijn/meldingen/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_mine_newest_first_in_a_fixed_number_of_queries(client, count):
    me, other = UserFactory(), UserFactory()
    tell("t.day", other, what="andermans nieuws")
    for number in range(count):
        tell("t.day", me, what=f"nummer {number}")
    sign_in(client, me)
    with CaptureQueriesContext(connection) as queries:
        answer = opened(client)
    assert len(queries) <= 5
    texts = [line.text for line in answer.context["lines"]]
    assert texts == [f"Er is iets met nummer {number}" for number in reversed(range(count))]
    assert "andermans" not in answer.content.decode()


def test_old_facts_and_kinds_that_are_gone_break_no_list(client):
    me = UserFactory()
    for kind_code, facts in (("t.day", {}), ("t.gone", {"what": "x"}), ("t.day", {"what": "goed"})):
        Notification.objects.create(
            user=me, kind=kind_code, key=str(facts) + kind_code, facts=facts, made_at=SUNDAY
        )
    sign_in(client, me)
    assert [line.text for line in opened(client).context["lines"]] == ["Er is iets met goed"]
    assert digests(SUNDAY + timedelta(days=1)) == 1
    assert len(delivered()) == 1


def test_what_has_no_words_any_more_can_be_marked_as_read(client):
    me = UserFactory()
    Notification.objects.create(user=me, kind="t.gone", key="x", facts={}, made_at=SUNDAY)
    sign_in(client, me)
    until = opened(client).context["until"]
    assert client.post("/mijn/meldingen/", {"until": str(until)}).status_code == 302
    assert not Notification.objects.unread().exists()


def test_what_is_done_is_neither_news_nor_mailed_any_more():
    one, other = UserFactory(), UserFactory()
    with time_machine.travel(SUNDAY, tick=False):
        for person in (one, other):
            tell("t.day", person, what="de zon")
            tell("t.day", person, what="wind")
    settle("t.day", [one.pk], what="de zon")
    settle("t.week", [other.pk], what="de zon")
    unread = Notification.objects.unread().order_by("pk").values_list("user_id", "facts__what")
    assert list(unread) == [(one.pk, "wind"), (other.pk, "de zon"), (other.pk, "wind")]
    digests(SUNDAY + timedelta(days=1))
    assert [subject for _to, subject in delivered()] == [
        "1 ding is nieuw voor je",
        "2 dingen zijn nieuw voor je",
    ]


def test_reading_all_leaves_what_came_after_the_page(client):
    me, other = UserFactory(), UserFactory()
    tell("t.day", me, other, what="een")
    sign_in(client, me)
    until = opened(client).context["until"]
    tell("t.day", me, what="twee")
    for value in ("", "x", "-1", "9" * 30, "²", str(until)):
        assert client.post("/mijn/meldingen/", {"until": value, "user": other.pk}).status_code == 302
    unread = Notification.objects.unread().values_list("user_id", "facts__what")
    assert sorted(unread) == sorted([(me.pk, "twee"), (other.pk, "een")])


def test_opening_one_marks_it_read_and_leads_on_and_anothers_is_none(client):
    me, other = UserFactory(), UserFactory()
    tell("t.day", me, what="een")
    tell("t.day", me, what="weg")
    tell("t.day", other, what="andermans")
    UNSEEN.add("weg")
    mine, hidden, theirs = (
        Notification.objects.get(facts__what=what) for what in ("een", "weg", "andermans")
    )
    sign_in(client, me)
    path = "/mijn/meldingen/{}/"
    assert client.get(path.format(mine.pk)).url == "/collectieven/"
    assert client.get(path.format(hidden.pk)).url == "/mijn/meldingen/"
    assert client.get(path.format(theirs.pk)).status_code == 404
    assert client.get(path.format(10**9)).status_code == 404
    assert client.post(path.format(mine.pk)).status_code == 405
    assert list(Notification.objects.unread()) == [theirs]


def test_choosing_paces_takes_kinds_and_paces_that_are_there_only(client):
    me = UserFactory()
    sign_in(client, me)
    paths = reverse("members:notification_choices")
    given = {"t.once": "never", "t.day": "weekly", "t.week": "weekly"}
    assert client.post(paths, given | {"t.none": "never", "user": 1}).status_code == 302
    chosen = NotificationChoice.objects.values_list("user_id", "kind", "pace")
    assert sorted(chosen) == [(me.pk, "t.day", "weekly"), (me.pk, "t.once", "never")]
    wrong = client.post(paths, given | {"t.once": "hourly"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors.keys() == {"t.once"}
    assert notifying.paces_of(me.pk)["t.once"] == Pace.NEVER


@pytest.mark.parametrize("path", ["/mijn/meldingen/", "/mijn/meldingen/1/", "/mijn/gegevens/meldingen/"])
def test_visitors_are_sent_to_sign_in(client, path):
    assert client.get(path).url.startswith("/account/login/")
