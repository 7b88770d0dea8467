"""The directory as a file."""

import csv
from io import StringIO

import pytest

from collectievekracht.common.safe_csv import safe_cell
from tests.factories.members import CollectiveFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
URL = "/collectieven/collectieven.csv"
COLUMNS = [
    "Name", "Page", "Place", "Province", "Country", "Started in", "Fields", "Main field", "Legal form", "Area of work",
    "Whom we do it for", "What people notice of it", "What we can offer", "What exactly", "Website", "Description",
]  # fmt: skip


def rows(response):
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_file_holds_the_public_fields_of_published_collectives(client, django_assert_num_queries):
    shown = CollectiveFactory(published=True)
    CollectiveFactory(proposed=True)
    response = client.get(f"/en{URL}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="collectieven.csv"' in response["Content-Disposition"]
    header, *found = rows(response)
    assert header == COLUMNS
    (row,) = found
    assert row[0] == shown.name
    assert row[1].endswith(f"/en/collectieven/{shown.slug}/")
    assert row[6] == "energy (en)"
    assert shown.contact_email not in ";".join(row)


@pytest.mark.parametrize("count", [1, 3])
def test_file_is_one_query(client, count, django_assert_num_queries):
    CollectiveFactory.create_batch(count, published=True)
    client.get("/collectieven/")
    with django_assert_num_queries(1):
        assert len(rows(client.get(URL))) == count + 1


def test_file_follows_the_filters(client):
    CollectiveFactory(published=True, profile__sectors=["care"])
    CollectiveFactory(published=True)
    assert len(rows(client.get(f"{URL}?sector=care"))) == 2


@pytest.mark.parametrize("query", ["sector=nope", "region=NaN", "id=1&sector=%00x"])
def test_broken_filter_gives_an_error_and_never_everything(client, query):
    CollectiveFactory(published=True)
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert b"Energieco" not in response.content


@pytest.mark.parametrize("trigger", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " ="])
@pytest.mark.parametrize(
    "field", ["name", "profile__description", "profile__offer_details", "profile__place_name"]
)
def test_no_cell_is_a_formula(client, trigger, field):
    CollectiveFactory(published=True, **{field: f"{trigger}1+1"})
    for row in rows(client.get(URL))[1:]:
        assert not any(cell[:1] in "=+-@\t\r\n＝" for cell in row if cell)
        assert not any(cell.lstrip()[:1] in "=+-@" for cell in row if cell.strip())


def test_numbers_stay_numbers():
    assert safe_cell(-5) == "-5"
    assert safe_cell(None) == ""
    assert safe_cell("-5") == "'-5"
