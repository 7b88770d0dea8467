"""The page of collectives like mine: only who agreed, only what both allow, and a letter without an address."""

import random

import pytest
from django.core.cache import caches
from django.urls import reverse

from collectievekracht.common.models import SentMail
from members.alike_page import alike_page
from members.choices import Activity, ConsentKind, Direction, Role
from members.models import Collective, CollectiveTraits, Contribution
from members.peers import distance
from members.queries_peers import candidates, mine, of_person
from members.services.activity import change_activity
from members.services.alike import hide_from_alike
from members.services.consents import Yes, give_consent, withdraw_consent
from members.services.traits import TraitFacts, write_all_traits, write_traits
from tests.factories.members import (
    CollectiveFactory,
    ConsentFactory,
    MembershipFactory,
    UserFactory,
    make_terms,
)
from tests.factories.signing_in import enter_admin, sign_in

pytestmark = pytest.mark.django_db

FACTS = TraitFacts(
    founding_year=2014, size_class="middle", legal_form="nl_cooperative", phase="growing",
    geo_scale="municipality", challenges=("ch_finance",), sectors=("energy",), region="NL-OV", place_id=2743477,
)  # fmt: skip


@pytest.fixture(autouse=True)
def terms(db):
    make_terms()
    caches["pages"].clear()


def collective(*, agreed=True, traits=False, **changes):
    made = CollectiveFactory(published=True, **changes)
    write_traits(made, FACTS)
    for kind, yes in ((ConsentKind.ALIKE, agreed), (ConsentKind.TRAITS, traits)):
        if yes:
            ConsentFactory(collective=made, kind=kind)
    return made


@pytest.fixture
def ours():
    return collective(name="Wij")


@pytest.fixture
def speaker(ours):
    return MembershipFactory(collective=ours).user


def names(ours):
    caches["pages"].clear()
    return [one.name for one in alike_page(ours).found]


# --- who is shown


def test_only_collectives_that_agreed_and_have_a_page_are_shown(ours):
    shown = collective(name="Zij")
    collective(name="Zei nee", agreed=False)
    withdraw_consent(collective(name="Trok in"), ConsentKind.ALIKE)
    withdraw_consent(collective(name="Zonder pagina"), ConsentKind.PROFILE)
    stopped = collective(name="Gestopt")
    Collective.objects.filter(pk=stopped.pk).update(activity=Activity.STOPPED)
    assert names(ours) == [shown.name]


def test_without_a_page_of_our_own_we_see_others_but_nothing_is_named(ours):
    collective(name="Zij")
    withdraw_consent(ours, ConsentKind.PROFILE)
    ours.refresh_from_db()
    (found,) = alike_page(ours).found
    assert (found.name, found.reasons, found.why_here) == ("Zij", (), ())


@pytest.mark.parametrize(
    ("mine_too", "theirs", "private"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_what_is_not_on_both_pages_is_named_only_where_both_agreed(ours, mine_too, theirs, private):
    if mine_too:
        ConsentFactory(collective=ours, kind=ConsentKind.TRAITS)
    collective(name="Zij", traits=theirs)
    (found,) = alike_page(ours).found
    assert len(found.reasons) == (5 if private else 4)  # phase and challenge have no word here, size has
    assert any("50" in reason for reason in found.reasons) == private


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_a_fixed_number_of_queries(client, ours, speaker, count, django_assert_num_queries):
    shown = [collective(name=f"Zij {number}") for number in range(count)]
    collective(name="Niet te zien", agreed=False)
    sign_in(client, speaker)
    url = reverse("members:alike", args=[ours.slug])
    client.get(url)
    with django_assert_num_queries(6):
        html = client.get(url).content.decode()
    assert [one.name in html for one in shown] == [True] * count
    assert "Niet te zien" not in html


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("colleague", 200), ("representative", 200), ("admin", 404)],
)
def test_who_sees_the_list(client, ours, role, status):
    act_as(client, role, ours)
    answer = client.get(reverse("members:alike", args=[ours.slug]))
    assert answer.status_code == status


def test_a_collective_that_waits_sees_no_list(client):
    waiting = CollectiveFactory(proposed=True)
    sign_in(client, MembershipFactory(collective=waiting).user)
    assert client.get(reverse("members:alike", args=[waiting.slug])).status_code == 404


def act_as(client, role, ours):
    if role == "admin":
        enter_admin(client)
    elif role == "stranger":
        sign_in(client, MembershipFactory(collective=collective(name="Elders")).user)
    elif role != "anonymous":
        sign_in(client, MembershipFactory(collective=ours, role=Role(role)).user)


