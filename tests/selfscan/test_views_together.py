"""Two people in one scan, the same thing sent twice, and links of others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from collectievekracht.common.models import Promise, SentMail
from members.models import Collective
from selfscan.choices import ResponseState, Step
from selfscan.models import Response
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.selfscan import ResponseFactory
from tests.journeys.filling import posted_fields
from tests.selfscan.forms import errors_of, fill, forms_of, path_of, post, scan_form


@pytest.fixture
def draft(instrument):
    return ResponseFactory(draft=True)


@pytest.fixture
def url(draft):
    return f"/zelfscan/{draft.token}/"


@pytest.fixture
def sent(client, draft, url):
    """A scan that was sent through its check page."""
    client.post(url + "controle/")
    draft.refresh_from_db()
    assert draft.state == ResponseState.COMPLETED
    return draft


pytestmark = pytest.mark.django_db


# --- two tabs


def test_a_second_save_of_the_same_question_shows_both_texts(client, draft, url):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    response = post(client, url + "members/", mine, {"member_count": "200"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "100" in html
    assert "200" in html
    draft.refresh_from_db()
    assert draft.answers["member_count"] == 100, "nothing is overwritten in silence"


@pytest.mark.parametrize(("choice", "count"), [("mine", 200), ("theirs", 100)])
def test_the_choice_between_both_texts_decides(client, draft, url, choice, count):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    page = post(client, url + "members/", mine, {"member_count": "200", "volunteers_active": "3"})
    form = forms_of(page)[0]
    assert form.shown == {"keep.member_count", "keep.volunteers_active"}
    keep = {"keep.member_count": choice, "keep.volunteers_active": "mine"}
    response = post(client, url + "members/", form, keep)
    assert path_of(response) == url + "members/2/"
    draft.refresh_from_db()
    assert draft.answers["member_count"] == count
    assert draft.answers["volunteers_active"] == 3


def test_no_choice_between_both_texts_is_asked_for_again(client, draft, url):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    page = post(client, url + "members/", mine, {"member_count": "200"})
    response = post(client, url + "members/", forms_of(page)[0])
    assert response.status_code == 409
    assert [field for field, _words in errors_of(response)] == ["keep.member_count"]
    assert "200" in response.content.decode()


def test_another_change_while_choosing_is_shown_again(client, draft, url):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    page = post(client, url + "members/", mine, {"member_count": "200"})
    post(client, url + "members/", scan_form(client.get(url + "members/")), {"member_count": "300"})
    response = post(client, url + "members/", forms_of(page)[0], {"keep.member_count": "mine"})
    assert response.status_code == 409
    assert "300" in response.content.decode()


def test_saves_of_different_sections_dont_get_in_each_others_way(client, draft, url):
    one, other = scan_form(client.get(url + "members/")), scan_form(client.get(url + "governance/"))
    post(client, url + "members/", one, {"member_count": "100"})
    response = post(client, url + "governance/", other, {"decision_mode": "consent"})
    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.answers["member_count"] == 100
    assert draft.answers["decision_mode"] == "consent"


def test_the_same_page_sent_twice_is_no_clash(client, draft, url):
    form = scan_form(client.get(url + "members/"))
    answers = [post(client, url + "members/", form, {"member_count": "77"}) for _ in range(3)]
    assert {path_of(answer) for answer in answers} == {url + "members/2/"}


def test_typing_against_somebody_else_stops_saving(client, draft, url):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    answer = client.post(url + "members/", fill(mine, {"member_count": "200"}), HTTP_X_SCAN="live")
    assert answer.json() == {"clash": True}


def test_going_on_with_an_older_version_after_a_save_while_typing_is_no_clash(client, draft, url):
    form = scan_form(client.get(url + "members/"))
    client.post(url + "members/", fill(form, {"member_count": "10"}), HTTP_X_SCAN="live")
    response = post(client, url + "members/", form, {"member_count": "11"})
    assert path_of(response) == url + "members/2/"
    draft.refresh_from_db()
    assert draft.answers["member_count"] == 11


def test_a_save_while_typing_that_comes_late_leaves_the_newer_one_alone(client, draft, url):
    form = scan_form(client.get(url + "members/"))
    post(client, url + "members/", form, {"member_count": "11"})
    answer = client.post(url + "members/", fill(form, {"member_count": "10"}), HTTP_X_SCAN="live").json()
    assert answer["late"]
    draft.refresh_from_db()
    assert draft.answers["member_count"] == 11


def test_the_key_of_another_form_is_no_excuse(client, draft, url):
    mine, theirs = (scan_form(client.get(url + "members/")) for _ in range(2))
    post(client, url + "members/", theirs, {"member_count": "100"})
    governance = scan_form(client.get(url + "governance/"))
    post(client, url + "governance/", governance, {"decision_mode": "consent"})
    mine.data["form_key"] = governance.data["form_key"]
    response = post(client, url + "members/", mine, {"member_count": "200"})
    draft.refresh_from_db()
    assert (response.status_code, draft.answers["member_count"]) == (409, 100)


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_once_none_is_overwritten_in_silence(client, draft, url):
    forms = [scan_form(client.get(url + "members/")) for _ in range(16)]

    def save(count):
        form = forms[count - 1]
        try:
            return Client().post(url + "members/", fill(form, {"member_count": str(count)})).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(save, range(1, 17)))
    assert sorted(set(statuses)) == [302, 409]
    assert statuses.count(302) == 1
    draft.refresh_from_db()
    assert draft.version == 10


# --- sending


@pytest.mark.django_db(transaction=True)
def test_ten_sends_at_once_make_one_of_everything(draft, url):
    def send(_number):
        try:
            answer = Client().post(url + "controle/")
            return answer.status_code, answer.headers.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert answers == {(302, url + "klaar/")}
    assert Collective.objects.count() == 1
    assert Promise.objects.filter(task=Step.PUBLISH).count() == 1


def test_sending_again_after_back_gives_the_same_answer(client, sent, url):
    for _ in range(3):
        assert client.post(url + "controle/")["Location"] == url + "klaar/"
    assert client.get(url + "controle/")["Location"] == url + "klaar/"
    assert Response.objects.get().version == sent.version


def test_an_incomplete_scan_is_not_sent_and_says_what_is_missing(client, draft, url):
    draft.answers.pop("contact_email")
    draft.save()
    response = client.post(url + "controle/")
    assert response.status_code == 200
    assert [field for field, _words in errors_of(response)] == ["contact_email"]
    draft.refresh_from_db()
    assert draft.state == ResponseState.DRAFT


def test_changing_an_answer_leads_back_to_the_check_page(client, draft, url):
    html = client.get(url + "controle/").content.decode()
    assert f'href="{url}members/?terug=controle#id_member_count"' in html
    page = client.get(url + "members/?terug=controle")
    response = post(client, url + "members/", scan_form(page), {"member_count": "5"})
    assert path_of(response) == url + "controle/"


def test_the_check_page_shows_every_visible_answer(client, draft, url, definition):
    html = client.get(url + "controle/").content.decode()
    for words in (draft.answers["org_name"], "412", "75 %", "Ede", "bestuur@voorbeeldstroom.example"):
        assert words in html
    assert html.count("terug=controle") == 55


# --- links


def test_nothing_can_be_changed_after_sending(client, sent, url):
    before = Response.objects.values().get()
    for path in ("", "members/", "governance/2/", "bewaard/", "bestaat-al/"):
        assert client.get(url + path)["Location"] == url + "klaar/", path
    client.post(url + "members/", {"member_count": "1", "version": sent.version, "shown": "member_count"})
    client.post(url + "bewaard/", {"email": "x@voorbeeld.example"})
    assert Response.objects.values().get() == before


def test_an_unfinished_scan_has_no_finished_page_yet(client, draft, url):
    for path in ("klaar/", "klaar/stappen/", "rapport.pdf"):
        assert client.get(url + path)["Location"] == url, path


PATHS = (
    "",
    "members/",
    "members/2/",
    "controle/",
    "klaar/",
    "klaar/stappen/",
    "rapport.pdf",
    "bewaard/",
    "bestaat-al/",
)


def same(html, token):
    return html.content.replace(token.encode(), b"")


def test_another_token_opens_nothing(client, draft, url):
    unknown = "A" * 32
    for path in PATHS:
        response = client.get(f"/zelfscan/{unknown}/{path}")
        assert response.status_code == 404, path
        assert client.post(f"/zelfscan/{unknown}/{path}").status_code in (404, 405), path


def test_an_expired_link_says_kindly_that_it_is_over(client, draft, url):
    Response.objects.update(saved_at=timezone.now() - timedelta(days=91))
    expired = client.get(url)
    unknown = client.get("/zelfscan/" + "A" * 32 + "/")
    assert expired.status_code == unknown.status_code == 404
    assert same(expired, draft.token) == same(unknown, "A" * 32)
    assert "/zelfscan/hervatten/" in expired.content.decode()
    for path in PATHS:
        assert client.get(url + path).status_code == 404, path


def test_thirty_days_after_sending_only_the_representative_gets_in(client, sent, url):
    Response.objects.update(completed_at=timezone.now() - timedelta(days=31))
    assert client.get(url + "klaar/").status_code == 404
    representative = MembershipFactory(collective=sent.collective, role="representative").user
    client.force_login(representative)
    assert client.get(url + "klaar/").status_code == 200
    client.force_login(UserFactory())
    assert client.get(url + "klaar/").status_code == 404


def test_pages_behind_a_link_are_never_indexed_or_kept(client, sent, draft, url):
    for path in ("klaar/", "klaar/stappen/"):
        response = client.get(url + path)
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]
    assert "noindex" in client.get("/zelfscan/" + "A" * 32 + "/")["X-Robots-Tag"]


# --- resume by mail


def test_resume_answers_the_same_whether_or_not_the_address_is_known(client, draft):
    Response.objects.update(email="bekend@voorbeeld.example")
    bodies = set()
    for address in ("bekend@voorbeeld.example", "onbekend@voorbeeld.example"):
        response = client.post("/zelfscan/hervatten/", {"email": address}, follow=True)
        form = forms_of(response)[0].data["csrfmiddlewaretoken"][0]
        bodies.add(response.content.decode().replace(form, ""))
    assert len(bodies) == 1
    assert list(SentMail.objects.values_list("to", flat=True)) == ["bekend@voorbeeld.example"]


def test_resume_mails_one_address_a_few_times_an_hour_only(client, draft):
    for _ in range(12):
        assert client.post("/zelfscan/hervatten/", {"email": "x@voorbeeld.example"}).status_code == 302


# --- is it here already?


@pytest.fixture
def public(instrument):
    return CollectiveFactory(published=True, name="Energie Ede")


def test_a_public_collective_is_found_and_a_hidden_one_is_not(client, public):
    CollectiveFactory(name="Energie in wacht")
    html = client.get("/zelfscan/bestaat-al/", {"q": "energie"}).content.decode()
    assert "Energie Ede" in html
    assert "Energie in wacht" not in html


def test_a_twin_of_a_public_collective_is_pointed_out_with_both_ways_on(
    client, public, draft, url, definition
):
    profile = public.published_profile
    draft.answers |= {"country": "nl", "place": {"name": profile.place_name}}
    draft.save()
    fields = posted_fields(definition, "example_energy") | {
        "org_name": public.name,
        "place": profile.place_name,
    }
    fields |= {"country": profile.country}
    response = post(client, url + "about/", scan_form(client.get(url + "about/")), fields)
    assert path_of(response) == url + "bestaat-al/"
    html = response.content.decode()
    assert public.name in html
    assert f'href="{url}about/2/"' in html


def test_a_twin_that_is_not_public_is_kept_from_the_visitor(client, draft, url, definition):
    CollectiveFactory(name="Energie Ede")
    fields = posted_fields(definition, "example_energy") | {"org_name": "Energie Ede"}
    response = post(client, url + "about/", scan_form(client.get(url + "about/")), fields)
    assert path_of(response) == url + "about/2/"
