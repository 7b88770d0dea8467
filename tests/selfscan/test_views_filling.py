"""The pages of a scan through Django's client: without JavaScript, as a person or a script would."""

import pytest

from members.gazetteer import gazetteer
from selfscan.choices import ResponseState
from selfscan.models import Response
from tests.factories.scans import EXAMPLES, example
from tests.journeys.filling import posted_fields
from tests.selfscan.forms import errors_of, fill, fill_scan, forms_of, path_of, post, scan_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(client, instrument):
    """A scan that was just begun through the start page; its overview."""
    form = forms_of(client.get("/zelfscan/"))[0]
    response = client.post("/zelfscan/", form.data)
    return response["Location"]


@pytest.mark.parametrize("code", EXAMPLES)
def test_each_example_can_be_filled_in_and_sent_without_javascript(client, begun, definition, code):
    fields = posted_fields(definition, code)
    response, _shown = fill_scan(client, begun + "about/", fields)
    assert b"error-summary" not in response.content
    response = client.post(begun + "controle/", follow=True)
    assert path_of(response) == begun + "klaar/"
    scan = Response.objects.get()
    assert scan.state == ResponseState.COMPLETED
    expected = example(code, place=None)
    assert {code: answer for code, answer in scan.answers.items() if code != "place"} == expected
    assert scan.answers["place"]["geonames_id"]


# --- the fields


def contract_names(question):
    """The names of a question's fields as the contract has them, written out again on purpose."""
    code = question.code
    if question.type == "place":
        return {"place", "place_lat", "place_lon"}
    if question.columns:
        return {f"{code}.{item.code}.{column.code}" for item in question.items for column in question.columns}
    if question.items or question.parts:
        return {f"{code}.{one.code}" for one in (*question.items, *question.parts)}
    return {code} | {f"{code}__{option.code}" for option in question.options if option.free_text}


def test_every_page_shows_exactly_the_contracts_fields(client, begun, definition):
    fields = posted_fields(definition, "example_energy")
    _response, shown = fill_scan(client, begun + "about/", fields)
    names = set().union(*shown.values())
    expected = set().union(*(contract_names(question) for question in definition.questions))
    assert names == expected
    for path, on_page in shown.items():
        codes = {name.partition(".")[0].partition("__")[0] for name in on_page} - {"place_lat", "place_lon"}
        assert len(codes) <= 7, path
        rows = [code for code in codes if definition.question(code).is_battery]
        assert not rows or len(codes) == 1, path


def test_the_values_are_the_contracts(client, begun, definition):
    html = client.get(begun + "consent/").content.decode()
    assert 'name="consent_profile" id="id_consent_profile" value="yes"' in html
    assert 'value="no"' in html
    html = client.get(begun + "members/2/").content.decode()
    for value in ("1", "2", "3", "4", "5", "dk"):
        assert 'name="member_practice.mem_value" id="id_member_practice.mem_value' in html
        assert f'value="{value}"' in html


def test_the_first_button_is_next_and_the_form_is_the_first(client, begun):
    first = forms_of(client.get(begun + "about/"))[0]
    assert "data-scan" in first.attributes
    assert first.buttons == [(None, ""), ("later", "1")]


def test_a_start_without_any_field_begins_a_scan(client, instrument):
    response = client.post("/zelfscan/")
    assert response.status_code == 302
    assert Response.objects.count() == 1


def test_the_same_start_form_twice_begins_one_scan(client, instrument):
    form = forms_of(client.get("/zelfscan/"))[0]
    answers = {client.post("/zelfscan/", form.data)["Location"] for _ in range(3)}
    assert len(answers) == 1 == Response.objects.count()


# --- wrong answers


def test_what_is_missing_is_told_on_top_and_beside_the_field(client, begun):
    url = begun + "about/"
    response = post(client, url, scan_form(client.get(url)))
    assert path_of(response) == url
    html = response.content.decode()
    assert "<title>Error: " in html or "<title>Fout: " in html
    fields = [field for field, _words in errors_of(response)]
    assert fields == ["org_name", "country", "place", "short_description"]
    for field in fields:
        assert f'id="id_{field}"' in html
        assert f'id="id_{field}-error"' in html


