"""Services on offer: written by collectives, found by the team, safe as a file."""

import csv
import io

import pytest

from collectievekracht.common.models import AuditEvent
from members.choices import Activity, OfferKind
from members.models import ServiceOffer
from members.services.offers import MOST
from tests.factories.members import CollectiveFactory, MembershipFactory
from tests.factories.signing_in import enter_admin, sign_in

OFFER = {
    "kind": "venue", "title": "Dorpszaal", "details": "Met keuken.", "regions": ["NL-OV", "NL-UT"], "capacity": "80",
    "email": "zaal@voorbeeld.example",
}  # fmt: skip
OWN = "/mijn/collectief/zonnig-dorp/aanbod/"


@pytest.fixture
def collective(terms):
    return CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")


@pytest.fixture
def mine(client, collective):
    return sign_in(client, MembershipFactory(collective=collective).user)


def test_an_offer_is_added_changed_closed_and_opened(mine, collective):
    assert mine.post(f"{OWN}nieuw/", OFFER).status_code == 302
    offer = ServiceOffer.objects.get()
    assert (offer.collective, offer.kind, offer.title, offer.regions, offer.capacity, offer.is_open) == (
        collective, OfferKind.VENUE, "Dorpszaal", ["NL-OV", "NL-UT"], 80, True,
    )  # fmt: skip

    mine.post(f"{OWN}{offer.pk}/", OFFER | {"title": "Grote zaal", "capacity": ""})
    offer.refresh_from_db()
    assert (offer.title, offer.capacity) == ("Grote zaal", None)

    mine.post(f"{OWN}{offer.pk}/sluiten/", {"act": "close"})
    offer.refresh_from_db()
    assert offer.is_open is False
    mine.post(f"{OWN}{offer.pk}/sluiten/", {"act": "open"})
    offer.refresh_from_db()
    assert offer.is_open is True
    assert sorted(AuditEvent.objects.values_list("action", flat=True)) == [
        "offer.added", "offer.changed", "offer.closed", "offer.opened",
    ]  # fmt: skip


def test_e3_extra_fields_of_an_offer_have_no_effect(mine, collective):
    other = CollectiveFactory(published=True, slug="ander")
    extra = {
        "collective": other.pk,
        "collective_id": other.pk,
        "is_open": "",
        "made_at": "2001-01-01",
        "id": "99",
        "pk": "99",
    }
    mine.post(f"{OWN}nieuw/", OFFER | extra)
    offer = ServiceOffer.objects.get()
    assert (offer.collective, offer.is_open, offer.made_at.year > 2001, offer.pk != 99) == (
        collective,
        True,
        True,
        True,
    )

    mine.post(f"{OWN}{offer.pk}/", OFFER | extra)
    offer.refresh_from_db()
    assert (offer.collective, offer.is_open) == (collective, True)


def test_e2_an_offer_of_others_is_as_if_there_were_none(mine, collective):
    other = CollectiveFactory(published=True, slug="ander")
    offer = other.offers.create(kind="venue", title="Van een ander", regions=["NL-OV"])

    for path in (f"{OWN}{{}}/", f"{OWN}{{}}/sluiten/"):
        theirs, none = mine.post(path.format(offer.pk), OFFER), mine.post(path.format(987654), OFFER)
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.content.replace(f"/{offer.pk}/".encode(), b"") == none.content.replace(b"/987654/", b"")
    offer.refresh_from_db()
    assert (offer.title, offer.is_open) == ("Van een ander", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "boot"}, {"title": ""}, {"title": "x" * 121}, {"title": "a\x00"}, {"details": "x" * 1001}, {"regions": []},
        {"regions": ["XX"]}, {"capacity": "0"}, {"capacity": "-5"}, {"capacity": "veel"}, {"capacity": "9" * 30},
        {"email": "geen adres"},
    ],
)  # fmt: skip
def test_a_wrong_offer_says_so_and_keeps_what_was_typed(mine, collective, wrong):
    response = mine.post(f"{OWN}nieuw/", OFFER | wrong)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == list(wrong)
    assert "Er is een probleem" in response.content.decode()
    assert not ServiceOffer.objects.exists()


def test_there_is_a_most(mine, collective):
    for number in range(MOST):
        collective.offers.create(kind="venue", title=f"Zaal {number}", regions=["NL-OV"])

    assert mine.post(f"{OWN}nieuw/", OFFER).status_code == 200
    assert collective.offers.count() == MOST


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(mine, collective, count, django_assert_num_queries):
    for number in range(count):
        collective.offers.create(kind="venue", title=f"Zaal {number}", regions=["NL-OV"])
    mine.get(OWN)
    with django_assert_num_queries(4):
        shown = mine.get(OWN).content.decode()
    assert [f"Zaal {number}" in shown for number in range(count)] == [True] * count


