"""The directory: what it shows, to whom, and what it costs."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.directory import Directory
from members.models import DirectoryEntry
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
URL = "/collectieven/"


def names(response):
    return re.findall(r'<h3><a href="[^"]+">([^<]+)</a></h3>', response.content.decode())


def total(response):
    return response.context["found"].total


def test_addresses():
    assert reverse("members:directory") == URL
    assert reverse("members:map") == "/kaart/"
    assert reverse("members:map_embed") == "/kaart/embed/"
    assert reverse("members:map_pins") == "/kaart/pins.geojson"
    assert reverse("members:contact", args=["x"]) == "/collectieven/x/contact/"


@pytest.mark.parametrize("count", [1, 3])
def test_directory_shows_published_collectives_in_few_queries(client, count, django_assert_num_queries):
    shown = CollectiveFactory.create_batch(count, published=True)
    CollectiveFactory(proposed=True, name="Nog niet zichtbaar")
    client.get(URL)
    with django_assert_num_queries(2):
        response = client.get(URL)
    assert sorted(names(response)) == sorted(one.name for one in shown)
    assert total(response) == count
    assert "Nog niet zichtbaar" not in response.content.decode()


def test_directory_asks_as_much_of_the_database_for_300_as_for_1(client):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{URL}?sector=energy&q=stroom")
        return len(queries)

    CollectiveFactory(published=True)
    client.get(URL)
    one = asked()
    CollectiveFactory.create_batch(29, published=True)
    assert asked() == one <= 4


def test_directory_costs_a_signed_in_visitor_at_most_three_queries_more(client):
    CollectiveFactory(published=True)
    user = UserFactory()
    client.get(URL)
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) <= 7


def test_directory_sets_no_cookie_and_is_not_different_for_its_own_people(client):
    draft = CollectiveFactory(proposed=True, name="Ons eigen concept")
    assert not client.get(URL).cookies
    client.force_login(MembershipFactory(collective=draft).user)
    response = client.get(URL)
    assert names(response) == []
    assert "Ons eigen concept" not in response.content.decode()


def test_directory_filters_and_counts(client):
    CollectiveFactory(published=True, profile__sectors=["energy", "food"], profile__region="NL-OV")
    CollectiveFactory(
        published=True, profile__sectors=["care"], profile__region="NL-OV", profile__founding_year=2001
    )
    CollectiveFactory(published=True, profile__sectors=["energy"], profile__region="NL-GE")
    response = client.get(f"{URL}?sector=energy")
    found = response.context["found"]
    assert found.total == len(names(response)) == 2
    assert found.facets.counts["sector"] == {"energy": 2, "food": 1, "care": 1}  # its own filter is left out
    assert found.facets.counts["region"] == {"NL-OV": 1, "NL-GE": 1}
    assert total(client.get(f"{URL}?sector=energy&sector=care")) == 3
    assert total(client.get(f"{URL}?sector=energy&region=NL-OV")) == 1
    assert total(client.get(f"{URL}?age=before_2005")) == 1
    assert total(client.get(f"{URL}?legal_form=cooperative&area=municipality")) == 3
    assert total(client.get(f"{URL}?legal_form=foundation")) == 0


VALUES = {
    "sector": ["energy", "food", "care", "housing"],
    "region": ["NL-OV", "NL-GE", "BE-BRU"],
    "legal_form": ["cooperative", "association"],
    "age": ["before_2005", "y2010_2014", "y2020_later"],
    "area": ["street", "village"],
}


@pytest.fixture
def mixed():
    for number in range(24):
        CollectiveFactory(
            published=True,
            pin=None,
            profile__sectors=VALUES["sector"][number % 4 :][: 1 + number % 2],
            profile__region=VALUES["region"][number % 3],
            profile__legal_form_group=VALUES["legal_form"][number % 2],
            profile__founding_year=[1999, 2012, 2023, None][number % 4],
            profile__geo_scale=VALUES["area"][(number // 3) % 2],
            profile__place_name=["Zwolle", "Beek"][number % 2],
        )


@given(
    asked=st.fixed_dictionaries(
        {}, optional={name: st.lists(st.sampled_from(values), max_size=2) for name, values in VALUES.items()}
    ),
    typed=st.sampled_from(["", "zwolle", "stroom dak", "energie", "zwole", "be"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_count_is_what_choosing_it_gives(mixed, asked, typed):
    client = Client()
    query = [(name, value) for name, values in asked.items() for value in values] + [("q", typed)]
    response = client.get(f"{URL}?{urlencode(query)}")
    found = response.context["found"]
    assert found.total == len(names(response)) == found.ordered.count()
    for group in found.groups:
        for choice in group.choices[:2]:
            others = [pair for pair in query if pair[0] != group.name]
            again = client.get(f"{URL}?{urlencode([*others, (group.name, choice.value)])}")
            assert again.context["found"].total == choice.count


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("energiecooperatie", 1),
        ("Energiecoöperaties", 1),
        ("cooperatie", 1),
        ("zonedak", 0),
        ("zwolle", 1),
        ("ZWOLE", 1),
        ("stroom dorp", 1),
        ("stroom fiets", 0),
        ("zo", 0),
        ("wi", 1),
        ("%", 0),
        ("'; drop table", 0),
        ("!!!", 0),
    ],
)
def test_search_finds_words_and_forgives_spelling(client, typed, found):
    CollectiveFactory(published=True, name="Energiecoöperatie De Linde")
    assert total(client.get(URL, {"q": typed})) == found


def test_search_puts_the_name_that_is_most_like_it_first(client):
    CollectiveFactory(
        published=True, name="Aardige buren", profile__description="Wij delen een moestuin met z'n allen."
    )
    CollectiveFactory(published=True, name="Moestuin De Akker")
    assert names(client.get(f"{URL}?q=moestuin"))[0] == "Moestuin De Akker"


BROKEN = [
    "sector=nope", "sector=energy&sector=%ff", "region=NL", "age=2005", "legal_form=1%27", "pagina=0", "pagina=abc", "pagina=1e9",
    "pagina=99999999999999999999", "sort=size", "q=" + "x" * 101, "q=%E2%80%AE", "sector=NaN", "area=../../x",
]  # fmt: skip


@pytest.mark.parametrize("query", BROKEN)
def test_what_cannot_be_read_shows_a_message_and_nothing_else(client, query, django_assert_num_queries):
    CollectiveFactory(published=True)
    client.get(URL)
    with django_assert_num_queries(0):
        response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert names(response) == []
    assert response.context["found"].problems
    assert "data-error-summary" in response.content.decode()


@pytest.mark.parametrize("address", [URL, "/kaart/pins.geojson", "/collectieven/collectieven.csv", "/kaart/"])
def test_nul_is_refused(client, address):
    assert client.get(f"{address}?q=%00").status_code == 400


@given(
    query=st.dictionaries(
        st.sampled_from(
            ["q", "sector", "region", "legal_form", "age", "area", "sort", "pagina", "size", "id"]
        ),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_list_and_an_unreadable_one_shows_nothing(query):
    if not DirectoryEntry.objects.exists():
        CollectiveFactory(published=True)
    text = urlencode(
        {key: [v.encode("utf-8", "replace") for v in values] for key, values in query.items()}, doseq=True
    )
    response = Client().get(f"{URL}?{text}")
    assert response.status_code in (200, 400)
    if response.status_code == 200 and response.context["found"].problems:
        assert names(response) == []


def test_size_is_no_filter(client):
    CollectiveFactory(published=True)
    response = client.get(f"{URL}?size=small&member_count=5")
    assert total(response) == 1
    assert not {"size", "member_count"} & set(response.context["found"].filter.filters)


def test_paging_keeps_filters_and_ends_at_the_last_page(client):
    CollectiveFactory.create_batch(26, published=True)
    first = client.get(f"{URL}?sector=energy&sort=name")
    assert len(names(first)) == 24
    assert "?sector=energy&amp;sort=name&amp;pagina=2" in first.content.decode()
    second = client.get(f"{URL}?sector=energy&pagina=2")
    assert len(names(second)) == 2
    assert not set(names(first)) & set(names(second))
    assert names(client.get(f"{URL}?sector=energy&pagina=77")) == names(second)


def test_sort_by_newest(client):
    old, new = CollectiveFactory(published=True, name="A"), CollectiveFactory(published=True, name="B")
    assert names(client.get(f"{URL}?sort=new")) == [new.name, old.name]
    assert names(client.get(f"{URL}?sort=name")) == [old.name, new.name]


def test_chips_take_one_filter_away(client):
    CollectiveFactory(published=True)
    chips = client.get(f"{URL}?sector=energy&sector=food&q=zwolle&sort=new").context["found"].chips
    assert [chip.url for chip in chips] == [
        f"{URL}?sector=energy&sector=food&sort=new",
        f"{URL}?sector=food&q=zwolle&sort=new",
        f"{URL}?sector=energy&q=zwolle&sort=new",
    ]


def test_nothing_found_offers_a_way_on(client):
    response = client.get(f"{URL}?q=bestaatniet")
    assert '<div class="empty">' in response.content.decode()
    assert f'href="{URL}"' in response.content.decode()


def test_htmx_gets_the_list_without_the_page(client):
    CollectiveFactory(published=True)
    part = client.get(URL, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert len(names(part)) == 1
    assert "HX-Request" in part["Vary"]
    whole = client.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content


def test_names_and_texts_are_escaped(client):
    bad = "<img src=x onerror=alert(1)>\"'&"
    CollectiveFactory(published=True, name=bad, profile__description=bad, profile__place_name="<b>Beek</b>")
    body = client.get(URL).content.decode()
    assert "<img src=x" not in body
    assert "<b>Beek" not in body
    assert "<script>x" not in client.get(URL, {"q": "<script>x</script>"}).content.decode()


def test_only_reading_is_allowed(client):
    assert client.post(URL).status_code == 405
    assert client.head(URL).status_code == 200


def test_labels_follow_the_language(client):
    CollectiveFactory(published=True)
    assert "energy (nl)" in client.get(URL).content.decode()
    assert "energy (en)" in client.get(f"/en{URL}").content.decode()


def test_nothing_found_names_the_filter_that_would_help_most(client):
    CollectiveFactory.create_batch(3, published=True)
    CollectiveFactory(published=True, profile__region="BE-VAN", profile__sectors=["food"])
    found = Directory(QueryDict("region=BE-VAN&sector=energy"), AnonymousUser())
    assert [chip.url for chip in found.looser] == [
        "/collectieven/?sector=energy",
        "/collectieven/?region=BE-VAN",
    ]
    html = client.get("/collectieven/?region=BE-VAN&sector=energy").content.decode()
    assert found.looser[0].label in html
    for chip in found.looser:
        assert client.get(chip.url).context["found"].total == int(chip.label.rsplit(": ", 1)[1].split()[0])


def test_there_is_no_looser_list_where_it_would_not_help(client):
    CollectiveFactory(published=True)
    for query in ("", "region=NL-OV", "region=BE-VAN", "q=bestaatniet", "region=BE-VAN&sort=nonsense"):
        assert Directory(QueryDict(query), AnonymousUser()).looser == []


def test_an_empty_platform_says_to_be_the_first(client):
    assert 'href="/zelfscan/"' in client.get("/collectieven/").content.decode().split('id="directory"')[1]
    assert client.get("/kaart/").status_code == 200