def test_wrong_answers_stay_as_they_were_typed(client, begun):
    url = begun + "about/"
    typed = {
        "org_name": "X",
        "country": "nl",
        "place": "Nergenshuizen",
        "postcode": "12 34",
        "website": "geen adres",
        "short_description": "Te kort",
        "place_lat": "99",
        "place_lon": "5.1",
    }
    response = post(client, url, scan_form(client.get(url)), typed)
    assert {"org_name", "place", "postcode", "website", "short_description"} <= {
        field for field, _words in errors_of(response)
    } | {"place"}
    again = scan_form(client.get(url))
    for name, value in typed.items():
        assert again.data[name] == [value], name
    scan = Response.objects.get()
    assert set(scan.answers) == {"country"}
    assert errors_of(client.get(url)), "the messages are there when one comes back, too"


def test_a_wrong_answer_that_no_longer_shows_holds_nothing_up(client, begun, definition):
    fill_scan(client, begun + "about/", posted_fields(definition, "example_energy"))
    scan = Response.objects.get()
    for budget, ready in ((scan.answers["annual_budget"], False), ("none", True)):
        Response.objects.update(
            answers={**scan.answers, "annual_budget": budget}, typed={"income_split": {"inc_sales": 130}}
        )
        assert client.get(begun).context["ready"] is ready
    assert path_of(client.post(begun + "controle/", follow=True)) == begun + "klaar/"


def test_later_saves_wrong_answers_and_asks_where_to_send_the_link(client, begun, mailoutbox):
    url = begun + "about/"
    response = post(client, url, scan_form(client.get(url)), {"org_name": "X"}, later="1")
    assert path_of(response) == begun + "bewaard/"
    assert scan_form(client.get(url)).data["org_name"] == ["X"]
    response = client.post(begun + "bewaard/", {"email": "iemand@voorbeeld.example"}, follow=True)
    assert "iemand@voorbeeld.example" in response.content.decode()
    assert Response.objects.get().email == "iemand@voorbeeld.example"
    # From now on "later" sends the link without asking again.
    response = post(client, url, scan_form(client.get(url)), {"org_name": "Xx"}, later="1")
    assert "iemand@voorbeeld.example" in response.content.decode()


def test_a_wrong_optional_answer_keeps_the_section_from_being_complete(client, begun, definition):
    fields = posted_fields(definition, "example_energy")
    fill_scan(client, begun + "about/", fields)
    url = begun + "about/"
    post(client, url, scan_form(client.get(url)), {"website": "geen adres"}, later="1")
    response = client.post(begun + "controle/", follow=True)
    assert path_of(response) == begun + "controle/"
    assert "website" in [field for field, _words in errors_of(response)]
    assert Response.objects.get().state == ResponseState.DRAFT


# --- branching


def test_a_question_that_an_answer_brings_up_is_asked_before_going_on(client, begun, definition):
    fields = posted_fields(definition, "example_energy")
    post(client, begun + "about/", scan_form(client.get(begun + "about/")), fields)
    url = begun + "about/2/"
    form = scan_form(client.get(url))
    assert "main_sector" not in form.shown
    response = post(client, url, form, fields)
    assert path_of(response) == url
    assert "main_sector" in scan_form(response).shown
    assert not errors_of(response)
    response = post(client, url, scan_form(response), fields)
    assert path_of(response) == begun + "about/3/"


def test_an_answer_that_is_posted_along_counts_though_its_question_was_hidden(client, begun, definition):
    fields = posted_fields(definition, "example_energy")
    post(client, begun + "about/", scan_form(client.get(begun + "about/")), fields)
    url = begun + "about/2/"
    form = scan_form(client.get(url))
    data = fill(form, fields) | {"main_sector": "energy"}
    response = client.post(url, data, follow=True)
    assert path_of(response) == begun + "about/3/"
    assert Response.objects.get().answers["main_sector"] == "energy"


