"""The pages about the people of a collective."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import Activity, ReviewState, Role
from members.emails.links import invitation_token
from members.models import JoinRequest, Membership, Notification, WorkItem
from members.services import access, memberships
from tests.factories.members import (
    CollectiveFactory,
    JoinRequestFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.signing_in import give_factor, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def collective():
    return CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")


@pytest.fixture
def people(collective):
    """Everybody who may come to these pages, and who may not."""
    boss = give_factor(UserFactory(admin=True))
    one = {
        "representative": UserFactory(name="Bo Bestuur"),
        "colleague": UserFactory(name="Cas Collega"),
        "stranger": UserFactory(name="Vera Vreemd"),
        "elsewhere": UserFactory(name="Els Elders"),
        "admin": boss,
    }
    MembershipFactory(user=one["representative"], collective=collective)
    MembershipFactory(user=one["colleague"], collective=collective, role=Role.COLLEAGUE)
    MembershipFactory(user=one["elsewhere"], collective=CollectiveFactory(published=True))
    return one


def at(client, user):
    return sign_in(client, user, second_factor=user.is_staff)


def url(name, collective, *args):
    return reverse(f"members:{name}", args=[collective.slug, *args])


def of(collective, user):
    return Membership.objects.get(collective=collective, user=user, left_at=None)


def asked(collective, **who):
    who = {"name": "Anna", "email": "anna@voorbeeld.example", "message": "Ik help mee."} | who
    access.request_access(collective, **who, language="nl")
    return JoinRequest.objects.get(email=who["email"])


@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [
        ("representative", 200, 200),
        ("colleague", 200, 404),
        ("stranger", 404, 404),
        ("elsewhere", 404, 404),
        ("admin", 200, 200),
    ],
)
def test_who_may_see_and_decide(client, people, collective, role, sees, decides):
    request = asked(collective)
    at(client, people[role])
    other = of(collective, people["colleague"])
    assert client.get(url("people", collective)).status_code == sees
    for address in (
        url("membership", collective, other.pk),
        url("join_request", collective, request.pk),
        url("invite_colleague", collective),
    ):
        assert client.get(address).status_code == decides, address
        if decides == 404:
            assert client.post(address, {"act": "remove", "decision": "approved"}).status_code == 404
    assert client.get(url("leave", collective)).status_code == (
        200 if role in ("representative", "colleague") else 404
    )
    assert client.get(url("close", collective)).status_code == (200 if role == "representative" else 404)
    assert JoinRequest.objects.get(pk=request.pk).state == ReviewState.PENDING


def test_signed_out_everybody_goes_to_sign_in(client, collective):
    for name in ("people", "invite_colleague", "leave", "close"):
        for slug in (collective.slug, "bestaat-niet"):
            answer = client.get(reverse(f"members:{name}", args=[slug]))
            assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(client, collective, count, django_assert_num_queries):
    boss = UserFactory()
    MembershipFactory(user=boss, collective=collective)
    for number in range(count):
        MembershipFactory(collective=collective, role=Role.COLLEAGUE)
        asked(collective, email=f"a{number}@voorbeeld.example")
        memberships.invite_colleague(collective, f"b{number}@voorbeeld.example", boss, language="nl")
    other = CollectiveFactory(published=True)
    asked(other, email="geheim@voorbeeld.example")
    at(client, boss)
    with django_assert_num_queries(9):
        page = client.get(url("people", collective)).context["page"]
    assert (len(page.people), len(page.requests), len(page.invited)) == (count + 1, count, count)
    assert "geheim" not in client.get(url("people", collective)).content.decode()


def test_a_colleague_sees_names_but_no_addresses_nor_requests(client, people, collective):
    asked(collective)
    at(client, people["colleague"])
    text = client.get(url("people", collective)).content.decode()
    assert "Bo Bestuur" in text
    assert people["representative"].email not in text
    assert "anna@voorbeeld.example" not in text


def test_a_request_tells_the_representatives_who_let_in(client, people, collective):
    request = asked(collective)
    told = Notification.objects.get(user=people["representative"])
    assert (told.kind, told.facts["request"]) == ("members.join_asked", request.pk)
    at(client, people["representative"])
    answer = client.post(url("join_request", collective, request.pk), {"decision": "approved"})
    assert answer["Location"] == url("people", collective)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (ReviewState.APPROVED, people["representative"])
    assert SentMail.objects.filter(template="members/access_decided", to=request.email).count() == 1
    assert not WorkItem.objects.open().exists()


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(client, people, collective):
    request = asked(collective)
    at(client, people["representative"])
    address = url("join_request", collective, request.pk)
    answer = client.post(address, {"decision": "refused", "reason": "Nee"})
    assert answer.status_code == 200
    assert "data-error-summary" in answer.content.decode()
    assert "Nee" in answer.content.decode()
    client.post(address, {"decision": "refused", "reason": "We kennen je nog niet. Kom eens langs."})
    request.refresh_from_db()
    assert (request.state, request.reason) == (
        ReviewState.REFUSED,
        "We kennen je nog niet. Kom eens langs.",
    )


def test_who_is_second_reads_who_decided(client, people, collective):
    request = asked(collective)
    access.approve_access(request, people["admin"])
    at(client, people["representative"])
    answer = client.post(
        url("join_request", collective, request.pk),
        {"decision": "refused", "reason": "We kennen je nog niet."},
        follow=True,
    )
    assert str(people["admin"]) in answer.content.decode()
    request.refresh_from_db()
    assert request.state == ReviewState.APPROVED


def test_roles_hand_over_and_remove(client, people, collective):
    at(client, people["representative"])
    colleague = of(collective, people["colleague"])
    address = url("membership", collective, colleague.pk)
    client.post(address, {"act": "representative"})
    assert of(collective, people["colleague"]).role == Role.REPRESENTATIVE
    client.post(address, {"act": "colleague"})
    assert of(collective, people["colleague"]).role == Role.COLLEAGUE
    client.post(address, {"act": "hand_over"})
    assert of(collective, people["colleague"]).role == Role.REPRESENTATIVE
    assert of(collective, people["representative"]).role == Role.COLLEAGUE
    at(client, people["colleague"])
    client.post(url("membership", collective, of(collective, people["representative"]).pk), {"act": "remove"})
    assert not Membership.objects.active().filter(user=people["representative"]).exists()
    assert SentMail.objects.get(template="members/removed").to == people["representative"].email
    assert (
        AuditEvent.objects.filter(action__startswith="membership.")
        .values_list("action", flat=True)
        .order_by("pk")[:]
        .count()
        == 5
    )


def test_the_last_representative_cannot_step_back_or_leave(client, people, collective):
    at(client, people["representative"])
    mine = of(collective, people["representative"])
    for address, act in (
        (url("membership", collective, mine.pk), {"act": "colleague"}),
        (url("leave", collective), {}),
    ):
        text = client.post(address, act, follow=True).content.decode()
        assert "enige vertegenwoordiger" in text
    assert of(collective, people["representative"]).role == Role.REPRESENTATIVE


def test_extra_fields_and_unknown_acts_do_nothing(client, people, collective):
    at(client, people["colleague"])
    mine = of(collective, people["colleague"])
    assert client.post(url("membership", collective, mine.pk), {"act": "representative"}).status_code == 404
    extra = {"role": "representative", "user": people["representative"].pk}
    assert client.post(url("leave", collective), extra).status_code == 302
    assert of(collective, people["representative"]).role == Role.REPRESENTATIVE
    at(client, people["representative"])
    me = of(collective, people["representative"])
    assert client.post(url("membership", collective, me.pk), {"act": "remove"}).status_code == 404
    assert client.post(url("membership", collective, me.pk), {"act": "is_staff"}).status_code == 404


def test_anothers_membership_is_404_like_none(client, people, collective):
    at(client, people["representative"])
    other = Membership.objects.get(user=people["elsewhere"])
    pages = [client.get(url("membership", collective, pk)) for pk in (other.pk, 10**9)]
    assert [page.status_code for page in pages] == [404, 404]
    assert len({re.sub(r"\d{2,}", "", page.content.decode()) for page in pages}) == 1


def invite(client, collective, email):
    return client.post(url("invite_colleague", collective), {"email": email, "language": "nl"}, follow=True)


def test_an_invitation_answers_the_same_for_every_address(client, people, collective):
    at(client, people["representative"])
    known = people["stranger"].email
    said = []
    for email in (known, "nieuw@voorbeeld.example"):
        JoinRequest.objects.all().delete()
        text = re.sub(r'value="[^"]+"', "", invite(client, collective, email).content.decode())
        said.append(text.replace(email, "…"))
    assert said[0] == said[1]
    mails = SentMail.objects.filter(template="members/colleague_invited").order_by("pk")
    assert [mail.to for mail in mails] == [known, "nieuw@voorbeeld.example"]
    assert [sorted(mail.context) for mail in mails] == [["collective", "inviter", "url"]] * 2


def test_an_invitation_lets_in_its_address_once(client, people, collective):
    guest = people["stranger"]
    at(client, people["representative"])
    invite(client, collective, guest.email.upper())
    invitation = JoinRequest.objects.invited().get()
    address = reverse("members:invitation", args=[invitation_token(invitation.pk)])
    client.logout()
    assert "/account/signup/?next=" in client.get(address).content.decode()
    at(client, people["elsewhere"])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 404
    at(client, guest)
    assert client.post(address)["Location"] == url("people", collective)
    assert of(collective, guest).role == Role.COLLEAGUE
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_an_invitation_is_taken_back(client, people, collective):
    at(client, people["representative"])
    invite(client, collective, "nieuw@voorbeeld.example")
    invitation = JoinRequest.objects.invited().get()
    client.post(url("people", collective), {"withdraw": invitation.pk})
    assert not JoinRequest.objects.exists()
    address = reverse("members:invitation", args=[invitation_token(invitation.pk)])
    assert client.get(address).status_code == 404
    for wrong in ("", "x", "9" * 30, str(invitation.pk)):
        assert client.post(url("people", collective), {"withdraw": wrong}).status_code == 404
    at(client, people["colleague"])
    other = JoinRequestFactory(collective=collective, state=ReviewState.RETURNED)
    assert client.post(url("people", collective), {"withdraw": other.pk}).status_code == 404


def test_twenty_invitations_a_day(client, people, collective):
    at(client, people["representative"])
    codes = [invite(client, collective, f"n{n}@voorbeeld.example").status_code for n in range(21)]
    assert codes == [200] * 20 + [429]


def test_leaving_takes_nothing_along(client, people, collective):
    profile = collective.published_profile_id
    at(client, people["colleague"])
    client.post(url("leave", collective))
    collective.refresh_from_db()
    assert collective.published_profile_id == profile
    assert client.get(url("people", collective)).status_code == 404
    assert [told.kind for told in Notification.objects.filter(user=people["representative"])] == [
        "members.person_left"
    ]


def test_closing_asks_for_the_name_and_ends_everything(client, people, collective):
    request = asked(collective)
    at(client, people["representative"])
    answer = client.post(url("close", collective), {"name": "Ander Dorp"})
    assert "Ander Dorp" in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()
    assert client.post(url("close", collective), {"name": " zonnig  dorp "}).status_code == 302
    collective.refresh_from_db()
    assert (collective.activity, collective.published_profile, collective.contact_email) == (
        Activity.STOPPED,
        None,
        "",
    )
    assert collective.closed_at
    assert not hasattr(type(collective).objects.get(pk=collective.pk), "pin")
    assert not Membership.objects.active().filter(collective=collective).exists()
    assert SentMail.objects.filter(template="members/closed").count() == 2
    request.refresh_from_db()
    assert request.state == ReviewState.REFUSED
    client.logout()
    assert client.get(collective.get_absolute_url()).status_code == 404
    at(client, people["admin"])
    assert client.get(url("people", collective)).status_code == 404


# --- asking


def test_who_is_signed_in_is_not_asked_who_they_are(client, collective):
    anna = UserFactory(name="Anna")
    client.force_login(anna)
    address = reverse("members:request_access", args=[collective.slug])
    form = client.get(address).context["form"]
    assert sorted(form.fields) == ["form_key", "message", "website"]
    client.post(
        address, {"message": "Ik help mee.", "name": "Iemand anders", "email": "ander@voorbeeld.example"}
    )
    request = JoinRequest.objects.get()
    assert (request.name, request.email, request.user) == ("Anna", anna.email, anna)


def test_who_has_no_name_yet_is_asked_for_it_once(client, collective):
    nameless = UserFactory(name="")
    client.force_login(nameless)
    address = reverse("members:request_access", args=[collective.slug])
    assert "name" in client.post(address, {"message": ""}).context["form"].errors
    client.post(address, {"name": "Noor", "message": ""})
    nameless.refresh_from_db()
    assert (JoinRequest.objects.get().name, nameless.name) == ("Noor", "Noor")


def test_who_is_in_reads_so(client, people, collective):
    client.force_login(people["colleague"])
    address = reverse("members:request_access", args=[collective.slug])
    assert url("people", collective) in client.get(address).content.decode()
    client.post(address, {"message": "Nog eens"})
    assert not JoinRequest.objects.exists()


def test_inviting_who_is_in_says_so(client, people, collective):
    at(client, people["representative"])
    page = client.get(url("invite_colleague", collective))
    data = {
        "email": people["colleague"].email,
        "language": "nl",
        "form_key": page.context["form"]["form_key"].value(),
    }
    html = client.post(url("invite_colleague", collective), data, follow=True).content.decode()
    assert "hoort al bij het collectief" in html
    assert not JoinRequest.objects.exists()


def test_who_leaves_hands_over_to_somebody_who_can_sign_in(client, people, collective):
    gone = MembershipFactory(collective=collective, user__is_active=False, user__name="Wim Weg")
    at(client, people["representative"])
    html = client.get(url("leave", collective)).content.decode()
    colleague = of(collective, people["colleague"])
    assert url("membership", collective, colleague.pk) in html
    assert url("membership", collective, gone.pk) not in html
    assert '<form method="post">' not in html.split("<main")[1]


@pytest.mark.parametrize("how", ["used", "taken back", "too old", "never made"])
def test_an_invitation_that_opens_nothing_says_how_to_go_on(client, people, collective, how):
    at(client, people["representative"])
    invite(client, collective, people["stranger"].email)
    invitation = JoinRequest.objects.invited().get()
    token = invitation_token(invitation.pk)
    if how == "too old":
        with time_machine.travel(timezone.now() - timedelta(days=31)):
            token = invitation_token(invitation.pk)
    elif how == "never made":
        token = "x" * len(token)
    elif how == "taken back":
        invitation.delete()
    else:
        memberships.accept_invitation(invitation, people["stranger"])
    answer = client.get(reverse("members:invitation", args=[token]))
    assert answer.status_code == 404
    assert "Vraag een nieuwe aan wie je uitnodigde" in answer.content.decode()
    assert collective.name not in answer.content.decode()


@pytest.mark.parametrize(("days", "words"), [(29, "werkt tot en met"), (31, "nodig opnieuw uit")])
def test_the_list_says_how_long_an_invitation_works(client, people, collective, days, words):
    JoinRequestFactory(
        collective=collective, state=ReviewState.RETURNED, decided_at=timezone.now() - timedelta(days=days)
    )
    at(client, people["representative"])
    html = client.get(url("people", collective)).content.decode()
    assert [w in html for w in ("werkt tot en met", "nodig opnieuw uit")] == [
        w == words for w in ("werkt tot en met", "nodig opnieuw uit")
    ]
