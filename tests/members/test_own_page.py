"""A collective changes its own page: it waits, nothing is overwritten silently, and nobody else may."""

import re

import pytest
from django.test import override_settings

from collectievekracht.common.models import AuditEvent, SentMail
from collectievekracht.common.registry import notification_kinds
from members import page_text
from members.choices import ConsentKind, Decision, PinPrecision, ReviewState, Role, WorkKind
from members.consent_texts import VERSION
from members.models import Collective, CollectiveProfile, Consent, MapPin, Notification, StateChange, WorkItem
from members.services.consents import give_consent, withdraw_consent
from members.services.revisions import facts_of, take_back_change, text_to_edit
from members.services.work import open_work
from tests.factories.members import CollectiveFactory, MembershipFactory, ProfileFactory, UserFactory
from tests.factories.signing_in import enter_admin, sign_in
from tests.trust.figures import count

ZWOLLE, EDE = 2743477, 2756429


@pytest.fixture
def collective(terms):
    return CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")


@pytest.fixture
def person(collective):
    return MembershipFactory(collective=collective, user__name="Bo Bestuur").user


@pytest.fixture
def mine(client, person):
    return sign_in(client, person)


def shown(client, slug="zonnig-dorp"):
    """The fields of the form as a browser would send them."""
    form = client.get(f"/mijn/collectief/{slug}/pagina/").context["form"]
    posted = {name: form[name].value() for name in form.fields}
    posted = {name: value for name, value in posted.items() if value is not None}
    return posted | {"seen": client.get(f"/mijn/collectief/{slug}/pagina/").context["seen"]}


def post(client, data, slug="zonnig-dorp"):
    return client.post(f"/mijn/collectief/{slug}/pagina/", data)


def test_a_change_waits_and_the_page_stays(mine, collective, person):
    response = post(
        mine,
        shown(mine) | {"description": "Wij wekken samen stroom op, en sinds kort ook warmte uit de sloot."},
    )

    assert (response.status_code, response["Location"]) == (302, "/mijn/collectief/zonnig-dorp/")
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    assert (waiting.description, waiting.proposed_by, waiting.summary) == (
        "Wij wekken samen stroom op, en sinds kort ook warmte uit de sloot.",
        person,
        "Wij wekken samen stroom op, en sinds kort ook warmte uit de sloot.",
    )
    collective.refresh_from_db()
    assert collective.published_profile.description.startswith("Samen wekken wij stroom op")
    item = WorkItem.objects.get()
    assert (item.kind, item.target_id, item.collective) == (WorkKind.REVISION, waiting.pk, collective)
    front = mine.get("/mijn/collectief/zonnig-dorp/").content.decode()
    assert "warmte uit de sloot" in front
    assert "Bo Bestuur" in front


def test_saving_again_brings_the_one_waiting_text_up_to_date(mine, collective):
    first = shown(mine)
    post(mine, first | {"name": "Zonniger Dorp"})
    post(mine, shown(mine) | {"offer_details": "Wij geven ook cursussen."})

    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    assert (waiting.name, waiting.offer_details) == ("Zonniger Dorp", "Wij geven ook cursussen.")
    assert WorkItem.objects.count() == 1


def test_saving_what_stands_there_changes_nothing(mine, collective):
    assert post(mine, shown(mine)).status_code == 302
    assert CollectiveProfile.objects.count() == 1
    assert not WorkItem.objects.exists()