def test_a_hidden_answer_is_not_stored(client, begun, definition):
    url = begun + "about/2/"
    form = scan_form(client.get(url))
    data = fill(form, {"sectors": ["energy"], "legal_form": "none_yet"}) | {"main_sector": "energy"}
    client.post(url, data)
    assert "main_sector" not in Response.objects.get().answers


def test_typing_saves_and_brings_up_questions_in_place(client, begun):
    url = begun + "about/2/"
    form = scan_form(client.get(url))
    shape = form.attributes["data-shape"]
    live = {"HTTP_X_SCAN": "live", "HTTP_X_SCAN_SHAPE": shape}
    answer = client.post(url, fill(form, {"sectors": ["energy"]}), **live).json()
    assert answer["version"] == 1
    assert "html" not in answer
    data = fill(form, {"sectors": ["energy", "food"]}) | {
        name: answer[name] for name in ("version", "seen", "shown")
    }
    answer = client.post(url, data, **live).json()
    assert 'data-question="main_sector"' in answer["html"]
    assert "main_sector" in answer["shown"].split()
    assert "error" not in answer["html"]
    assert Response.objects.get().answers["sectors"] == ["energy", "food"]


# --- the place


def test_a_name_that_stands_more_than_once_is_chosen_from_a_list(client, begun):
    url = begun + "about/"
    typed = {
        "org_name": "Berg op",
        "country": "nl",
        "place": "Berg",
        "short_description": "Wij doen samen van alles voor iedereen in de buurt.",
    }
    response = post(client, url, scan_form(client.get(url)), typed)
    assert [field for field, _words in errors_of(response)] == ["place_id"]
    form = scan_form(response)
    assert form.fields["place_id"] == "radio"
    assert form.data["place"] == ["Berg"]
    several = gazetteer.search("Berg", "nl")
    chosen = [place for place in several if place.name == "Berg"][-1]
    response = post(client, url, form, {"place_id": str(chosen.geonames_id)})
    assert path_of(response) == begun + "about/2/"
    assert Response.objects.get().answers["place"]["geonames_id"] == chosen.geonames_id


def test_places_are_suggested_by_their_first_letters(client, db):
    html = client.get("/zelfscan/plaatsen/", {"q": "Berg", "land": "nl"}).content.decode()
    assert html.count('type="radio"') == 8
    assert "Noord-Holland" in html or "North Holland" in html
    for query in ("", "x" * 100_000, "\u202e", "%s{{7*7}}"):
        assert client.get("/zelfscan/plaatsen/", {"q": query, "land": "x"}).status_code == 200


def test_a_place_in_the_other_country_is_refused_with_the_reason(client, begun):
    url = begun + "about/"
    response = post(client, url, scan_form(client.get(url)), {"country": "nl", "place": "Leuven"})
    assert "place" in [field for field, _words in errors_of(response)]
    assert scan_form(response).data["place"] == ["Leuven"]


# --- what a page costs, and what it leaves behind


def test_pages_need_few_queries(client, begun, definition, django_assert_max_num_queries):
    fields = posted_fields(definition, "example_energy")
    for page in ("", "about/", "members/2/", "controle/"):
        with django_assert_max_num_queries(1):
            client.get(begun + page)
    url = begun + "members/"
    form = scan_form(client.get(url))
    with django_assert_max_num_queries(6):
        client.post(url, fill(form, fields), HTTP_X_SCAN="live")


@pytest.mark.parametrize(
    ("path", "cookies"),
    [
        ("", {"csrftoken"}),
        ("hervatten/", {"csrftoken"}),
        ("bestaat-al/", {"csrftoken"}),
        ("plaatsen/?q=Ede", set()),
    ],
)
def test_only_pages_with_a_form_set_a_cookie_and_only_its_secret(client, instrument, path, cookies):
    assert set(client.get(f"/zelfscan/{path}").cookies) == cookies
