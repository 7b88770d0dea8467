"""The map: pins, clusters, what may be asked, and what a partner's page may show."""

import gzip
import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members import directory, map_cache, queries_map
from members.choices import ConsentKind
from members.gazetteer import REGIONS_FILE, gazetteer
from members.map_page import TILES_ORIGIN
from members.models import MapCell
from members.services.consents import withdraw_consent
from tests.factories.members import CollectiveFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
URL = "/kaart/pins.geojson"
ALL = "bbox=2.5,49.4,7.3,53.7"


def features(response):
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/geo+json"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert 2.5 < longitude < 7.3
        assert 49.4 < latitude < 53.7
    return collection["features"]


def count(found):
    return sum(feature["properties"].get("point_count", 1) for feature in found)


def at(latitude, longitude, **more):
    return CollectiveFactory(published=True, pin__latitude=latitude, pin__longitude=longitude, **more)


@pytest.mark.parametrize("number", [1, 3])
def test_map_pins_shows_published_only(client, number, django_assert_num_queries):
    shown = CollectiveFactory.create_batch(number, published=True)
    CollectiveFactory(name="Nog niet zichtbaar", proposed=True)
    CollectiveFactory(name="Zonder speld", published=True, pin=None)
    with django_assert_num_queries(1):
        found = features(client.get(URL))
    assert sorted(feature["properties"]["name"] for feature in found) == sorted(one.name for one in shown)
    assert found[0]["properties"].keys() == {"name", "place", "url"}
    assert client.get(found[0]["properties"]["url"]).status_code == 200


def test_map_pins_of_a_draft_stay_hidden_from_its_own_people_too(client):
    draft = CollectiveFactory(proposed=True)
    client.force_login(MembershipFactory(collective=draft).user)
    assert features(client.get(URL)) == []


def test_clusters_by_zoom(client):
    for latitude, longitude in ((52.37, 4.90), (52.09, 5.12), (51.44, 5.48), (51.05, 3.72)):
        at(latitude, longitude)
    low = features(client.get(f"{URL}?{ALL}&zoom=2"))
    assert count(low) == 4
    assert len(low) < 4
    assert low[0]["properties"] == {"cluster": True, "point_count": low[0]["properties"]["point_count"]}
    high = features(client.get(f"{URL}?{ALL}&zoom=10"))
    assert len(high) == 4
    assert all("name" in feature["properties"] for feature in high)


def test_pins_on_one_spot_are_a_cluster_that_says_so_at_every_zoom(client):
    for _ in range(3):
        at(52.37, 4.90)
    for zoom in (3, 9, 19, 22):
        (spot,) = features(client.get(f"{URL}?{ALL}&zoom={zoom}"))
        assert spot["properties"] == {"cluster": True, "point_count": 3, "one_spot": True}
    inside = features(client.get(f"{URL}?bbox=4.8995,52.3695,4.9005,52.3705"))
    assert len(inside) == 3
    assert all("name" in feature["properties"] for feature in inside)


def test_box_and_filters(client):
    at(52.37, 4.90, profile__sectors=["care"])
    at(51.05, 3.72, profile__sectors=["energy"])
    assert count(features(client.get(f"{URL}?bbox=4,52,6,53&zoom=7"))) == 1
    (only,) = features(client.get(f"{URL}?{ALL}&zoom=7&sector=energy"))
    assert only["geometry"]["coordinates"] == [3.72, 51.05]
    assert features(client.get(f"{URL}?{ALL}&zoom=7&sector=energy&q=bestaatniet")) == []
    assert count(features(client.get(f"{URL}?{ALL}&zoom=7&q=stroom"))) == 2


WRONG = [
    "bbox=",
    "bbox=1,2,3",
    "bbox=1,2,3,4,5",
    "bbox=NaN,1,2,3",
    "bbox=nan,nan,nan,nan",
    "bbox=inf,1,2,3",
    "bbox=1e3,1,2,3",
    "bbox=a,b,c,d",
    "bbox=5,51,4,52",
    "bbox=4,52,5,51",
    "bbox=4,52,4,52",
    "bbox=-999,0,999,10",
    "bbox=0,-91,1,1",
    "bbox=١,٢,٣,٤",
    "bbox=" + "9" * 400 + ",1,2,3",
    "zoom=NaN",
    "zoom=-1",
    "zoom=23",
    "zoom=1.5",
    "zoom=",
    "zoom=" + "1" * 500,
    "zoom=٧",
    "sector=nope",
    "region=NaN",
    "q=" + "x" * 101,
]


@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_read_is_an_error_as_json(client, query, django_assert_num_queries):
    CollectiveFactory(published=True)
    client.get(URL)
    with django_assert_num_queries(0):
        response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json().keys() == {"error"}


