"""Applying for a lab: once, by a proven person, and what the team then decides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from collectievekracht.common.models import AuditEvent, SentMail
from labs import declaration
from labs.models import LabMembership
from labs.services import applications
from labs.services.memberships import end_membership
from members.choices import Decision, ReviewState, WorkKind
from members.models import Contribution, Notification, User, WorkItem
from members.permissions import is_member
from members.services.work import AlreadyDecided
from tests.factories.labs import APPLICATION, LabFactory, LabMembershipFactory, make_application
from tests.factories.members import UserFactory
from tests.factories.signing_in import enter_admin, sign_in

pytestmark = pytest.mark.django_db
FILLED_IN = {
    "organisation": "Hogeschool Voorbeeld", "function": "Lector", "website": "hogeschool.example",
    "expertise": "Ik weet veel van coöperaties en hoe die aan geld komen.", "themes": ["financing", "leadership"],
    "sectors": ["energy"], "regions": ["NL-OV", "NL-GE"], "brings": "Tijd om mee te denken.", "capacity": "2",
    "declared": "on",
}  # fmt: skip
REASON = "Je verkoopt advies aan collectieven, en dat past hier niet."
ADDRESS = "/en/labs/science/aanmelden/"


@pytest.fixture
def lab(words):
    return LabFactory(science=True)


@pytest.fixture
def me(client):
    person = UserFactory(name="Lies Lector")
    sign_in(client, person, second_factor=False)
    return person


def history(membership):
    return list(membership.history.values_list("event", flat=True))


def test_who_is_signed_out_signs_in_and_comes_back(client, lab):
    for code in ("science", "bestaat-niet"):
        response = client.get(f"/labs/{code}/aanmelden/")
        assert response.url == f"/account/login/?next=/labs/{code}/aanmelden/"


def test_an_application_waits_for_the_team(client, lab, me):
    before = timezone.now()
    assert client.post(ADDRESS, FILLED_IN).url == ADDRESS
    one = LabMembership.objects.get()
    assert (one.user, one.lab, one.state, one.ended_at, one.suggested_by) == (me, lab, "pending", None, "")
    assert (one.themes, one.sectors, one.regions) == (
        ["financing", "leadership"],
        ["energy"],
        ["NL-OV", "NL-GE"],
    )
    assert (one.website, one.capacity, one.confirm_by) == ("https://hogeschool.example", 2, None)
    assert one.declaration == f"[{declaration.VERSION}] {declaration.WORDS}"
    assert one.declared_at >= before
    assert history(one) == ["applied"]
    work = WorkItem.objects.get()
    assert (work.kind, work.target_id, work.decided_at) == (WorkKind.APPLICATION, one.pk, None)
    assert work.title == "Lies Lector · Sciencelab · Hogeschool Voorbeeld"
    html = client.get(ADDRESS).content.decode()
    assert "Your application is with the team" in html
    assert not is_member(me)


def test_the_declaration_is_asked_by_itself_and_never_ticked(client, lab, me):
    html = client.get(ADDRESS).content.decode()
    assert 'name="declared"' in html
    assert "checked" not in html
    response = client.post(ADDRESS, {**FILLED_IN, "declared": ""})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["declared"]
    assert "Ik weet veel van coöperaties" in response.content.decode()
    assert not LabMembership.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("organisation", ""), ("expertise", "kort"), ("themes", []), ("themes", ["bestaat-niet"]), ("regions", ["XX"]),
     ("brings", ""), ("website", "geen adres"), ("capacity", "-1"), ("capacity", "9999"), ("organisation", "a\u202eb")],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(client, lab, me, field, wrong):
    response = client.post(ADDRESS, FILLED_IN | {field: wrong})
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "Tijd om mee te denken." in response.content.decode() or field == "brings"
    assert not LabMembership.objects.exists()


def test_extra_fields_have_no_effect(client, lab, me):
    other = LabFactory(code="other")
    extra = {"state": "approved", "lab": other.pk, "user": UserFactory().pk, "confirm_by": "2099-01-01",
             "suggested_by": "surfconext:science", "declaration": "Ik verkoop alles.", "is_staff": "1"}  # fmt: skip
    client.post(ADDRESS, FILLED_IN | extra)
    one = LabMembership.objects.get()
    assert (one.user, one.lab, one.state, one.confirm_by, one.suggested_by) == (me, lab, "pending", None, "")
    assert "alles" not in one.declaration


def test_applying_twice_gives_the_same_answer(client, lab, me):
    first = client.post(ADDRESS, FILLED_IN)
    second = client.post(ADDRESS, FILLED_IN | {"organisation": "Iets anders"})
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert LabMembership.objects.get().organisation == "Hogeschool Voorbeeld"
    assert WorkItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_applying_twice_at_once_makes_one_application(lab):
    person = UserFactory()

    def one(_number):
        try:
            return applications.apply(person, lab, APPLICATION)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(4)))
    assert sorted(answers) == [False, False, False, True]
    assert (LabMembership.objects.count(), WorkItem.objects.count()) == (1, 1)


def test_who_has_no_name_gives_it_once(client, lab, me):
    User.objects.filter(pk=me.pk).update(name="")
    assert list(client.post(ADDRESS, FILLED_IN).context["form"].errors) == ["name"]
    client.post(ADDRESS, FILLED_IN | {"name": "Lies"})
    me.refresh_from_db()
    assert me.name == "Lies"


def test_an_address_that_was_not_proven_applies_for_nothing(client, lab):
    sign_in(client, UserFactory(verified=False))
    assert "First confirm your e-mail address" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, FILLED_IN).status_code == 403
    assert not LabMembership.objects.exists()


def test_an_institution_suggests_and_decides_nothing(client, lab, me):
    with patch("labs.views.applying.suggested_lab", return_value="science"):
        assert "Your institution says that you work there." in client.get(ADDRESS).content.decode()
        client.post(ADDRESS, FILLED_IN)
    one = LabMembership.objects.get()
    assert (one.suggested_by, one.state) == ("surfconext:science", "pending")


def test_accepting_opens_what_is_for_members(lab, words):
    one, admin = make_application(lab), UserFactory(admin=True)
    applications.accept(one, admin)
    one.refresh_from_db()
    today = timezone.localdate()
    assert (one.state, one.confirm_by) == ("approved", today.replace(year=today.year + 1))
    assert history(one) == ["applied", "accepted"]
    assert is_member(one.user)
    assert one.user.profile.handle
    assert [(mail.template, mail.to) for mail in SentMail.objects.all()] == [
        ("labs/accepted", one.user.email)
    ]
    assert list(Notification.objects.values_list("user", "kind")) == [(one.user_id, "lab_accepted")]
    assert list(Contribution.objects.values_list("user", "kind", "direction")) == [
        (one.user_id, "lab_joined", "gave")
    ]
    assert (
        AuditEvent.objects.filter(action="lab_membership.approved", actor=admin.pk, target=one.pk).count()
        == 1
    )
    assert WorkItem.objects.get().decision == Decision.APPROVED


def test_a_question_is_answered_with_everything_kept(client, lab, me, words):
    one = make_application(lab, me)
    applications.ask(one, UserFactory(admin=True), "Voor wie werk je precies?")
    mail = SentMail.objects.get()
    assert (mail.template, mail.context["question"]) == ("labs/asked", "Voor wie werk je precies?")
    html = client.get(ADDRESS).content.decode()
    assert "Voor wie werk je precies?" in html
    assert 'value="Hogeschool Voorbeeld"' in html
    assert "Tijd om mee te denken." in html
    client.post(ADDRESS, FILLED_IN | {"organisation": "Universiteit Voorbeeld"})
    one.refresh_from_db()
    assert (one.state, one.organisation) == ("pending", "Universiteit Voorbeeld")
    assert history(one) == ["applied", "asked", "answered"]
    assert WorkItem.objects.open().get().target_id == one.pk
    applications.accept(one, UserFactory(admin=True))
    assert is_member(me)


def test_after_an_answer_the_days_of_the_team_count_anew(client, lab, words):
    monday = datetime(2027, 3, 1, 10, tzinfo=timezone.get_current_timezone())
    person = UserFactory()
    with time_machine.travel(monday, tick=False):
        one = make_application(lab, person)
        applications.ask(one, UserFactory(admin=True), "Voor wie werk je precies?")
    with time_machine.travel(monday + timedelta(days=21), tick=False):
        sign_in(client, person, second_factor=False)
        client.post(ADDRESS, FILLED_IN)
        for page in (ADDRESS, "/en/mijn/"):
            html = client.get(page).content.decode()
            assert ("24 March 2027" in html, "later than it promised" in html) == (True, False)
    with time_machine.travel(monday + timedelta(days=24), tick=False):
        sign_in(client, person, second_factor=False)
        for page in (ADDRESS, "/en/mijn/"):
            html = client.get(page).content.decode()
            assert ("24 March 2027" in html, "later than it promised" in html) == (False, True)


def test_a_declined_application_has_its_reason_and_may_be_followed_by_another(client, lab, me, words):
    one = make_application(lab, me)
    applications.decline(one, UserFactory(admin=True), REASON)
    assert SentMail.objects.get().context["why"] == REASON
    assert REASON in client.get(ADDRESS).content.decode()
    assert not is_member(me)
    client.post(ADDRESS, FILLED_IN)
    assert sorted(LabMembership.objects.values_list("state", flat=True)) == ["pending", "refused"]


def test_of_two_admins_one_wins(lab, words):
    one, ada, bas = make_application(lab), UserFactory(admin=True), UserFactory(admin=True)
    applications.accept(one, ada)
    for late in (lambda: applications.decline(one, bas, REASON), lambda: applications.ask(one, bas, REASON),
                 lambda: applications.accept(one, bas)):  # fmt: skip
        with pytest.raises(AlreadyDecided) as told:
            late()
        assert told.value.item.decided_by == ada
    one.refresh_from_db()
    assert (one.state, history(one)) == (ReviewState.APPROVED, ["applied", "accepted"])
    assert SentMail.objects.count() == 1


def test_an_application_that_was_taken_back_is_decided_by_nobody(client, lab, me, words):
    one = make_application(lab, me)
    assert "back?" in client.get("/en/mijn/labs/science/einde/").content.decode()
    client.post("/en/mijn/labs/science/einde/")
    one.refresh_from_db()
    assert one.ended_at is not None
    assert not WorkItem.objects.open().exists()
    with pytest.raises(AlreadyDecided):
        applications.accept(one, UserFactory(admin=True))
    assert not is_member(me)
    assert client.post(ADDRESS, FILLED_IN).url == ADDRESS


def test_an_admin_screens_on_one_page(client, lab, words):
    one = make_application(lab, UserFactory(name="<b>Lies</b>"))
    LabMembershipFactory(user=one.user, lab=LabFactory(nl="Ander lab", en="Another lab"))
    admin = enter_admin(client)
    page = f"/en/beheer/labs/labmembership/{one.pk}/beoordelen/"
    assert page.removeprefix("/en") in client.get("/beheer/").content.decode()
    html = client.get(page).content.decode()
    for shown in (
        "Another lab",
        "Tijd om mee te denken.",
        declaration.VERSION,
        "Hogeschool Voorbeeld",
        "&lt;b&gt;Lies",
    ):
        assert shown in html
    wrong = client.post(page, {"decision": "refused", "refused-reason": "nee"})
    assert (wrong.status_code, "nee" in wrong.content.decode()) == (200, True)
    client.post(page, {"decision": "returned", "returned-reason": "Wie ben je precies, en voor wie werk je?"})
    one.refresh_from_db()
    assert one.state == ReviewState.RETURNED
    again = client.post(page, {"decision": "approved"}, follow=True).content.decode()
    assert str(admin) in again
    one.refresh_from_db()
    assert one.state == ReviewState.RETURNED


def test_the_queue_accepts_several_at_once_and_names_what_it_cannot(client, lab, words):
    waiting = [make_application(lab) for _ in range(3)]
    end_membership(waiting[0], waiting[0].user)
    applications.decline(waiting[1], UserFactory(admin=True), REASON)
    enter_admin(client)
    posted = {"werk": list(WorkItem.objects.values_list("pk", flat=True))}
    html = client.post("/beheer/werk/goedkeuren/", posted, follow=True).content.decode()
    assert list(LabMembership.objects.in_force()) == [waiting[2]]
    assert str(waiting[1].user) in html


def test_an_application_that_was_taken_back_waits_for_nobody(client, lab, words):
    one = make_application(lab)
    end_membership(one, one.user)
    enter_admin(client)
    html = client.get(f"/beheer/labs/labmembership/{one.pk}/beoordelen/").content.decode()
    assert "Hier wacht niemand meer op een besluit." in html
    assert "nog mee bezig" not in html


@pytest.mark.parametrize(("chosen", "found"), [("", 1), ("?confirm=x", 0), ("?confirm=due", 0)])
def test_a_filter_of_the_list_that_can_not_be_read_gives_nothing(client, lab, words, chosen, found):
    make_application(lab)
    enter_admin(client)
    rows = client.get(f"/beheer/labs/labmembership/{chosen}").context["cl"].result_list
    assert len(rows) == found


def test_an_admin_ends_a_membership_with_a_reason(client, lab, words):
    one, waiting = LabMembershipFactory(lab=lab), make_application(lab)
    enter_admin(client)
    page = "/en/beheer/labs/labmembership/{}/beoordelen/"
    assert "End this membership" not in client.get(page.format(waiting.pk)).content.decode()
    assert "End this membership" in client.get(page.format(one.pk)).content.decode()
    client.post(page.format(one.pk), {"decision": "ended", "ended-reason": "nee"})
    for membership in (one, one, waiting):
        posted = {"decision": "ended", "ended-reason": REASON}
        assert client.post(page.format(membership.pk), posted).status_code == 302
    one.refresh_from_db()
    waiting.refresh_from_db()
    assert (one.ended_at is not None, waiting.ended_at, waiting.state) == (True, None, "pending")
    assert list(one.history.values_list("event", "reason")) == [("ended", REASON)]
    mail = SentMail.objects.get(template="labs/removed")
    assert (mail.to, mail.context["why"]) == (one.user.email, REASON)
    assert not is_member(one.user)


@pytest.mark.parametrize("role", ["visitor", "member", "half admin"])
def test_only_admins_screen(client, lab, words, role):
    one = make_application(lab)
    if role == "member":
        sign_in(client, LabMembershipFactory(lab=lab).user)
    if role == "half admin":
        sign_in(client, UserFactory(admin=True), second_factor=False)
    response = client.post(f"/beheer/labs/labmembership/{one.pk}/beoordelen/", {"decision": "approved"})
    assert response.status_code in (302, 404)
    one.refresh_from_db()
    assert one.state == ReviewState.PENDING