@pytest.fixture
def market(terms):
    """Offers in Utrecht, of collectives near and far, and some that don't count."""
    far = CollectiveFactory(
        published=True, name="Aap", slug="aap", profile__region="NL-GR", profile__place_name="Groningen"
    )
    near = CollectiveFactory(
        published=True, name="Zus", slug="zus", profile__region="NL-UT", profile__place_name="Utrecht"
    )
    stopped = CollectiveFactory(published=True, name="Weg", slug="weg", activity=Activity.STOPPED)
    far.offers.create(kind="venue", title="Verre zaal", regions=["NL-GR", "NL-UT"])
    near.offers.create(kind="venue", title="Nabije zaal", regions=["NL-UT"], email="zaal@zus.example")
    near.offers.create(kind="gifts", title="Pakketten", regions=["NL-UT"])
    near.offers.create(kind="venue", title="Zaal elders", regions=["NL-GR"])
    near.offers.create(kind="venue", title="Dichte zaal", regions=["NL-UT"], is_open=False)
    stopped.offers.create(kind="venue", title="Zaal van wie stopte", regions=["NL-UT"])


VENUES = "?kind__exact=venue&regio=NL-UT&is_open__exact=1"


def test_the_team_finds_a_venue_in_a_province_and_the_nearest_first(client, market):
    enter_admin(client)
    shown = client.get(f"/beheer/members/serviceoffer/{VENUES}")

    assert [offer.title for offer in shown.context["cl"].result_list] == ["Nabije zaal", "Verre zaal"]
    text = shown.content.decode()
    assert "zaal@zus.example" in text
    assert "aap@collectief.example" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_teams_list_takes_a_fixed_number_of_queries(client, terms, count, django_assert_num_queries):
    for number in range(count):
        one = CollectiveFactory(published=True, slug=f"een-{number}")
        one.offers.create(kind="venue", title=f"Zaal {number}", regions=["NL-UT"])
    enter_admin(client)
    client.get(f"/beheer/members/serviceoffer/{VENUES}")
    with django_assert_num_queries(6):
        client.get(f"/beheer/members/serviceoffer/{VENUES}")


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_has_what_the_filters_ask(client, market):
    enter_admin(client)
    rows = read(client.get(f"/beheer/members/serviceoffer/aanbod.csv{VENUES}"))

    assert [(row[1], row[2], row[3], row[6]) for row in rows[1:]] == [
        ("Nabije zaal", "Zus", "Utrecht", "zaal@zus.example"),
        ("Verre zaal", "Aap", "Groningen", "aap@collectief.example"),
    ]


def test_d11_a_filter_that_cannot_be_read_gives_nothing(client, market):
    enter_admin(client)
    for query in (
        "?kind__exact=%00",
        "?nonsense__x=1",
        "?regio=%00",
        "?regio=XX",
        "?is_open__exact=misschien",
    ):
        answer = client.get(f"/beheer/members/serviceoffer/aanbod.csv{query}")
        assert answer.status_code == 400 or len(read(answer)) == 1, query


def test_d7_no_cell_of_the_file_is_a_formula(client, collective, table):
    from collectievekracht.common.safe_csv import TRIGGERS

    for trigger in TRIGGERS:
        collective.offers.create(
            kind="venue", title=f"{trigger}1+1", details=f"{trigger}SOM(A1)", regions=["NL-UT"]
        )
    enter_admin(client)
    rows = read(client.get("/beheer/members/serviceoffer/aanbod.csv"))
    live = [cell for row in rows for cell in row if cell.startswith(TRIGGERS)]
    table.add(
        "D7",
        f"the file of offers: {len(TRIGGERS)} beginnings of a formula in two fields",
        seen=f"{len(live)} live",
        must="0",
        holds=not live and len(rows) == len(TRIGGERS) + 1,
    )


def test_of_two_who_change_an_offer_at_once_nobody_is_overwritten(mine, collective):
    offer = collective.offers.create(
        kind="venue", title="Dorpszaal", regions=["NL-OV"], details="Met keuken."
    )
    page = mine.get(f"{OWN}{offer.pk}/")
    seen = page.context["seen"]
    assert f'value="{seen}"' in page.content.decode()
    mine.post(f"{OWN}{offer.pk}/", OFFER | {"title": "Van de een", "seen": seen})

    clash = mine.post(f"{OWN}{offer.pk}/", OFFER | {"title": "Van de ander", "seen": seen})
    offer.refresh_from_db()
    assert (clash.status_code, offer.title) == (409, "Van de een")
    html = clash.content.decode()
    assert "Van de een" in html
    assert 'value="Van de ander"' in html

    again = OFFER | {"title": "Van de ander", "seen": clash.context["seen"]}
    assert mine.post(f"{OWN}{offer.pk}/", again).status_code == 302
    offer.refresh_from_db()
    assert offer.title == "Van de ander"