@given(bbox=st.text(max_size=40), zoom=st.text(max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_box_breaks_the_map(bbox, zoom):
    response = Client().get(
        URL, {"bbox": bbox.encode("utf-8", "replace"), "zoom": zoom.encode("utf-8", "replace")}
    )
    assert response.status_code in (200, 400)


def test_etag_and_unchanged_answer(client, django_assert_num_queries):
    at(52.37, 4.90)
    first = client.get(f"{URL}?{ALL}&zoom=7")
    with django_assert_num_queries(0):  # kept
        again = client.get(f"{URL}?{ALL}&zoom=7", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert not first.cookies


def test_an_answer_made_while_something_changed_is_not_kept(db, django_capture_on_commit_callbacks):
    _value, version = map_cache.recall("old")
    with django_capture_on_commit_callbacks(execute=True):
        map_cache.forget()
    map_cache.remember("old", "made of what was read before", version)
    assert map_cache.recall("old")[0] is None
    map_cache.remember("new", 1, map_cache.recall("new")[1])
    assert map_cache.recall("new")[0] == 1


@pytest.mark.django_db(transaction=True)
def test_kept_answers_go_when_a_collective_takes_its_consent_back(client):
    collective = at(52.37, 4.90)
    assert count(features(client.get(f"{URL}?{ALL}&zoom=7"))) == 1
    withdraw_consent(collective, ConsentKind.MAP)
    assert features(client.get(f"{URL}?{ALL}&zoom=7")) == []
    assert client.get(collective.get_absolute_url()).status_code == 200


def test_names_cannot_break_out_of_the_answer(client):
    bad = "</script><b>\"\\'{{7*7}}\u2028"
    at(52.37, 4.90, name=bad, profile__place_name='Beek"\\')
    (pin,) = features(client.get(f"{URL}?{ALL}&zoom=9"))
    assert pin["properties"]["name"] == bad
    assert pin["properties"]["place"] == 'Beek"\\'


def test_many_pins_without_a_zoom_are_clusters(client, monkeypatch):
    monkeypatch.setattr(queries_map, "SINGLE_PINS", 3)
    for number in range(5):
        at(51 + number / 5, 5)
    found = features(client.get(f"{URL}?{ALL}"))
    assert count(found) == 5


def test_300_pins_fit_in_ten_kilobytes(client):
    places = gazetteer.places[::10][:300]
    for number, place in enumerate(places):
        at(
            place.latitude,
            place.longitude,
            name=f"Energiecoöperatie {place.name} {number}",
            profile__place_name=place.name,
        )
    answer = client.get(URL).content
    assert len(json.loads(answer)["features"]) == 300
    assert len(gzip.compress(answer)) < 10_000


def test_kept_grid_says_the_same_as_the_pins_themselves(client, monkeypatch):
    places = gazetteer.places[::25]
    for number, place in enumerate(places):
        at(
            place.latitude,
            place.longitude,
            profile__sectors=[("energy", "food", "care")[number % 3]],
            profile__region=place.region,
            profile__founding_year=1990 + number % 35,
        )
    CollectiveFactory(published=True, pin=None)
    queries = [
        f"{ALL}&zoom=7",
        "bbox=4.1,51.5,6.2,52.9&zoom=9&sector=energy",
        f"{ALL}&zoom=8&sector=food&sector=care&age=before_2005",
        f"{ALL}&zoom=6&region=BE-VLI",
        f"{ALL}&zoom=12",
        f"{ALL}&zoom=7&area=street",
    ]
    live = [features(client.get(f"{URL}?{query}&x=live")) for query in queries]
    counts = client.get("/collectieven/?sector=energy").context["found"].facets

    monkeypatch.setattr(queries_map, "CELLS_FROM", 10)
    monkeypatch.setattr(directory._Size, "large", True)
    with transaction.atomic():
        assert queries_map.replace_cells() == len(places)
    assert MapCell.objects.filter(zoom=0).count() >= 1
    for query, before in zip(queries, live, strict=True):
        kept = features(client.get(f"{URL}?{query}&x=kept"))
        in_view = [one for one in kept if query.startswith("bbox=2.5")]
        assert count(kept) >= count(before)  # whole cells: a little more than the box at its edges
        if in_view:
            assert count(kept) == count(before)
            assert len(kept) == len(before)
        names = {one["properties"]["name"] for one in before if "name" in one["properties"]}
        assert names <= {one["properties"].get("name") for one in kept}
    again = client.get("/collectieven/?sector=energy").context["found"].facets
    assert again.total == counts.total
    assert {name: dict(values) for name, values in again.counts.items()} == {
        name: dict(values) for name, values in counts.counts.items()
    }

    monkeypatch.setattr(queries_map, "CELLS_FROM", 10_000)
    with transaction.atomic():
        queries_map.replace_cells()
    assert not MapCell.objects.exists()


def test_map_page_answers_without_the_map(client, django_assert_num_queries):
    CollectiveFactory(published=True)
    with django_assert_num_queries(1):
        response = client.get("/kaart/")
    body = response.content.decode()
    assert 'href="/collectieven/?region=NL-OV"' in body
    assert 'href="#after-map"' in body
    assert not response.cookies


def test_map_page_allows_tiles_only_where_they_are_offered(client, settings):
    assert TILES_ORIGIN not in client.get("/kaart/")["Content-Security-Policy"]
    assert '"tiles": null' in client.get("/kaart/").content.decode()
    settings.MAP_TILES = True
    assert TILES_ORIGIN in client.get("/kaart/")["Content-Security-Policy"]
    assert TILES_ORIGIN not in client.get("/collectieven/")["Content-Security-Policy"]


def test_embed_may_stand_in_any_frame_and_holds_no_form_and_no_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/kaart/embed/?sector=energy")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    assert b"<form" not in response.content
    assert "frame-ancestors 'none'" in client.get("/kaart/")["Content-Security-Policy"]


def test_one_copy_of_the_outlines_serves_page_and_drawing(settings):
    assert ("geo", REGIONS_FILE.parent) in settings.STATICFILES_DIRS


def test_script_writes_no_html():
    script = (Path(queries_map.__file__).parents[1] / "static/js/map.js").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