def test_what_was_ranked_before_is_asked_anew_whether_it_may_be_shown(ours):
    kept, gone = collective(name="Blijft"), collective(name="Trekt in")
    assert [one.name for one in alike_page(ours).found] == ["Blijft", "Trekt in"]
    withdraw_consent(gone, ConsentKind.ALIKE)
    assert [one.name for one in alike_page(ours).found] == [kept.name]
    withdraw_consent(kept, ConsentKind.PROFILE)
    assert alike_page(ours).found == ()


# --- the database ranks as the pure module does


def test_the_database_finds_the_nearest_by_the_same_distance(ours):
    chance = random.Random(7)
    made = CollectiveFactory.create_batch(40, published=True)
    for one in made:
        ConsentFactory(collective=one, kind=ConsentKind.ALIKE)
        profile = one.published_profile
        profile.founding_year = chance.choice([None, *range(1990, 2026)])
        profile.legal_form_group = chance.choice(["", "cooperative", "foundation"])
        profile.geo_scale = chance.choice(["", "municipality", "village"])
        profile.sectors = chance.sample(["energy", "care", "food"], chance.randint(1, 2))
        profile.save()
    write_all_traits(
        (
            one.pk,
            TraitFacts(
                size_class=chance.choice(["", "small", "middle", "large"]),
                phase=chance.choice(["", "growing", "stable"]),
                challenges=tuple(chance.sample(["ch_finance", "b", "c"], chance.randint(0, 3))),
                place_id=chance.choice([None, 2743477, 2755003, 2756429]),
            ),
        )
        for one in made
    )
    me = mine(ours.pk).side
    found = candidates(me)
    everyone = [mine(one.pk).side for one in made]
    assert len(everyone) == 40
    ranked = sorted(everyone, key=lambda side: (distance(me.traits, side.traits), side.key))
    assert {side.key for side in ranked[:24]} <= {peer.side.key for peer in found}
    assert {peer.side.key: peer.side.traits for peer in found} == {
        side.key: side.traits for side in everyone if side.key in {peer.side.key for peer in found}
    }
    assert len(found) <= 26


def test_a_collective_without_traits_or_scan_is_found_by_its_page(ours):
    other = CollectiveFactory(published=True, name="Zonder scan")
    ConsentFactory(collective=other, kind=ConsentKind.ALIKE)
    CollectiveTraits.objects.filter(collective=ours).delete()
    assert names(ours) == ["Zonder scan"]


# --- writing


def letter(client, url, **changes):
    form_key = client.get(url).context["form"]["form_key"].value()
    data = {
        "name": "Ada",
        "email": "ada@voorbeeld.example",
        "message": "Zullen we eens bellen?",
        "form_key": form_key,
    }
    return client.post(url, data | changes)


def test_a_letter_goes_on_once_without_showing_an_address(client, ours, speaker):
    other = collective(name="Zij")
    sign_in(client, speaker)
    url = reverse("members:alike_write", args=[ours.slug, other.slug])
    assert other.contact_email not in client.get(url).content.decode()
    key = client.get(url).context["form"]["form_key"].value()
    for _ in range(2):
        answer = letter(client, url, form_key=key)
        assert answer.status_code == 302
    mail = SentMail.objects.get(template="members/alike_message")
    assert (mail.to, mail.reply_to) == (other.contact_email, "ada@voorbeeld.example")
    assert sorted(Contribution.objects.values_list("collective", "direction")) == sorted(
        [(ours.pk, Direction.GOT), (other.pk, Direction.GAVE)]
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("colleague", 404), ("representative", 200), ("admin", 404)],
)
def test_who_may_write(client, ours, role, status):
    other = collective(name="Zij")
    act_as(client, role, ours)
    assert client.get(reverse("members:alike_write", args=[ours.slug, other.slug])).status_code == status