def test_e3_extra_fields_have_no_effect(mine, collective):
    other = CollectiveFactory(published=True, slug="ander")
    extra = {
        "state": "approved", "collective": other.pk, "collective_id": other.pk, "slug": "gekaapt", "revision": "99",
        "onboarded_at": "2001-01-01", "proposed_by": "1", "summary": "Gekaapt", "region": "BE-BRU", "decided_at": "2001-01-01",
        "legal_form_group": "company", "contact_email": "x@x.example", "published_profile": "1", "is_staff": "1",
    }  # fmt: skip
    post(mine, shown(mine) | {"name": "Zonniger Dorp"} | extra)

    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    assert (waiting.collective, waiting.revision, waiting.region, waiting.legal_form_group, waiting.decided_at) == (
        collective, collective.published_profile.revision + 1, "NL-OV", "cooperative", None,
    )  # fmt: skip
    before = Collective.objects.get(pk=collective.pk)
    assert (before.slug, before.state, before.onboarded_at, before.contact_email) == (
        "zonnig-dorp", ReviewState.APPROVED, None, "zonnig-dorp@collectief.example",
    )  # fmt: skip
    assert not CollectiveProfile.objects.filter(collective=other, state=ReviewState.PENDING).exists()


ADDRESSES = [
    ("get", ""), ("get", "pagina/"), ("post", "pagina/"), ("post", "pagina/terug/"), ("get", "kaart/"), ("post", "kaart/"),
    ("get", "toestemming/"), ("post", "toestemming/"), ("post", "activiteit/"), ("post", "klopt/"), ("get", "aanbod/"),
    ("get", "aanbod/nieuw/"), ("post", "aanbod/nieuw/"), ("get", "aanbod/1/"), ("post", "aanbod/1/sluiten/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "part"), ADDRESSES)
def test_e2_the_collective_of_others_is_as_if_there_were_none(client, collective, method, part):
    stranger = MembershipFactory(collective__slug="elders").user
    sign_in(client, stranger)

    answers = [
        getattr(client, method)(f"/mijn/collectief/{slug}/{part}") for slug in ("zonnig-dorp", "bestaat-niet")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content.replace(b"bestaat-niet", b"zonnig-dorp")


@pytest.mark.parametrize(("method", "part"), ADDRESSES)
def test_who_is_not_signed_in_goes_to_sign_in(client, collective, method, part):
    for slug in ("zonnig-dorp", "bestaat-niet"):
        answer = getattr(client, method)(f"/mijn/collectief/{slug}/{part}")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize(
    ("role", "left", "status"),
    [
        (Role.REPRESENTATIVE, None, 200),
        (Role.COLLEAGUE, None, 404),
        (Role.REPRESENTATIVE, "2026-01-01T00:00Z", 404),
    ],
)
def test_only_representatives_change_the_page(client, collective, role, left, status):
    sign_in(client, MembershipFactory(collective=collective, role=role, left_at=left).user)

    for part in ("pagina/", "kaart/", "toestemming/", "aanbod/"):
        assert client.get(f"/mijn/collectief/zonnig-dorp/{part}").status_code == status
    front = client.get("/mijn/collectief/zonnig-dorp/")
    assert front.status_code == (404 if left else 200)
    assert ("/mijn/collectief/zonnig-dorp/pagina/" in front.content.decode()) == (status == 200)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x"}, "name"),
        ({"name": "Zonnig\x00Dorp"}, "name"),
        ({"description": "Te kort."}, "description"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://zonnig.example/"}, "website"),
        ({"founding_year": "3000"}, "founding_year"),
        ({"founding_year": "99999999999999999999"}, "founding_year"),
        ({"sectors": ["bestaat-niet"]}, "sectors"),
        ({"sectors": []}, "sectors"),
        ({"sectors": ["energy"], "main_sector": "food"}, "main_sector"),
        ({"country": "xx"}, "country"),
        ({"place_name": "Xyzzyburg"}, "place_name"),
        ({"place_name": "Gent"}, "place_name"),
        ({"place_name": "Hoogland", "country": "be_vlg"}, "place_name"),
        (
            {"legal_form": "nl_cooperative", "country": "be_vlg", "place_name": "Gent", "place_id": ""},
            "legal_form",
        ),
        ({"offer_details": "x" * 201}, "offer_details"),
    ],
)
def test_a_wrong_value_says_so_and_keeps_what_was_typed(mine, collective, wrong, field):
    response = post(mine, shown(mine) | {"offer_details": "Nieuwe woorden."} | wrong)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Er is een probleem" in response.content.decode()
    assert CollectiveProfile.objects.count() == 1


def test_a_name_of_several_places_is_asked_about(mine, collective):
    data = shown(mine) | {"place_name": "Beek", "place_id": ""}
    asked = post(mine, data)
    assert "place_id" in asked.context["form"].errors
    choices = [code for code, _label in asked.context["form"].fields["place_id"].choices if code]
    assert len(choices) > 1

    assert post(mine, data | {"place_id": choices[1]}).status_code == 302
    assert CollectiveProfile.objects.get(state=ReviewState.PENDING).place_id == int(choices[1])


def test_a_place_that_nobody_knows_may_stay_but_not_come(mine, collective):
    CollectiveProfile.objects.update(place_name="Xyzzyburg", place_id=None, region="NL-OV")

    assert post(mine, shown(mine) | {"name": "Zonniger"}).status_code == 302
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    assert (waiting.place_name, waiting.place_id, waiting.region) == ("Xyzzyburg", None, "NL-OV")


def test_c6_of_two_who_write_at_once_nobody_is_overwritten(mine, collective, client, table):
    times, lost = count(100), 0
    for number in range(times):
        CollectiveProfile.objects.filter(state=ReviewState.PENDING).delete()
        first, second = shown(mine), shown(mine)
        post(mine, first | {"offer_details": f"Van de een {number}."})
        clash = post(mine, second | {"name": f"Van de ander {number}"})
        waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
        text = clash.content.decode()
        told = (
            clash.status_code == 409 and f"Van de een {number}." in text and f"Van de ander {number}" in text
        )
        lost += not (
            told and waiting.offer_details == f"Van de een {number}." and waiting.name == "Zonnig Dorp"
        )
        again = {name: clash.context["form"][name].value() for name in clash.context["form"].fields}
        again = {name: value for name, value in again.items() if value is not None}
        post(mine, again | {"seen": clash.context["seen"]})
        waiting.refresh_from_db()
        lost += (waiting.offer_details, waiting.name) != (f"Van de een {number}.", f"Van de ander {number}")
    table.add(
        "C6",
        f"two representatives change one page, {times} times",
        seen=f"{lost} overwritten or not told",
        must="0",
        holds=lost == 0,
    )


def test_what_both_changed_is_named(mine, collective):
    first, second = shown(mine), shown(mine)
    post(mine, first | {"name": "Van de een"})
    clash = post(mine, second | {"name": "Van de ander"})

    assert [str(part) for part in clash.context["clash"]["both"]] == ["naam"]
    assert clash.context["form"]["name"].value() == "Van de ander"
    assert CollectiveProfile.objects.get(state=ReviewState.PENDING).name == "Van de een"


def test_a_change_is_taken_back(mine, collective, person):
    post(mine, shown(mine) | {"name": "Zonniger Dorp"})
    answer = mine.post("/mijn/collectief/zonnig-dorp/pagina/terug/")

    assert answer.status_code == 302
    taken = CollectiveProfile.objects.get(name="Zonniger Dorp")
    assert taken.state == ReviewState.RETURNED
    assert WorkItem.objects.get().decision == Decision.RETURNED
    assert shown(mine)["name"] == "Zonnig Dorp"
    assert (
        mine.post("/mijn/collectief/zonnig-dorp/pagina/terug/").status_code == 302
    )  # nothing left: said, not broken
    assert AuditEvent.objects.filter(action="profile.taken_back", actor=person.pk).count() == 1


def test_what_is_taken_back_is_what_was_read(mine, collective):
    post(mine, shown(mine) | {"name": "Zonniger Dorp"})
    front = mine.get("/mijn/collectief/zonnig-dorp/").content.decode()
    seen = re.search(r'terug/">.*?name="seen" value="([^"]+)"', front, re.DOTALL)[1]
    post(
        mine,
        shown(mine) | {"description": "Iemand anders schreef er intussen nog een hele zin bij, over warmte."},
    )
    mine.post("/mijn/collectief/zonnig-dorp/pagina/terug/", {"seen": seen})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    assert waiting.description.startswith("Iemand anders")

    mine.post("/mijn/collectief/zonnig-dorp/pagina/terug/", {"seen": page_text.mark(facts_of(waiting))})
    assert not CollectiveProfile.objects.filter(state=ReviewState.PENDING).exists()


def test_the_form_says_that_an_exact_pin_stays(mine, collective):
    words = "schuift niet mee"
    assert words not in mine.get("/mijn/collectief/zonnig-dorp/pagina/").content.decode()
    MapPin.objects.update(precision=PinPrecision.EXACT)
    assert words in mine.get("/mijn/collectief/zonnig-dorp/pagina/").content.decode()


def review(profile):
    return f"/beheer/members/collectiveprofile/{profile.pk}/beoordelen/"


def test_the_team_approves_what_it_read(mine, collective, person, client):
    colleague = MembershipFactory(collective=collective, role=Role.COLLEAGUE).user
    second = MembershipFactory(collective=collective).user
    post(mine, shown(mine) | {"name": "Zonniger Dorp", "place_name": "Ede", "place_id": ""})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    admin = type(client)()
    enter_admin(admin)
    seen = admin.get(review(waiting)).context["seen"]

    post(mine, shown(mine) | {"offer_details": "Nog iets erbij."})
    assert admin.post(review(waiting), {"decision": "approved", "seen": seen}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.PENDING  # it was changed while the team read it

    seen = admin.get(review(waiting)).context["seen"]
    admin.post(review(waiting), {"decision": "approved", "seen": seen})
    collective.refresh_from_db()
    assert (collective.name, collective.published_profile) == ("Zonniger Dorp", waiting)
    pin = MapPin.objects.get()
    assert (round(pin.latitude, 1), round(pin.longitude, 1), pin.precision) == (52.5, 6.1, PinPrecision.PLACE)
    told = set(Notification.objects.filter(kind="members.page_approved").values_list("user", flat=True))
    assert told == {person.pk, second.pk}
    assert colleague.pk not in told


def test_a_pin_in_the_middle_of_the_place_moves_along_with_consent(mine, collective, person, client):
    Consent.objects.create(
        collective=collective, kind=ConsentKind.MAP, detail="place_level", text="x", text_version="1"
    )
    post(mine, shown(mine) | {"place_name": "Ede", "place_id": ""})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    admin = type(client)()
    enter_admin(admin)
    admin.post(review(waiting), {"decision": "approved"})

    pin = MapPin.objects.get()
    assert (round(pin.latitude, 1), round(pin.longitude, 1)) == (52.0, 5.7)


def test_a_refusal_takes_a_reason_which_its_people_read(mine, collective, person, client):
    post(mine, shown(mine) | {"name": "Zonniger Dorp"})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    admin = type(client)()
    enter_admin(admin)

    assert admin.post(review(waiting), {"decision": "refused", "reason": ""}).status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.PENDING

    admin.post(
        review(waiting), {"decision": "refused", "reason": "Deze naam is al van een ander collectief."}
    )
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.REFUSED
    told = Notification.objects.get(kind="members.page_refused")
    assert (told.user, told.facts["reason"]) == (person, "Deze naam is al van een ander collectief.")


def test_a_refusal_is_of_what_was_read(mine, collective, client):
    post(mine, shown(mine) | {"name": "Zonniger Dorp"})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    admin = type(client)()
    enter_admin(admin)
    page = admin.get(review(waiting))
    assert page.content.decode().count(page.context["seen"]) == 2  # in the form of each decision
    post(mine, shown(mine) | {"name": "Zonnigst Dorp"})
    no = {"decision": "refused", "reason": "Deze naam is al van een ander collectief."}
    admin.post(review(waiting), no | {"seen": page.context["seen"]})
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.PENDING
    assert not Notification.objects.filter(kind="members.page_refused").exists()


@pytest.mark.parametrize("agreed", [True, False])
def test_a_text_that_is_approved_without_consent_is_said_to_be_no_page(mine, collective, client, agreed):
    post(mine, shown(mine) | {"name": "Zonniger Dorp"})
    consents = "/mijn/collectief/zonnig-dorp/toestemming/"
    if not agreed:
        mine.post(consents, {"kind": "profile", "act": "withdraw"})
    waiting = CollectiveProfile.objects.get(state=ReviewState.PENDING)
    admin = type(client)()
    enter_admin(admin)
    page = admin.get(review(waiting)).content.decode()
    assert ("heeft geen toestemming" in page) is not agreed
    said = admin.post(review(waiting), {"decision": "approved"}, follow=True).content.decode()
    assert ("Zonniger Dorp is openbaar" in said, "zodra het collectief" in said) == (agreed, not agreed)
    told = Notification.objects.get(kind="members.page_approved")
    kind = notification_kinds.get(told.kind)
    assert ("zodra" in str(kind.text(told.facts))) is not agreed
    assert (mine.get(kind.link(told.facts)).status_code, kind.link(told.facts)) == (
        200, "/collectieven/zonnig-dorp/" if agreed else "/mijn/collectief/zonnig-dorp/",
    )  # fmt: skip
    if not agreed:
        assert type(client)().get("/collectieven/zonnig-dorp/").status_code == 404
        mine.post(consents, {"kind": "profile", "act": "give"})
        assert "Zonniger Dorp" in type(client)().get("/collectieven/zonnig-dorp/").content.decode()


@pytest.mark.parametrize("agreed", [True, False])
def test_a_collective_without_accounts_reads_whether_its_text_is_public(collective, client, agreed):
    if not agreed:
        withdraw_consent(collective, ConsentKind.PROFILE)
    waiting = ProfileFactory(collective=collective, name="Anders")
    open_work(WorkKind.REVISION, waiting.pk, title="x", collective=collective)
    enter_admin(client)
    client.post(review(waiting), {"decision": "approved"})
    mail = SentMail.objects.get(template="members/revision_decided")
    assert (mail.context["public"], bool(mail.context["page_url"])) == (agreed, agreed)


def test_without_an_approved_text_a_yes_to_a_page_says_what_it_waits_for(mine, collective):
    consents = "/mijn/collectief/zonnig-dorp/toestemming/"
    mine.post(consents, {"kind": "profile", "act": "withdraw"})
    CollectiveProfile.objects.update(state=ReviewState.PENDING)
    assert (
        "goedgekeurd" in mine.post(consents, {"kind": "profile", "act": "give"}, follow=True).content.decode()
    )


def test_a_collective_without_accounts_gets_the_reason_by_mail(collective, client):
    waiting = ProfileFactory(collective=collective, name="Anders")
    WorkItem.objects.create(
        kind=WorkKind.REVISION,
        target_id=waiting.pk,
        title="x",
        collective=collective,
        due_at="2026-01-01T00:00Z",
    )
    enter_admin(client)
    client.post(
        review(waiting), {"decision": "refused", "reason": "Deze naam is al van een ander collectief."}
    )

    mail = SentMail.objects.get()
    assert (mail.to, mail.template, mail.context["why"]) == (
        "zonnig-dorp@collectief.example", "members/revision_decided", "Deze naam is al van een ander collectief.",
    )  # fmt: skip


# --- small corrections


@pytest.mark.parametrize(("passes", "public"), [(False, False), (True, True)])
def test_a_small_correction_passes_only_where_the_platform_says_so(mine, collective, person, passes, public):
    right = "Samen wekken wij stroom op voor ons dorp, op de daken van school en sporthal."
    with override_settings(SMALL_CORRECTIONS_PASS=passes):
        post(mine, shown(mine) | {"description": right})

    collective.refresh_from_db()
    assert (collective.published_profile.description == right) is public
    item = WorkItem.objects.get()
    assert (item.decision, item.facts.get("small")) == ((Decision.APPROVED, True) if public else ("", None))
    assert StateChange.objects.filter(reason="small_correction", actor=person).exists() is public
    assert AuditEvent.objects.filter(action="profile.passed", actor=person.pk).exists() is public


@override_settings(SMALL_CORRECTIONS_PASS=True)
def test_small_corrections_do_not_add_up_to_a_large_one(mine, collective):
    text = collective.published_profile.description
    for number in range(4):
        text = text.replace("Samen wekken", f"Samen {'wel ' if number > 9 else ''}wekken") + " erbij aa"
        post(mine, shown(mine) | {"description": text})

    passed = WorkItem.objects.filter(facts__small=True).count()
    assert passed == 2  # what the third adds is more than a small correction of the text that the team read
    assert CollectiveProfile.objects.filter(state=ReviewState.PENDING).count() == 1


@override_settings(SMALL_CORRECTIONS_PASS=True)
def test_a_new_name_never_passes(mine, collective):
    post(mine, shown(mine) | {"name": "Zonnig Dorpje"})
    collective.refresh_from_db()
    assert collective.name == "Zonnig Dorp"
    assert CollectiveProfile.objects.filter(state=ReviewState.PENDING).count() == 1


# --- consents and pin


def test_consents_are_given_and_taken_back_with_their_text(mine, collective, person):
    address = "/mijn/collectief/zonnig-dorp/toestemming/"
    mine.post(address, {"kind": "research", "act": "give"})
    given = Consent.objects.get(kind=ConsentKind.RESEARCH)
    assert (given.text_version, given.withdrawn_at) == (VERSION, None)
    assert given.text in mine.get(address).content.decode().replace("&#x27;", "'")

    mine.post(address, {"kind": "research", "act": "give"})
    assert Consent.objects.filter(kind=ConsentKind.RESEARCH).count() == 1

    mine.post(address, {"kind": "research", "act": "withdraw"})
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    assert set(AuditEvent.objects.filter(actor=person.pk).values_list("action", flat=True)) == {
        "consent.given.research", "consent.withdrawn.research",
    }  # fmt: skip


def test_without_consent_to_a_page_page_and_pin_are_gone_and_come_back(mine, collective, client):
    address = "/mijn/collectief/zonnig-dorp/toestemming/"
    anyone = type(client)()
    mine.post(address, {"kind": "profile", "act": "withdraw"})
    assert anyone.get("/collectieven/zonnig-dorp/").status_code == 404
    assert not MapPin.objects.exists()

    mine.post(address, {"kind": "profile", "act": "give"})
    assert anyone.get("/collectieven/zonnig-dorp/").status_code == 200
    assert not MapPin.objects.exists()  # a pin is a yes of its own


@pytest.mark.parametrize("kind", ["map", "", "x", "profile\x00"])
def test_what_is_asked_elsewhere_is_not_given_here(mine, collective, kind):
    before = Consent.objects.count()
    assert mine.post(
        "/mijn/collectief/zonnig-dorp/toestemming/", {"kind": kind, "act": "give"}
    ).status_code in (302, 404)
    assert Consent.objects.count() == before


def test_a_pin_is_moved_and_taken_away(mine, collective):
    address = "/mijn/collectief/zonnig-dorp/kaart/"
    mine.post(address, {"precision": "exact", "latitude": "52,51", "longitude": "6.1"})
    pin = MapPin.objects.get()
    assert (pin.latitude, pin.longitude, pin.precision) == (52.51, 6.1, PinPrecision.EXACT)
    assert Consent.objects.in_force().get(kind=ConsentKind.MAP).detail == "exact"

    mine.post(address, {"precision": "place_level", "latitude": "", "longitude": ""})
    pin.refresh_from_db()
    assert (round(pin.latitude, 2), pin.precision) == (52.51, PinPrecision.PLACE)
    assert Consent.objects.in_force().get(kind=ConsentKind.MAP).detail == "place_level"

    mine.post(address, {"precision": "not_on_map"})
    assert not MapPin.objects.exists()
    assert not Consent.objects.in_force().filter(kind=ConsentKind.MAP).exists()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("", ""), ("52", ""), ("0", "0"), ("90", "6"), ("1e5", "6"), ("nan", "6"), ("٥٢", "6"), ("52.1.1", "6")],
)
def test_a_pin_elsewhere_is_refused(mine, collective, latitude, longitude):
    before = MapPin.objects.values_list("latitude", "longitude").get()
    data = {"precision": "exact", "latitude": latitude, "longitude": longitude}
    response = mine.post("/mijn/collectief/zonnig-dorp/kaart/", data)
    assert response.status_code == 200
    assert "Er is een probleem" in response.content.decode()
    assert MapPin.objects.values_list("latitude", "longitude").get() == before


def test_a_pin_needs_a_page(mine, collective):
    mine.post("/mijn/collectief/zonnig-dorp/toestemming/", {"kind": "profile", "act": "withdraw"})
    mine.post(
        "/mijn/collectief/zonnig-dorp/kaart/", {"precision": "exact", "latitude": "52.5", "longitude": "6.1"}
    )
    assert not MapPin.objects.exists()


# --- activity


@pytest.mark.parametrize(("activity", "word"), [("dormant", "slapend"), ("stopped", "gestopt")])
def test_page_and_directory_say_how_a_collective_lives(mine, collective, client, activity, word):
    anyone = type(client)()
    assert word not in anyone.get("/collectieven/zonnig-dorp/").content.decode()
    mine.post("/mijn/collectief/zonnig-dorp/activiteit/", {"activity": activity})

    assert word in anyone.get("/collectieven/zonnig-dorp/").content.decode()
    assert word in anyone.get("/collectieven/?nu=1").content.decode()
    mine.post("/mijn/collectief/zonnig-dorp/activiteit/", {"activity": "gekaapt"})
    assert Collective.objects.get(pk=collective.pk).activity == activity
    assert AuditEvent.objects.filter(action="collective.activity").count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_takes_a_fixed_number_of_queries(mine, collective, rows, django_assert_num_queries):
    for number in range(rows):
        MembershipFactory(collective=collective)
        collective.offers.create(kind="venue", title=f"Zaal {number}", regions=["NL-OV"])
    mine.get("/mijn/collectief/zonnig-dorp/")
    with django_assert_num_queries(11):
        mine.get("/mijn/collectief/zonnig-dorp/")


def test_taking_back_loses_from_the_team(collective, person):
    profile = ProfileFactory(collective=collective)
    assert facts_of(text_to_edit(collective)) == facts_of(profile)
    with pytest.raises(Exception, match="already decided"):
        take_back_change(profile, person)


def test_mark_is_of_the_text_only(collective):
    text = facts_of(collective.published_profile)
    assert page_text.mark(text) == page_text.mark(text | {"sectors": list(reversed(text["sectors"]))})
    assert page_text.mark(text) != page_text.mark(text | {"name": "x"})


def test_giving_consent_needs_no_second_row_for_the_same_words(collective, person):
    from members.services.consents import Yes

    assert give_consent(collective, ConsentKind.CONTACT, Yes("Mag dat?"), version="1", by=person) is True
    assert give_consent(collective, ConsentKind.CONTACT, Yes("Mag dat?"), version="1", by=person) is False
    assert give_consent(collective, ConsentKind.CONTACT, Yes("Mag dat wel?"), version="2", by=person) is True
    assert UserFactory().pk  # nobody else is touched
    assert Consent.objects.filter(kind=ConsentKind.CONTACT).count() == 2
