"""Nobody gets the newsletter who did not confirm it."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from collectievekracht.common import outbox
from collectievekracht.common.models import SentMail
from newsletter import services
from newsletter.models import Subscriber

ASKED = {"language": "nl", "channel": "selfscan", "text_version": "2026.1"}


@pytest.fixture
def subscriber(db):
    services.subscribe("Lezer@Example.org", **ASKED)
    return Subscriber.objects.get()


def test_a_yes_is_kept_unconfirmed_and_asked_to_confirm(subscriber):
    assert (subscriber.email, subscriber.confirmed_at) == ("lezer@example.org", None)
    assert [(m.template, m.to) for m in SentMail.objects.all()] == [
        ("newsletter/confirm", "lezer@example.org")
    ]


def test_asking_twice_on_a_day_mails_once(subscriber):
    services.subscribe("lezer@example.org", **ASKED)
    assert Subscriber.objects.count() == SentMail.objects.count() == 1


def test_reading_the_page_confirms_nothing_and_its_button_does(client, subscriber):
    path = f"/nieuwsbrief/bevestigen/{subscriber.token}/"
    assert client.get(path).status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.confirmed_at is None
    assert client.post(path).status_code == 302
    subscriber.refresh_from_db()
    assert subscriber.confirmed_at is not None


def test_an_unknown_link_is_404(client, db):
    assert client.get("/nieuwsbrief/bevestigen/x/").status_code == 404
    assert client.post("/nieuwsbrief/bevestigen/x/").status_code == 404


def test_who_confirmed_is_not_asked_again(subscriber):
    services.confirm(subscriber.token)
    services.subscribe("lezer@example.org", **ASKED)
    assert SentMail.objects.count() == 1


# --- asking on the site

GIVEN = {"email": "lezer@example.org", "language": "nl", "website": ""}


def letters():
    return [(letter.to, letter.language) for letter in SentMail.objects.order_by("pk")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_asking_on_the_site_mails_in_the_chosen_language(client, db, language):
    answer = client.post("/nieuwsbrief/", GIVEN | {"language": language})
    assert (answer.status_code, answer.url) == (302, "/nieuwsbrief/?verstuurd=ja")
    assert letters() == [("lezer@example.org", language)]
    subscriber = Subscriber.objects.get()
    assert (subscriber.channel, subscriber.confirmed_at) == ("website", None)
    assert client.get(answer.url).status_code == 200


def test_the_form_chooses_the_language_of_the_page(client, db):
    for prefix, language in (("", "nl"), ("/en", "en")):
        html = client.get(f"{prefix}/nieuwsbrief/").content.decode()
        assert f'value="{language}" checked' in html


def test_who_asks_again_in_another_language_reads_in_that_one(subscriber):
    services.subscribe("lezer@example.org", **ASKED | {"language": "en"})
    subscriber.refresh_from_db()
    assert subscriber.language == "en"


def test_the_answer_never_tells_whether_an_address_is_known(client, subscriber):
    services.confirm(subscriber.token)
    answers = []
    for address in ("lezer@example.org", "vreemd@example.org"):
        answer = client.post("/nieuwsbrief/", GIVEN | {"email": address})
        answers.append((answer.status_code, answer.url, client.get(answer.url).content))
    assert answers[0] == answers[1]
    assert [to for to, _language in letters()] == ["lezer@example.org", "vreemd@example.org"]


@pytest.mark.parametrize(
    "wrong", [{"email": ""}, {"email": "geen adres"}, {"email": "a\r\nBcc: b@c.nl"}, {"language": "xx"}]
)
def test_wrong_input_is_told_and_kept(client, db, wrong):
    answer = client.post("/nieuwsbrief/", GIVEN | wrong)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "error-summary" in html
    assert (Subscriber.objects.count(), letters()) == (0, [])
    if wrong.get("email") == "geen adres":
        assert 'value="geen adres"' in html


def test_a_robot_subscribes_nobody(client, db):
    client.post("/nieuwsbrief/", GIVEN | {"website": "https://spam.example"})
    assert Subscriber.objects.count() == 0


def test_a_form_that_is_sent_twice_asks_once(client, db):
    key = {"form_key": "7b0c3c7e-43a5-4b8f-9a4d-0f3a3c0f9d11"}
    for _again in range(2):
        assert client.post("/nieuwsbrief/", GIVEN | key).status_code == 302
    assert (Subscriber.objects.count(), len(letters())) == (1, 1)


def test_who_goes_back_to_correct_the_address_is_asked_there(client, db):
    key = {"form_key": "7b0c3c7e-43a5-4b8f-9a4d-0f3a3c0f9d12"}
    for address in ("lezer@exmaple.org", "lezer@example.org"):
        client.post("/nieuwsbrief/", GIVEN | key | {"email": address})
    assert [to for to, _language in letters()] == ["lezer@exmaple.org", "lezer@example.org"]


def test_the_mail_to_confirm_keeps_no_address_once_it_has_left(subscriber):
    outbox.run_due()
    assert [(letter.state, letter.to) for letter in SentMail.objects.all()] == [("sent", "")]


def test_the_page_to_confirm_is_kept_by_nobody(client, subscriber):
    assert "no-store" in client.get(f"/nieuwsbrief/bevestigen/{subscriber.token}/")["Cache-Control"]


def test_many_asks_from_one_place_are_stopped(client, db):
    cache.clear()
    codes = [
        client.post("/nieuwsbrief/", GIVEN | {"email": f"a{n}@example.org"}).status_code for n in range(21)
    ]
    assert codes == [302] * 20 + [429]
    cache.clear()


def test_the_archive_says_that_the_first_issue_is_still_to_come(client, db):
    assert 'id="archief"' in client.get("/nieuwsbrief/").content.decode()
    assert "The first issue is still to come" in client.get("/en/nieuwsbrief/").content.decode()


def test_an_address_that_nobody_confirms_is_forgotten_after_seven_days(subscriber):
    services.subscribe("ander@example.org", **ASKED)
    services.confirm(Subscriber.objects.get(email="ander@example.org").token)
    asked = subscriber.asked_at
    assert services.forget_unconfirmed(asked + timedelta(days=7)) == 0
    assert services.forget_unconfirmed(asked + timedelta(days=8)) == 1
    assert [one.email for one in Subscriber.objects.all()] == ["ander@example.org"]