@pytest.mark.parametrize("case", ["no", "withdrawn", "no page", "stopped", "itself", "waiting"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_did_not_agree_answers_like_one_that_does_not_exist(client, ours, speaker, case, method):
    other = ours if case == "itself" else collective(name="Zij", agreed=case != "no")
    if case == "withdrawn":
        withdraw_consent(other, ConsentKind.ALIKE)
    elif case == "no page":
        withdraw_consent(other, ConsentKind.PROFILE)
    elif case == "stopped":
        Collective.objects.filter(pk=other.pk).update(activity=Activity.STOPPED)
    elif case == "waiting":
        Collective.objects.filter(pk=other.pk).update(state="pending")
    sign_in(client, speaker)
    answers = [
        getattr(client, method)(
            reverse("members:alike_write", args=[ours.slug, slug]), {"message": "Dag allemaal!"}
        )
        for slug in (other.slug, "x" * len(other.slug))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content.replace(
        b"zoals-wij/" + b"x" * len(other.slug), b"zoals-wij/" + other.slug.encode()
    )
    assert not SentMail.objects.filter(template="members/alike_message").exists()


def test_letters_are_limited(client, ours, speaker):
    other = collective(name="Zij")
    sign_in(client, speaker)
    url = reverse("members:alike_write", args=[ours.slug, other.slug])
    statuses = [letter(client, url).status_code for _ in range(7)]
    assert statuses[:5] == [302] * 5
    assert SentMail.objects.filter(template="members/alike_message").count() == 5


def test_turning_the_mail_off_withdraws_the_consent(ours):
    other = collective(name="Zij")
    hide_from_alike(other.contact_email.upper())
    assert names(ours) == []
    assert other.consents.filter(kind=ConsentKind.ALIKE).exclude(withdrawn_at=None).exists()
    assert Collective.objects.published().filter(pk=other.pk).exists()


# --- the card and the consent


@pytest.mark.parametrize(("role", "asks"), [("representative", True), ("colleague", False)])
def test_the_dashboard_asks_a_representative(client, role, asks):
    ours = collective(name="Wij", agreed=False)
    collective(name="Zij")
    sign_in(client, MembershipFactory(collective=ours, role=Role(role)).user)
    html = client.get(reverse("pages:dashboard")).content.decode()
    assert "Zij" in html
    assert ('name="kind" value="alike"' in html) == asks


def test_the_card_takes_two_queries_with_any_number_of_collectives(speaker, django_assert_num_queries, rf):
    from members.cards import alike_card

    for number in range(3):
        collective(name=f"Zij {number}")
        MembershipFactory(user=speaker, collective=collective(name=f"Ook wij {number}"))
    request = rf.get("/mijn/")
    request.user = speaker
    alike_card(request)  # words of the vocabulary are kept by the process
    with django_assert_num_queries(2):
        assert alike_card(request)["count"] == 6
    assert len(of_person(speaker.pk)) == 4


def test_a_yes_from_the_card_is_kept_with_its_words_and_taken_back_as_easily(client):
    ours = collective(name="Wij", agreed=False)
    sign_in(client, MembershipFactory(collective=ours).user)
    url = reverse("members:own_consents", args=[ours.slug])
    client.post(url, {"kind": "alike", "act": "give"})
    given = ours.consents.in_force().get(kind=ConsentKind.ALIKE)
    assert given.text
    assert given.text_version
    client.post(url, {"kind": "alike", "act": "withdraw"})
    assert not ours.consents.in_force().filter(kind=ConsentKind.ALIKE).exists()


def test_somebody_without_a_collective_gets_no_card(rf):
    from members.cards import alike_card

    request = rf.get("/mijn/")
    request.user = UserFactory()
    assert alike_card(request) is None


# --- who may be shown from now on is ranked at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["agrees", "page", "active again"])
def test_who_may_be_shown_from_now_on_is_found_at_once(how):
    ours, by = collective(name="Wij"), UserFactory()
    collective(name="Was er al")
    late = collective(name="Zij", agreed=how != "agrees")
    yes = Yes("Ja.")
    if how == "page":
        withdraw_consent(late, ConsentKind.PROFILE)
    elif how == "active again":
        change_activity(late, Activity.STOPPED, by)
    assert [one.name for one in alike_page(ours).found] == ["Was er al"]
    if how == "agrees":
        give_consent(late, ConsentKind.ALIKE, yes, version="1", by=by)
    elif how == "page":
        give_consent(late, ConsentKind.PROFILE, yes, version="1", by=by)
    else:
        change_activity(late, Activity.DORMANT, by)
    assert [one.name for one in alike_page(ours).found] == ["Was er al", "Zij"]


def test_the_dashboard_asks_for_each_collective_that_somebody_speaks_for(client):
    who = MembershipFactory(collective=collective(name="Aa", agreed=False), role=Role.COLLEAGUE).user
    MembershipFactory(user=who, collective=collective(name="Bb"))
    asked = collective(name="Cc", agreed=False)
    MembershipFactory(user=who, collective=asked)
    sign_in(client, who)
    html = client.get(reverse("pages:dashboard")).content.decode()
    action = reverse("members:own_consents", args=[asked.slug])
    assert html.count('name="kind" value="alike"') == 1
    assert f'action="{action}"' in html
