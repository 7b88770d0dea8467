"""Once a year: asked once, answered by one button, and looking changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import Activity, Decision, ReviewState, WorkKind
from members.models import Collective, CollectiveProfile, Notification, StateChange, WorkItem
from members.notifications import notify
from members.page_news import STILL_RIGHT
from members.page_text import mark
from members.queries_signs import last_sign_of
from members.services import still_right
from members.services.activity import confirm
from members.services.collectives import ProfileFacts
from members.services.revisions import facts_of, propose_change, text_to_edit
from tests.factories.members import CollectiveFactory, MembershipFactory
from tests.factories.signing_in import sign_in

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def collective(terms):
    with time_machine.travel(START, tick=False):
        made = CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp", created_at=START)
        CollectiveProfile.objects.update(created_at=START)
        return made


def mails():
    return list(SentMail.objects.order_by("pk").values_list("key", flat=True))


def link_of(mail):
    return mail.context["url"].partition("/collectieven/")[2].join(("/collectieven/", ""))


def ask(moment):
    """Ask at this moment; the database has a clock of its own, so its mails are dated by hand."""
    before = mails()
    with time_machine.travel(moment, tick=False):
        number = still_right.ask(moment)
    SentMail.objects.exclude(key__in=before).update(created_at=moment)
    return number


@pytest.mark.parametrize(("days", "sent"), [(0, 0), (364, 0), (365, 1), (380, 1), (700, 1)])
def test_it_is_asked_after_a_year_and_not_a_day_before(collective, days, sent):
    assert ask(START + timedelta(days=days)) == sent
    assert len(mails()) == sent


def test_it_is_asked_once_and_reminded_once_however_often_this_runs(collective):
    for day in range(360, 500):
        for _twice in range(2):
            ask(START + timedelta(days=day))

    first, again = SentMail.objects.order_by("pk")
    assert (first.created_at - START).days == 365
    assert (again.created_at - first.created_at).days == 30
    assert "_again:" in again.key
    assert (first.to, first.context["again"], again.context["again"]) == (
        "zonnig-dorp@collectief.example", False, True,
    )  # fmt: skip


def test_a_turn_of_the_calendar_year_is_no_new_question(collective):
    Collective.objects.update(created_at=START.replace(year=2025, month=12, day=20))
    StateChange.objects.all().delete()
    CollectiveProfile.objects.update(created_at=START.replace(year=2025, month=12, day=20))
    for day in range(25):
        ask(datetime(2026, 12, 20, 10, tzinfo=UTC) + timedelta(days=day))

    assert len(mails()) == 1


def test_who_never_answers_is_asked_again_the_year_after(collective):
    for day in (366, 400, 729, 731, 770):
        ask(START + timedelta(days=day))

    assert len(mails()) == 4


SIGNS = {
    "a confirmation": lambda one, at: Collective.objects.filter(pk=one.pk).update(confirmed_at=at),
    "an approved text": lambda one, at: CollectiveProfile.objects.filter(collective=one).update(
        decided_at=at
    ),
    "a proposed text": lambda one, at: CollectiveProfile.objects.filter(collective=one).update(created_at=at),
    "a scan that was sent": lambda one, at: WorkItem.objects.create(
        kind=WorkKind.SCAN, target_id=1, collective=one, title="x", opened_at=at, due_at=at
    ),
    "an approval": lambda one, at: StateChange.objects.create(
        collective=one, to_state=ReviewState.APPROVED, decision=Decision.APPROVED, at=at
    ),
    "letting in": lambda one, at: Collective.objects.filter(pk=one.pk).update(onboarded_at=at),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_any_sign_of_life_starts_the_year_anew(collective, sign):
    later = START + timedelta(days=100)
    SIGNS[sign](collective, later)

    assert last_sign_of(collective) == later
    assert ask(START + timedelta(days=400)) == 0
    assert ask(later + YEAR) == 1


@pytest.mark.parametrize(
    "without",
    [
        {"contact_email": ""},
        {"activity": Activity.STOPPED},
        {"closed_at": START},
        {"state": ReviewState.REFUSED},
        {"published_profile": None},
    ],
)
def test_nobody_else_is_asked(collective, without):
    Collective.objects.update(**without)

    assert ask(START + timedelta(days=400)) == 0
    assert mails() == []


@pytest.mark.parametrize("count", [1, 3])
def test_asking_takes_a_fixed_number_of_queries_for_those_who_were_asked(
    terms, count, django_assert_max_num_queries
):
    for number in range(count):
        CollectiveFactory(published=True, slug=f"een-{number}", created_at=START)
    CollectiveProfile.objects.update(created_at=START)
    ask(START + timedelta(days=370))
    with django_assert_max_num_queries(7):
        ask(START + timedelta(days=371))
    assert len(mails()) == count


def test_representatives_with_another_address_hear_of_it_on_the_site(collective):
    same = MembershipFactory(collective=collective, user__email=collective.contact_email).user
    other = MembershipFactory(collective=collective).user
    ask(START + timedelta(days=370))

    assert list(Notification.objects.values_list("user", flat=True)) == [other.pk]
    assert same.pk != other.pk


@pytest.mark.parametrize("how", ["button", "change"])
def test_once_somebody_looked_the_question_is_no_news_any_more(collective, how):
    here, there = (MembershipFactory(collective=one).user for one in (collective, CollectiveFactory()))
    facts = {"collective": there.memberships.get().collective_id, "slug": "x", "name": "Ander Dorp"}
    ask(START + timedelta(days=370))
    notify(STILL_RIGHT, [there.pk], key="x", facts=facts)
    if how == "button":
        confirm(collective, here)
    else:
        text = facts_of(text_to_edit(collective))
        propose_change(
            collective, ProfileFacts(**text | {"description": "Anders."}), by=here, seen=mark(text)
        )
    assert list(Notification.objects.unread().values_list("user", flat=True)) == [there.pk]


def test_e4_a_scanner_that_opens_the_link_changes_nothing(collective, client):
    now = START + timedelta(days=370)
    ask(now)
    link = link_of(SentMail.objects.get())
    with time_machine.travel(now, tick=False):
        for method in (client.get, client.head, client.get):
            assert method(link).status_code == 200
        shown = client.get(link).content.decode()

    collective.refresh_from_db()
    assert collective.confirmed_at is None
    assert collective.published_profile.description in shown
    assert "noindex" in shown
    assert not AuditEvent.objects.filter(action="collective.confirmed").exists()


def test_one_button_confirms_once_without_signing_in(collective, client):
    now = START + timedelta(days=370)
    ask(now)
    link = link_of(SentMail.objects.get())
    with time_machine.travel(now, tick=False):
        first = client.post(link)
        again = client.post(link)
        looked = client.get(link)

    collective.refresh_from_db()
    assert collective.confirmed_at == now
    assert (first.status_code, first.context["state"]) == (200, "done")
    assert [answer.context["state"] for answer in (again, looked)] == ["already", "already"]
    assert AuditEvent.objects.filter(action="collective.confirmed").count() == 1
    assert ask(now + timedelta(days=364)) == 0
    assert ask(now + timedelta(days=365)) == 1


def test_f3_an_old_wrong_or_foreign_link_confirms_nothing(collective, client, table):
    now = START + timedelta(days=370)
    ask(now)
    link = link_of(SentMail.objects.get())
    token = link.rstrip("/").rpartition("/")[2]
    other = CollectiveFactory(published=True, slug="ander-dorp", created_at=START)
    wrong = [link.replace("zonnig-dorp", other.slug), link.replace("zonnig-dorp", "bestaat-niet")]
    wrong += [link.replace(token, token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :])
              for place in range(len(token))]  # fmt: skip
    with time_machine.travel(now, tick=False):
        answers = [client.post(one).status_code for one in wrong]
    with time_machine.travel(now + timedelta(days=61), tick=False):
        late = [client.get(link).status_code, client.post(link).status_code]
    with time_machine.travel(now + timedelta(days=59), tick=False):
        in_time = client.get(link).status_code

    confirmed = Collective.objects.exclude(confirmed_at=None).count()
    table.add(
        "F3",
        f"the yearly link: {len(wrong)} that were tampered with, and after 60 days",
        seen=f"{sorted(set(answers))}, then {late}; confirmed {confirmed}",
        must="404, then 410; confirmed 0",
        holds=set(answers) == {404} and late == [410, 410] and confirmed == 0 and in_time == 200,
    )


def test_the_link_of_a_page_that_went_is_gone(collective, client):
    now = START + timedelta(days=370)
    ask(now)
    link = link_of(SentMail.objects.get())
    Collective.objects.update(published_profile=None)
    with time_machine.travel(now, tick=False):
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404


def test_a_representative_confirms_signed_in(collective, client):
    sign_in(client, MembershipFactory(collective=collective).user)
    assert client.get("/mijn/collectief/zonnig-dorp/klopt/").status_code == 405
    client.post("/mijn/collectief/zonnig-dorp/klopt/")

    collective.refresh_from_db()
    assert collective.confirmed_at is not None


def test_the_mail_says_what_it_is_and_can_be_turned_off(collective):
    from collectievekracht.common import mail

    ask(START + timedelta(days=370))
    one = SentMail.objects.get()
    subject, text, html, off = mail.render(one.template, one.kind, one.to, one.context, one.language)
    assert subject == "Klopt de pagina van Zonnig Dorp nog?"
    assert one.context["url"] in text
    assert one.context["url"].replace("&", "&amp;") in html
    assert off
