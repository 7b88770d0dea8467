"""A membership of a lab: what its owner changes, the yearly confirmation, letters, and who may do research."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from collectievekracht.common import registry
from collectievekracht.common.models import SentMail
from collectievekracht.pages.models import Invitation
from collectievekracht.pages.permissions import may_invite
from labs import kinds
from labs.cards import my_labs
from labs.confirming import Standing, a_year_after, is_away, standing
from labs.models import LabMembership
from labs.permissions import may_do_research
from labs.services import confirmations
from labs.services.letters import write_letter
from labs.tasks import keep_confirmed_task
from members.choices import Role
from members.models import Contribution, Notification
from members.permissions import is_member
from tests.factories.labs import LabFactory, LabMembershipFactory
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)
CHANGED = {
    "function": "Hoogleraar", "expertise": "Ik weet nu nog veel meer van geld.", "themes": ["leadership"], "sectors": [],
    "regions": [], "brings": "Een groot netwerk.", "capacity": "0", "absent_from": "2027-01-01", "absent_until": "2027-02-01",
}  # fmt: skip


@pytest.fixture
def mine(client, words):
    one = LabMembershipFactory(lab=LabFactory(science=True), confirm_by=DUE)
    sign_in(client, one.user, second_factor=False)
    return one


def events(membership):
    return list(membership.history.values_list("event", flat=True))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-31, Standing.FRESH), (-30, Standing.ASKED), (0, Standing.ASKED), (1, Standing.DUE), (46, Standing.DUE),
     (47, Standing.LAST_CALL), (60, Standing.LAST_CALL), (61, Standing.UNCONFIRMED), (365, Standing.UNCONFIRMED),
     (366, Standing.OVER), (3000, Standing.OVER)],
)  # fmt: skip
def test_a_membership_ages_by_the_day(days, expected):
    assert standing(DUE, DUE + timedelta(days=days)) is expected  # 2028 has a 29 February


def test_a_year_after_the_29th_of_february_is_the_28th():
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_after(date(2027, 2, 28)) == date(2028, 2, 28)


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [
        (None, None, False),
        (0, 0, True),
        (-1, None, True),
        (1, None, False),
        (None, -1, False),
        (None, 1, True),
    ],
)
def test_absence_counts_both_days(first, last, away):
    today = date(2027, 5, 5)
    days = [None if number is None else today + timedelta(days=number) for number in (first, last)]
    assert is_away(*days, today) is away


def clock(day, hour=10):
    return time_machine.travel(
        datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone()), tick=False
    )


def told():
    return [
        mail.context["standing"] for mail in SentMail.objects.filter(template="labs/confirm").order_by("pk")
    ]


def test_a_silent_member_is_asked_step_by_step_and_then_it_ends(words):
    one = LabMembershipFactory(lab=LabFactory(science=True), confirm_by=DUE)
    researcher = one.user
    researcher.showed_factor = lambda: True
    seen = {}
    for days in (-40, -30, -3, 1, 30, 50, 60, 61, 200, 365, 366, 400):
        with clock(DUE + timedelta(days=days)):
            for _again in range(2):
                keep_confirmed_task()
            one.refresh_from_db()
            seen[days] = (
                told()[-1:],
                may_do_research(researcher),
                is_member(researcher),
                one.ended_at is not None,
            )
    asked, due, last, late = ["asked"], ["due"], ["last_call"], ["unconfirmed"]
    assert seen == {
        -40: ([], True, True, False),
        -30: (asked, True, True, False),
        -3: (asked, True, True, False),
        1: (due, True, True, False),
        30: (due, True, True, False),
        50: (last, True, True, False),
        60: (last, True, True, False),
        61: (late, False, True, False),
        200: (late, False, True, False),
        365: (late, False, True, False),
        366: (late, False, False, True),
        400: (late, False, False, True),
    }
    assert told() == ["asked", "due", "last_call", "unconfirmed"]
    assert events(one) == ["ended"]
    assert Notification.objects.filter(kind="lab_confirm").count() == 1
    assert SentMail.objects.filter(template="labs/ended").count() == 1


def test_the_mailed_link_confirms_with_one_button_and_no_sign_in(client, words):
    one = LabMembershipFactory(lab=LabFactory(science=True), confirm_by=DUE)
    researcher = one.user
    researcher.showed_factor = lambda: True
    with clock(DUE + timedelta(days=70)):
        assert not may_do_research(researcher)
        keep_confirmed_task()
        link = SentMail.objects.get().context["confirm_url"]
        path = link[link.index("/labs/") :]
        for method in (client.get, client.head, client.get):
            assert method(path).status_code == 200
        assert "<button" in client.get(f"/en{path}").content.decode()
        one.refresh_from_db()
        assert (one.confirm_by, events(one)) == (DUE, [])
        for _twice in range(2):
            assert client.post(path).url == path
        one.refresh_from_db()
        assert one.confirm_by == a_year_after(DUE + timedelta(days=70))
        assert events(one) == ["confirmed"]
        assert may_do_research(researcher)
        html = client.get(f"/en{path}").content.decode()
        assert ("Thank you" in html, "<button" in html.split("<main")[1]) == (True, False)


def test_confirming_early_loses_no_day(words):
    one = LabMembershipFactory(confirm_by=DUE)
    with clock(DUE - timedelta(days=20)):
        assert confirmations.confirm(one, one.user, due=DUE)
    one.refresh_from_db()
    assert one.confirm_by == a_year_after(DUE)


@pytest.mark.parametrize("token", ["x", "x" * 500, "WzEsMV0:1abc:zzz"])
def test_a_link_that_is_none_says_so(client, token):
    assert client.get(f"/labs/bevestigen/{token}/").status_code == 404
    assert client.post(f"/labs/bevestigen/{token}/").status_code == 404


def test_the_link_of_an_ended_membership_opens_nothing(client, words):
    one = LabMembershipFactory(confirm_by=DUE)
    path = f"/labs/bevestigen/{confirmations.token_of(one)}/"
    LabMembership.objects.update(ended_at=timezone.now())
    assert client.post(path).status_code == 404
    one.refresh_from_db()
    assert one.confirm_by == DUE


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({}, True),
        ({"lab__science": False}, False),
        ({"pending": True}, False),
        ({"ended_at": timezone.now()}, False),
        ({"confirm_by": date(2020, 1, 1)}, False),
        ({"confirm_by": None}, False),
        ({"user__is_active": False}, False),
    ],
)
@pytest.mark.parametrize("factor", [True, False])
def test_research_is_for_confirmed_members_of_a_lab_that_does_it(given, may, factor):
    one = LabMembershipFactory(**({"lab__science": True} | given))
    one.user.showed_factor = lambda: factor
    assert may_do_research(one.user) is (may and factor)


def test_a_member_changes_what_they_know_and_not_what_was_screened(client, mine):
    extra = {"organisation": "Verkoop BV", "website": "https://verkoop.example/", "state": "pending", "lab": "2",
             "confirm_by": "2099-01-01", "user": "1"}  # fmt: skip
    for _twice in range(2):
        assert client.post("/mijn/labs/science/", CHANGED | extra).status_code == 302
    before = (mine.organisation, mine.website, mine.state, mine.confirm_by, mine.user_id)
    mine.refresh_from_db()
    assert (mine.organisation, mine.website, mine.state, mine.confirm_by, mine.user_id) == before
    assert (mine.function, mine.themes, mine.capacity) == ("Hoogleraar", ["leadership"], 0)
    assert (mine.absent_from, mine.absent_until) == (date(2027, 1, 1), date(2027, 2, 1))
    assert events(mine) == ["changed"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("absent_until", "2026-01-01"), ("absent_from", "morgen"), ("themes", []), ("capacity", "x")],
)
def test_what_is_wrong_changes_nothing(client, mine, field, wrong):
    response = client.post("/mijn/labs/science/", CHANGED | {field: wrong})
    assert list(response.context["form"].errors) == [field]
    assert "Een groot netwerk." in response.content.decode()
    assert events(mine) == []


def test_a_member_chooses_whether_members_see_the_address(client, mine):
    for shown in (True, False):
        client.post("/mijn/labs/science/", CHANGED | ({"show_email": "on"} if shown else {}))
        mine.user.profile.refresh_from_db()
        assert mine.user.profile.audiences["email"] == ("members" if shown else "nobody")
        assert (mine.user.email in client.get("/labs/science/").content.decode()) is shown


@pytest.mark.parametrize("page", ["", "bevestigen/", "einde/"])
def test_of_another_lab_or_person_there_is_nothing(client, mine, page):
    other = LabMembershipFactory(lab=LabFactory(code="finance"))
    missing = client.post(f"/mijn/labs/bestaat-niet/{page}")
    theirs = client.post(f"/mijn/labs/finance/{page}")
    assert (missing.status_code, theirs.status_code) == (404, 404)
    other.refresh_from_db()
    assert other.ended_at is None


def test_the_dashboard_asks_to_confirm_and_one_press_does(client, mine):
    with clock(DUE + timedelta(days=1)):
        sign_in(client, mine.user, second_factor=False)
        assert 'action="/mijn/labs/science/bevestigen/"' in client.get("/mijn/").content.decode()
        assert client.get("/mijn/labs/science/bevestigen/").status_code == 405
        client.post("/mijn/labs/science/bevestigen/")
        client.post("/mijn/labs/science/bevestigen/")
        assert 'action="/mijn/labs/science/bevestigen/"' not in client.get("/mijn/").content.decode()
    mine.refresh_from_db()
    assert (mine.confirm_by, events(mine)) == (a_year_after(DUE + timedelta(days=1)), ["confirmed"])


def test_a_confirmation_is_a_line_of_the_ledger_and_ends_the_question(words):
    one = LabMembershipFactory(confirm_by=DUE)
    with clock(DUE):
        keep_confirmed_task()
        assert Notification.objects.unread().count() == 1
        for _twice in range(2):
            confirmations.confirm(one, one.user, due=DUE)
    assert not Notification.objects.unread().exists()
    lines = Contribution.objects.values_list("user", "collective", "kind", "direction", "facts__lab")
    assert list(lines) == [(one.user_id, None, "lab_stayed", "gave", one.lab.code)]
    with clock(a_year_after(DUE)):
        confirmations.confirm(one, one.user, due=a_year_after(DUE))
    assert Contribution.objects.count() == 2


def test_what_labs_tell_is_told_in_both_languages(words):
    facts = kinds.facts_of(LabMembershipFactory(lab=LabFactory(science=True)))
    told = [
        registry.notification_kinds[code]
        for code in (kinds.ACCEPTED, kinds.ASKED, kinds.DECLINED, kinds.CONFIRM)
    ]
    told += [
        registry.contribution_kinds[code] for code in (kinds.JOINED, kinds.STAYED, kinds.THERE, kinds.WROTE)
    ]
    for kind in told:
        said = []
        for language in ("nl", "en"):
            with override(language):
                said.append(str(kind.text(facts)).replace("Sciencelab", "").replace("Science Lab", ""))
        assert said[0] != said[1], kind.code


@pytest.mark.parametrize("count", [1, 3])
def test_the_card_asks_once_for_any_number(rf, count, django_assert_num_queries):
    person = UserFactory()
    for _number in range(count):
        LabMembershipFactory(user=person)
    LabMembershipFactory(user=person, ended_at=timezone.now())
    request = rf.get("/mijn/")
    request.user = person
    with django_assert_num_queries(1):
        assert len(my_labs(request)["rows"]) == count
    request.user = UserFactory()
    assert my_labs(request) is None


def test_ending_takes_one_more_question(client, mine):
    assert client.get("/mijn/labs/science/einde/").status_code == 200
    mine.refresh_from_db()
    assert mine.ended_at is None
    assert client.post("/mijn/labs/science/einde/").url == "/labs/science/"
    assert not is_member(mine.user)
    assert events(mine) == ["ended"]
    assert client.get("/mijn/labs/science/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("visitor", 302), ("newcomer", 404), ("member", 200), ("lab member", 200)]
)
def test_only_members_write_to_a_lab_member(client, words, role, status):
    one = LabMembershipFactory(lab=LabFactory(science=True), user__email="geheim@lab.example")
    person = UserFactory(email="ik@lab.example", name="Ik Zelf")
    if role == "member":
        MembershipFactory(user=person, collective=CollectiveFactory(published=True), role=Role.COLLEAGUE)
    if role == "lab member":
        LabMembershipFactory(user=person)
    if role != "visitor":
        sign_in(client, person, second_factor=False)
    path = f"/labs/science/leden/{one.user.profile.handle}/schrijven/"
    assert client.get(path).status_code == status
    assert client.get(path.replace("science", "bestaat-niet")).status_code in (302, 404)
    letter = {"name": "Ik Zelf", "email": "ander@lab.example", "message": "Kun je met ons meedenken?"}
    client.post(path, letter)
    mails = list(SentMail.objects.values_list("to", "reply_to", "template"))
    sent = [("geheim@lab.example", "ik@lab.example", "labs/letter")]
    assert mails == (sent if status == 200 else [])
    if status == 200:
        assert "geheim@lab.example" not in client.get(path).content.decode()
    assert Contribution.objects.count() == (2 if status == 200 else 0)


@pytest.mark.parametrize(("collectives", "of_collective"), [(0, False), (1, True), (2, False)])
def test_a_letter_is_a_line_of_both_that_names_neither(words, collectives, of_collective):
    one, writer = LabMembershipFactory(), UserFactory(email="ik@lab.example", name="Ik Zelf")
    mine = [MembershipFactory(user=writer, collective__published=True).collective for _ in range(collectives)]
    MembershipFactory(user=writer, collective=CollectiveFactory(proposed=True))
    for key in ("a", "a", "b"):
        write_letter(one, writer, name="Ik Zelf", message="Kun je meedenken?", key=key)
    write_letter(one, one.user, name="Mijzelf", message="Een briefje voor mij.", key="c")
    lines = Contribution.objects.order_by("pk").values_list("kind", "direction", "user", "collective")
    gave = ("lab_there", "gave", one.user_id, None)
    got = ("lab_wrote", "got", writer.pk, mine[0].pk if of_collective else None)
    assert list(lines) == [gave, got, gave, got]
    told = " ".join(f"{line.key} {line.facts}" for line in Contribution.objects.filter(kind="lab_wrote"))
    assert one.organisation not in told
    assert "'membership'" not in told
    assert "Ik Zelf" not in str(list(Contribution.objects.values()))


@pytest.mark.parametrize(("until", "told"), [(None, "is away. An"), (date(2027, 3, 9), "9 March 2027")])
def test_who_writes_reads_that_somebody_is_away(client, words, until, told):
    one = LabMembershipFactory(lab=LabFactory(science=True), absent_from=DUE, absent_until=until)
    with clock(DUE):
        sign_in(client, LabMembershipFactory().user, second_factor=False)
        path = f"/en/labs/science/leden/{one.user.profile.handle}/schrijven/"
        assert told in client.get(path).content.decode()
        LabMembership.objects.update(absent_from=None, absent_until=None)
        assert told not in client.get(path).content.decode()


def test_nobody_writes_to_who_left(client, mine):
    one = LabMembershipFactory(lab=mine.lab, ended_at=timezone.now())
    assert client.get(f"/labs/science/leden/{one.user.profile.handle}/schrijven/").status_code == 404


def test_lab_members_may_invite(words):
    one = LabMembershipFactory()
    assert may_invite(one.user)
    assert not may_invite(LabMembershipFactory(pending=True).user)


def test_a_lab_member_invites_for_themselves(client, mine):
    posted = {"addresses": "gast@lab.example", "kind": "lab", "language": "nl", "sentence": ""}
    assert client.post("/mijn/uitnodigen/", posted).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.inviter, invitation.collective) == (mine.user, None)
