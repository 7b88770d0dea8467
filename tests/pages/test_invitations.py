"""Inviting others: who may, what is sent, and what nobody learns from it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from collectievekracht.common import mail, outbox, registry, suppressions
from collectievekracht.common.models import SentMail, Suppression
from collectievekracht.pages import permissions
from collectievekracht.pages.mail_kinds import INVITATION
from collectievekracht.pages.models import Invitation
from collectievekracht.pages.services import invitations
from members.models import User
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.pages import InvitationFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/mijn/uitnodigen/"
GIVEN = {
    "addresses": "nieuw@voorbeeld.example",
    "kind": "collective",
    "sentence": "Jullie doen wat wij doen.",
    "language": "nl",
}


@pytest.fixture
def collective():
    return CollectiveFactory(published=True, name="Zonnig Dorp")


@pytest.fixture
def me(collective):
    return MembershipFactory(user__name="Bo de Wit", collective=collective).user


@pytest.fixture
def inside(client, me):
    sign_in(client, me)
    return client


def send(inviter, *addresses, **other):
    given = {"kind": "collective", "collective": None, "sentence": "", "language": "nl"} | other
    invitations.invite(inviter, addresses, **given)


# --- who may


def member_of(**state):
    return MembershipFactory(collective=CollectiveFactory(**state)).user


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("newcomer", False), ("waiting", False), ("left", False), ("colleague", True), ("representative", True)],
)
def test_who_may_invite(role, allowed):
    people = {
        "newcomer": UserFactory,
        "waiting": lambda: member_of(proposed=True),
        "left": lambda: (
            MembershipFactory(collective=CollectiveFactory(published=True), left_at=timezone.now()).user
        ),
        "colleague": lambda: (
            MembershipFactory(collective=CollectiveFactory(published=True), role="colleague").user
        ),
        "representative": lambda: member_of(published=True),
    }
    assert permissions.may_invite(people[role]()) is allowed


def test_a_visitor_signs_in_first(client):
    assert client.get(PAGE).url == f"/account/login/?next={PAGE}"


def test_an_admin_may_invite_after_the_second_factor(client):
    boss = give_factor(UserFactory(admin=True, name="Ada"))
    enter_admin(client, boss)
    assert client.post(PAGE, GIVEN).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.inviter, invitation.collective) == (boss, None)


def test_who_may_not_yet_reads_how_they_can(client):
    sign_in(client, UserFactory())
    page = client.get(PAGE)
    assert (page.status_code, "Je kunt nog niemand uitnodigen" in page.content.decode()) == (200, True)
    assert client.post(PAGE, GIVEN).status_code == 403
    assert Invitation.objects.count() == 0


# --- what is sent


def test_an_invitation_names_who_invites_and_forgets_the_address(inside, me, collective, mailoutbox):
    answer = inside.post(PAGE, GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?verstuurd=ja")
    outbox.run_due()
    (sent,) = mailoutbox
    invitation = Invitation.objects.get()
    assert (sent.to, sent.subject) == (
        ["nieuw@voorbeeld.example"],
        "Bo de Wit nodigt je uit voor CollectieveKracht",
    )
    for text in (
        "Bo de Wit",
        "Zonnig Dorp",
        "Jullie doen wat wij doen.",
        f"/uitnodiging/{invitation.token}/",
    ):
        assert text in sent.body
        assert text in sent.alternatives[0][0]
    off = f"/afmelden/{suppressions.turn_off_token(INVITATION, 'nieuw@voorbeeld.example')}/"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert off in sent.extra_headers["List-Unsubscribe"]
    assert off in sent.body
    assert off in sent.alternatives[0][0]
    row = SentMail.objects.get()
    assert (row.state, row.to, row.reply_to, row.context) == ("sent", "", "", {})
    assert "nieuw" not in str(Invitation.objects.values().get())


@pytest.mark.parametrize(
    ("language", "subject"), [("nl", "Bo de Wit nodigt je uit"), ("en", "Bo de Wit invites you")]
)
def test_the_mail_is_in_the_language_of_who_is_invited(inside, language, subject, mailoutbox):
    inside.post(PAGE, GIVEN | {"language": language})
    outbox.run_due()
    assert mailoutbox[0].subject.startswith(subject)
    assert ("/en/uitnodiging/" in mailoutbox[0].body) is (language == "en")
    assert ("/en/afmelden/" in mailoutbox[0].body) is (language == "en")


@pytest.mark.parametrize(
    "typed",
    [
        "a@x.example\nb@x.example",
        "a@x.example, b@x.example",
        "A@X.example;b@x.example\n\n a@x.example",
        "<a@x.example> <b@x.example>",
    ],
)
def test_addresses_may_be_typed_as_people_do(inside, typed):
    inside.post(PAGE, GIVEN | {"addresses": typed})
    assert sorted(SentMail.objects.values_list("to", flat=True)) == ["a@x.example", "b@x.example"]


def test_who_has_no_name_yet_gives_it(client, collective):
    person = MembershipFactory(user__name="", collective=collective).user
    sign_in(client, person)
    assert "name" in client.post(PAGE, GIVEN).context["form"].errors
    assert client.post(PAGE, GIVEN | {"name": "Kim"}).status_code == 302
    assert User.objects.get(pk=person.pk).name == "Kim"
    assert SentMail.objects.get().context["inviter"] == "Kim"


def test_nobody_takes_another_name_here(inside, me):
    inside.post(PAGE, GIVEN | {"name": "De minister", "inviter": "1", "inviter_id": "1"})
    assert User.objects.get(pk=me.pk).name == "Bo de Wit"
    assert SentMail.objects.get().context["inviter"] == "Bo de Wit"


def test_who_belongs_to_several_says_for_which(inside, me, collective):
    other = CollectiveFactory(published=True, name="Voedselbos")
    strange, waiting = CollectiveFactory(published=True), CollectiveFactory(proposed=True)
    MembershipFactory(user=me, collective=other)
    MembershipFactory(user=me, collective=waiting)
    for wrong in ({}, {"collective": strange.pk}, {"collective": waiting.pk}, {"collective": "x"}):
        assert set(inside.post(PAGE, GIVEN | wrong).context["form"].errors) == {"collective"}
    assert inside.post(PAGE, GIVEN | {"collective": other.pk}).status_code == 302
    assert Invitation.objects.get().collective == other


def test_a_form_that_is_sent_twice_is_one(inside):
    key = inside.get(PAGE).context["form"]["form_key"].value()
    for _ in range(3):
        assert inside.post(PAGE, GIVEN | {"form_key": key}).status_code == 302
    assert (Invitation.objects.count(), SentMail.objects.count()) == (1, 1)


# --- limits


def test_everybody_once_by_the_same_person(me):
    send(me, "a@x.example")
    send(me, "A@x.example ", "b@x.example")
    send(UserFactory(), "a@x.example")
    assert sorted(SentMail.objects.values_list("to", flat=True)) == [
        "a@x.example",
        "a@x.example",
        "b@x.example",
    ]
    assert Invitation.objects.filter(inviter=me).count() == 2


def test_ten_a_day(inside, me):
    for number in range(2):
        addresses = "\n".join(f"p{number}{n}@x.example" for n in range(5))
        assert inside.post(PAGE, GIVEN | {"addresses": addresses}).status_code == 302
    assert inside.post(PAGE, GIVEN).status_code == 429
    again = inside.post(PAGE, GIVEN | {"addresses": "p00@x.example"})
    assert again.status_code == 302, "who was invited before counts no more"
    Invitation.objects.filter(inviter=me).update(sent_at=timezone.now() - timedelta(days=1, minutes=1))
    assert inside.post(PAGE, GIVEN).status_code == 302


def test_all_or_none_when_the_day_is_nearly_full(me):
    for number in range(8):
        send(me, f"p{number}@x.example")
    with pytest.raises(invitations.TooMany) as problem:
        send(me, "x@x.example", "y@x.example", "z@x.example")
    assert problem.value.left == 2
    assert Invitation.objects.filter(inviter=me).count() == 8


@pytest.mark.parametrize("typed", ["", "niets", "a@x.example\nfout", "@x.example", "a@x.example\0", "x" * 100_000,
                                   "\n".join(f"p{n}@x.example" for n in range(6)), "a@x.example\nBcc: b@x.example"])  # fmt: skip
def test_wrong_addresses_are_told_and_kept(inside, typed):
    response = inside.post(PAGE, GIVEN | {"addresses": typed})
    assert (response.status_code, set(response.context["form"].errors)) == (200, {"addresses"})
    assert GIVEN["sentence"] in response.content.decode()
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    "sentence",
    ["x" * 301, "a\0b", "Kijk op https://elders.example", "zie www.elders", "ga naar elders.nl nu"],
)
def test_a_sentence_is_short_and_carries_no_links(inside, sentence):
    response = inside.post(PAGE, GIVEN | {"sentence": sentence})
    assert (response.status_code, set(response.context["form"].errors)) == (200, {"sentence"})
    assert Invitation.objects.count() == 0


def test_a_name_that_is_given_here_carries_no_links_either(client, collective):
    sign_in(client, MembershipFactory(user__name="", collective=collective).user)
    response = client.post(PAGE, GIVEN | {"name": "Prijs: kijk op elders.nl"})
    assert (response.status_code, set(response.context["form"].errors)) == (200, {"name"})


def test_who_goes_back_and_invites_another_does_so(inside):
    given = GIVEN | {"form_key": inside.get(PAGE).context["form"]["form_key"].value()}
    for address in ("nieuw@voorbeeld.example", "ander@voorbeeld.example", "ander@voorbeeld.example"):
        assert inside.post(PAGE, given | {"addresses": address}).status_code == 302
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("field", ["kind", "language"])
@pytest.mark.parametrize("bad", ["", "x", "nl\0"])
def test_choices_are_those_of_the_list(inside, field, bad):
    assert set(inside.post(PAGE, GIVEN | {field: bad}).context["form"].errors) == {field}


# --- what nobody learns


def test_the_answer_is_the_same_for_every_address(inside, me, mailoutbox):
    UserFactory(email="bekend@x.example")
    suppressions.suppress("wilniet@x.example", f"mail:{INVITATION}")
    suppressions.suppress("nooit@x.example", "mail")
    send(me, "eerder@x.example")
    answers = []
    for who in ("vreemd", "bekend", "wilniet", "nooit", "eerder"):
        before = Invitation.objects.count()
        first = inside.post(PAGE, GIVEN | {"addresses": f"{who}@x.example"})
        answers.append((first.status_code, first["Location"]))
        assert Invitation.objects.count() - before == (who != "eerder")
    assert set(answers) == {(302, f"{PAGE}?verstuurd=ja")}
    outbox.run_due()
    assert sorted(sent.to[0] for sent in mailoutbox) == [
        "bekend@x.example",
        "eerder@x.example",
        "vreemd@x.example",
    ]
    assert set(SentMail.objects.values_list("to", flat=True)) == {""}


def test_only_my_own_invitations_are_listed(inside, me):
    InvitationFactory()
    assert inside.get(PAGE).context["rows"] == []
    assert "Je hebt nog niemand uitgenodigd" in inside.get(PAGE).content.decode()
    send(me, "a@x.example", kind="lab")
    page = inside.get(PAGE)
    assert [kind for _day, kind in page.context["rows"]] == ["Een deskundige voor een lab"]
    assert "a@x.example" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(inside, me, count, django_assert_num_queries):
    InvitationFactory.create_batch(count, inviter=me)
    with django_assert_num_queries(5):
        assert len(inside.get(PAGE).context["rows"]) == count


# --- the link


@pytest.mark.parametrize(("kind", "leads_to"), [("collective", "/zelfscan/"), ("lab", "/aanmelden/")])
def test_the_link_says_who_invited_and_what_one_can_do(client, me, collective, kind, leads_to):
    invitation = InvitationFactory(inviter=me, collective=collective, kind=kind)
    html = client.get(f"/uitnodiging/{invitation.token}/").content.decode().partition("<main")[2]
    assert "Bo de Wit van Zonnig Dorp nodigt je uit" in html
    assert f'href="{leads_to}"' in html
    assert me.email not in html


def test_the_link_names_nobody_who_left_or_was_shut_out(client, me, collective):
    path = f"/uitnodiging/{InvitationFactory(inviter=me, collective=collective).token}/"
    User.objects.filter(pk=me.pk).update(is_active=False)
    assert "Bo de Wit" not in client.get(path).content.decode()
    me.delete()
    html = client.get(path).content.decode()
    assert "Zonnig Dorp" not in html
    assert "nodigt je uit" in html


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "a/b", "é"])
def test_a_link_of_nobody_is_not_found(client, token):
    assert client.get(f"/uitnodiging/{token}/").status_code in (400, 404)


def test_the_link_takes_no_post_and_sets_no_cookie(client):
    path = f"/uitnodiging/{InvitationFactory().token}/"
    assert client.post(path).status_code == 405
    assert not client.get(path).cookies


# --- my data


def test_my_data_lists_what_i_sent_and_what_i_got(me):
    send(me, "a@x.example")
    send(UserFactory(), "ik@x.example", kind="lab")
    send(UserFactory(), "ander@x.example")
    entry = registry.personal_data["invitations"]
    with translation.override("en"):
        rows = [(row["invitation"], row["kind"]) for row in entry.list(me.pk, "Ik@x.example")]
    assert rows == [("sent", "A collective"), ("received", "An expert for a lab")]
    assert list(entry.list(None, "niemand@x.example")) == []


def test_erasing_takes_the_name_from_what_i_sent_and_all_that_i_got(me):
    send(me, "a@x.example")
    send(UserFactory(), "ik@x.example")
    registry.personal_data["invitations"].erase(me.pk, "ik@x.example")
    left = Invitation.objects.get()
    assert (left.inviter, left.address_hash) == (None, invitations.mark_of("a@x.example"))


def test_the_mark_of_an_address_is_not_that_of_a_suppression():
    suppressions.suppress("a@x.example", "mail")
    assert Suppression.objects.get().digest != invitations.mark_of("a@x.example")
    assert mail.message_id("x") != mail.message_id("y")
