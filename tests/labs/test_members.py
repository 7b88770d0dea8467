"""A lab's page: who stands there, what of them who reads, what may be asked, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labs.lab_page import PAGE_SIZE
from labs.models import Lab
from labs.queries import reader_of
from members.choices import ReviewState, Role
from members.permissions import is_member
from members.signals import person_changed
from tests.factories.labs import LabFactory, LabMembershipFactory
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
SECRETS = ("Geheime Naam", "geheim@lab.example", "Hoofd Geheimen", "Ik breng geheimen", "geheim.example")


@pytest.fixture
def lab(db):
    return LabFactory(science=True)


@pytest.fixture
def member(client):
    """Somebody of an approved collective, signed in."""
    person = UserFactory()
    MembershipFactory(user=person, collective=CollectiveFactory(published=True), role=Role.COLLEAGUE)
    sign_in(client, person)
    return person


def html_of(client, lab, query=""):
    response = client.get(f"/labs/{lab.code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def found(client, lab, query=""):
    return client.get(f"/labs/{lab.code}/{query}").context["found"]


@pytest.mark.parametrize("count", [1, 3, 60])
@pytest.mark.parametrize(("signed_in", "most"), [(False, 3), (True, 6)])
def test_the_page_takes_the_same_queries_for_any_number(client, lab, count, signed_in, most):
    LabMembershipFactory.create_batch(count, lab=lab)
    LabMembershipFactory(pending=True, lab=lab, organisation="Wacht nog")
    if signed_in:
        sign_in(client, UserFactory(), second_factor=False)
    html_of(client, lab, "?pagina=1")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        html = html_of(client, lab, "?theme=financing&pagina=1")
    assert html.count('<li class="card entry">') == min(count, PAGE_SIZE)
    assert "Wacht nog" not in html
    assert len(asked) == most


@pytest.mark.parametrize(
    "gone",
    [
        {"state": ReviewState.PENDING},
        {"state": ReviewState.RETURNED},
        {"state": ReviewState.REFUSED},
        {"ended_at": timezone.now()},
        {"user__is_active": False},
        {"lab__code": "elders"},
    ],
)
def test_only_members_in_force_of_this_lab_are_shown(client, lab, gone):
    LabMembershipFactory(
        **({"lab": lab} if "lab__code" not in gone else {}), organisation="Niet te zien", **gone
    )
    LabMembershipFactory(lab=lab, organisation="Te zien")
    html = html_of(client, lab)
    assert ("Te zien" in html, "Niet te zien" in html) == (True, False)


@pytest.mark.parametrize(
    ("audience", "reader", "shown"),
    [
        (None, "visitor", False),
        (None, "newcomer", False),
        (None, "member", False),
        ("nobody", "member", False),
        ("members", "visitor", False),
        ("members", "newcomer", False),
        ("members", "member", True),
        ("members", "lab member", True),
        ("everyone", "visitor", True),
        ("everyone", "member", True),
    ],
)
def test_a_name_goes_as_far_as_its_owner_lets_it(client, lab, audience, reader, shown):
    membership = LabMembershipFactory(lab=lab, user__name="Geheime Naam", name_for=audience)
    person = UserFactory()
    if reader == "member":
        MembershipFactory(user=person, collective=CollectiveFactory(published=True))
    if reader == "lab member":
        LabMembershipFactory(user=person, lab=LabFactory())
    if reader != "visitor":
        sign_in(client, person, second_factor=False)
    html = html_of(client, lab)
    assert ("Geheime Naam" in html) is shown
    page = f"/mensen/{membership.user.profile.handle}/" if audience else "/mensen/"
    assert (f'<h3><a href="{page}">Geheime Naam</a></h3>' in html) is shown
    assert client.get(page).status_code == (200 if shown else 404)
    assert (found(client, lab, "?q=geheime").total == 1) is shown


def test_contact_is_for_members_and_never_on_the_kept_page(client, lab, member, django_assert_num_queries):
    one = LabMembershipFactory(
        lab=lab, user__name="Geheime Naam", user__email="geheim@lab.example", function="Hoofd Geheimen",
        brings="Ik breng geheimen mee.", website="https://geheim.example/",
    )  # fmt: skip
    one.user.profile.audiences = {"name": "members", "email": "members"}
    one.user.profile.save()
    assert all(secret in html_of(client, lab) for secret in SECRETS)
    client.logout()
    kept = html_of(client, lab)
    with django_assert_num_queries(0):
        assert html_of(client, lab) == kept
    assert not any(secret in kept for secret in SECRETS)
    sign_in(client, UserFactory())
    assert not any(secret in html_of(client, lab) for secret in SECRETS)


def test_an_address_is_shown_only_if_its_owner_says_so(client, lab, member):
    one = LabMembershipFactory(lab=lab, user__email="geheim@lab.example")
    html = html_of(client, lab)
    assert "geheim@lab.example" not in html
    assert f'href="/labs/science/leden/{one.user.profile.handle}/schrijven/"' in html


def test_what_people_typed_is_never_markup(client, lab, member):
    wild = '"><script>x</script>'
    one = LabMembershipFactory(
        lab=lab, organisation=wild, expertise=wild * 20, brings=wild, function=wild, website="javascript:alert(1)",
        user__name=wild, themes=[wild], sectors=[wild], regions=["<b>"], name_for="everyone",
    )  # fmt: skip
    html = html_of(client, lab)
    assert "<script>x" not in html
    assert "javascript:alert" not in html
    assert "<b>" not in html
    assert one.user.profile.handle in html


def counts_of(page):
    return {group.name: {one.value: one.count for one in group.choices} for group in page.groups}


def test_filters_find_whom_they_name_and_counts_follow(client, lab):
    LabMembershipFactory(lab=lab, themes=["financing"], sectors=["energy"], regions=["NL-OV"])
    LabMembershipFactory(lab=lab, themes=["financing", "leadership"], sectors=["food"], regions=["NL-GE"])
    LabMembershipFactory(lab=lab, themes=["regulation"], sectors=[], regions=[])
    page = found(client, lab, "?theme=financing")
    counts = counts_of(page)
    assert page.total == 2
    assert counts == {
        "theme": {"financing": 2, "leadership": 1, "regulation": 1},
        "sector": {"energy": 1, "food": 1},
        "region": {"NL-OV": 1, "NL-GE": 1},
    }
    assert found(client, lab, "?region=NL-OV").total == 2  # and who can think along everywhere
    assert found(client, lab, "?theme=financing&theme=regulation&region=NL-GE").total == 2
    assert found(client, lab, "?theme=leadership&sector=energy").total == 0


def test_a_province_that_a_lab_is_not_for_is_no_filter(client, lab):
    dutch = LabFactory(dutch=True)
    for one in (lab, dutch):
        LabMembershipFactory(lab=one, regions=[])
    assert {"NL-OV", "BE-VAN"} <= counts_of(found(client, lab))["region"].keys()
    assert {code[:3] for code in counts_of(found(client, dutch))["region"]} == {"NL-"}


@pytest.mark.parametrize("asked", ["", "theme=financing", "sector=energy&region=NL-GE", "q=coöperaties"])
def test_each_count_is_what_choosing_it_gives(client, lab, asked):
    for themes, sectors, regions in (
        (["financing"], ["energy"], ["NL-OV"]),
        (["financing", "leadership"], ["energy"], ["NL-GE", "NL-OV"]),
        (["financing"], [], []),
        (["regulation"], ["food"], []),
    ):
        LabMembershipFactory(lab=lab, themes=themes, sectors=sectors, regions=regions)
    for name, counts in counts_of(found(client, lab, f"?{asked}")).items():
        for value, count in counts.items():
            others = [part for part in asked.split("&") if not part.startswith(f"{name}=")]
            query = "&".join([*filter(None, others), f"{name}={value}"])
            assert found(client, lab, f"?{query}").total == count, query


@pytest.mark.parametrize(
    ("typed", "total"),
    [("hogeschool", 1), ("HOGESCHOOL windesheim", 1), ("cooperaties", 1), ("hogeschool bakker", 0),
     ("financing", 2), ("%", 0), ("_", 0), ("'", 0)],
)  # fmt: skip
def test_words_are_looked_for_in_organisation_expertise_and_themes(client, lab, typed, total):
    LabMembershipFactory(lab=lab, organisation="Hogeschool Windesheim", expertise="Coöperaties.")
    LabMembershipFactory(lab=lab, organisation="Bakker Advies", expertise="Van alles over brood.")
    assert found(client, lab, f"?q={typed}").total == total


@pytest.mark.parametrize(
    "query", ["?theme=bestaat-niet", "?region=NL-XX", "?pagina=0", "?pagina=x", "?q=%E2%80%AEa"]
)
def test_what_cannot_be_read_finds_nobody(client, lab, query):
    LabMembershipFactory(lab=lab)
    page = found(client, lab, query)
    assert (page.readable, page.total, list(page.page.object_list)) == (False, 0, [])
    assert 'role="alert"' in html_of(client, lab, query)


def test_a_list_has_pages_that_keep_what_was_asked(client, lab):
    LabMembershipFactory.create_batch(PAGE_SIZE + 2, lab=lab)
    page = found(client, lab, "?theme=financing&pagina=2").page
    assert (page.number, len(page.object_list)) == (2, 2)
    assert found(client, lab, "?pagina=999").page.number == 2
    assert 'href="?theme=financing&amp;pagina=2"' in html_of(client, lab, "?theme=financing")


def test_who_did_not_confirm_is_shown_so(client, lab):
    LabMembershipFactory(lab=lab, confirm_by=timezone.localdate() - timedelta(days=60))
    assert "tag--clay" not in html_of(client, lab)
    LabMembershipFactory(lab=lab, confirm_by=timezone.localdate() - timedelta(days=61))
    assert "tag--clay" in html_of(client, lab, "?pagina=1")


def test_somebody_who_shows_their_name_less_is_gone_at_once(client, lab, django_capture_on_commit_callbacks):
    one = LabMembershipFactory(lab=lab, user__name="Geheime Naam", name_for="everyone")
    assert "Geheime Naam" in html_of(client, lab)
    one.user.profile.audiences = {"name": "nobody"}
    one.user.profile.save()
    with django_capture_on_commit_callbacks(execute=True):
        person_changed.send(sender=None, user_id=one.user_id)
    assert "Geheime Naam" not in html_of(client, lab)


@pytest.mark.parametrize(
    "role",
    ["newcomer", "colleague", "pending", "closed", "left", "lab member", "ended", "applicant", "admin", "half admin",
     "suspended"],
)  # fmt: skip
def test_the_page_knows_a_member_as_the_door_does(client, rf, lab, role):
    person = UserFactory(admin=role in ("admin", "half admin"), is_active=role != "suspended")
    if role in ("colleague", "suspended"):
        MembershipFactory(user=person, collective=CollectiveFactory(published=True), role=Role.COLLEAGUE)
    if role == "pending":
        MembershipFactory(user=person, collective=CollectiveFactory(proposed=True))
    if role == "closed":
        MembershipFactory(user=person, collective=CollectiveFactory(published=True, closed_at=timezone.now()))
    if role == "left":
        MembershipFactory(user=person, collective=CollectiveFactory(published=True), left_at=timezone.now())
    if role in ("lab member", "ended", "applicant"):
        given = {"ended": {"ended_at": timezone.now()}, "applicant": {"pending": True}}.get(role, {})
        LabMembershipFactory(user=person, lab=lab, **given)
    if role == "admin":
        give_factor(person)
        person.showed_factor = lambda: True
    expected = role in ("colleague", "lab member", "admin")
    assert (reader_of(person, lab).is_member, is_member(person)) == (expected, expected)
    assert reader_of(person, lab).own_state == {"lab member": "approved", "applicant": "pending"}.get(
        role, ""
    )


def flemish(client, *countries):
    person = UserFactory()
    for country in countries:
        MembershipFactory(user=person, collective=CollectiveFactory(published=True, country=country))
    sign_in(client, person, second_factor=False)


@pytest.mark.parametrize(
    ("countries", "told"), [(["be_vlg"], True), (["nl"], False), (["nl", "be_vlg"], False), ([], False)]
)
def test_a_flemish_collective_reads_which_labs_are_not_for_it(client, lab, countries, told):
    dutch = LabFactory(dutch=True)
    flemish(client, *countries)
    for address in ("/en/labs/", f"/en/labs/{dutch.code}/"):
        html = client.get(address).content.decode()
        assert ("Your collective is in Flanders" in html) is told
        assert ("These labs are for you:" in html) is told
    assert "Your collective is in Flanders" not in client.get(f"/en/labs/{lab.code}/").content.decode()


def test_a_sixth_lab_works_as_the_five_do(client):
    sixth = LabFactory(code="law", nl="Rechtlab", en="Law Lab")
    LabMembershipFactory(lab=sixth, organisation="Rechtbank Zwolle")
    assert "Rechtbank Zwolle" in html_of(client, sixth)
    enter_admin(client)
    assert client.get("/labs/law/aanmelden/").status_code == 200


@pytest.mark.parametrize(("code", "made"), [("law", True), ("bevestigen", False), ("feed", False)])
def test_a_lab_is_made_in_the_admin_with_an_address_of_its_own(client, code, made):
    enter_admin(client)
    given = {"code": code, "nl": "Rechtlab", "en": "Law Lab", "purpose_nl": "Recht.", "purpose_en": "Law.",
             "countries": ["nl"], "position": "6", "rules_nl": "<p>Juristen.</p>"}  # fmt: skip
    client.post("/beheer/labs/lab/add/", given)
    assert Lab.objects.filter(code=code).exists() is made
    client.logout()
    assert ("<p>Juristen.</p>" in client.get(f"/labs/{code}/").content.decode()) is made


@pytest.mark.parametrize(
    ("own", "address"),
    [(None, "aanmelden"), ({"pending": True}, "aanmelden"), ({}, "/mijn/labs/science/")],
)
def test_the_page_leads_to_my_own_next_step(client, lab, own, address):
    person = UserFactory()
    if own is not None:
        LabMembershipFactory(lab=lab, user=person, **own)
    sign_in(client, person, second_factor=False)
    expected = address if address.startswith("/") else f"/labs/science/{address}/"
    assert f'href="{expected}"' in html_of(client, lab)
