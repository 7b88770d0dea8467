"""Writing to the team."""

from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from collectievekracht.common import mail, outbox
from collectievekracht.common.models import SentMail
from tests.factories.members import UserFactory
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Anja de Boer",
    "email": "anja@voorbeeld.example",
    "subject": "mistake",
    "message": "Op de pagina over ons staat een fout.",
}


def rendered(letter):
    return mail.render(letter.template, letter.kind, letter.to, letter.context, letter.language)


def test_a_letter_goes_to_the_team_and_an_answer_to_who_wrote(client, mailoutbox):
    answer = client.post("/contact/", GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/contact/?verstuurd=ja")
    outbox.run_due()
    (sent,) = mailoutbox
    assert (sent.to, sent.reply_to) == ([settings.TEAM_EMAIL], [GIVEN["email"]])
    assert sent.subject == "Een fout op een pagina: een bericht van Anja de Boer"
    assert GIVEN["message"] in sent.body
    assert "List-Unsubscribe" not in sent.extra_headers
    assert SentMail.objects.get().context == {}


@time_machine.travel("2026-12-23 10:00", tick=False)
def test_it_says_by_when_there_is_an_answer(client):
    html = client.get(client.post("/contact/", GIVEN)["Location"]).content.decode()
    assert client.get("/contact/").context["answer_by"] == date(2026, 12, 28)
    assert "maandag 28 december 2026" in html
    assert "<form class" not in html


def test_a_letter_that_is_sent_twice_is_one(client):
    key = client.get("/contact/").context["form"]["form_key"].value()
    for _ in range(3):
        assert client.post("/contact/", GIVEN | {"form_key": key}).status_code == 302
    assert SentMail.objects.count() == 1


def test_who_goes_back_and_writes_something_else_writes_a_second_letter(client, mailoutbox):
    given = GIVEN | {"form_key": client.get("/contact/").context["form"]["form_key"].value()}
    for message in (GIVEN["message"], "En op de pagina over labs ook."):
        assert client.post("/contact/", given | {"message": message}).status_code == 302
    outbox.run_due()
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("field", ["name", "email", "message"])
@pytest.mark.parametrize("bad", ["", "\0", "x\u202ey", "a" * 100_000])
def test_wrong_input_is_told_and_kept(client, field, bad):
    response = client.post("/contact/", GIVEN | {field: bad})
    html = response.content.decode()
    assert (response.status_code, set(response.context["form"].errors)) == (200, {field})
    assert "data-error-summary" in html
    assert GIVEN["message" if field != "message" else "name"] in html
    assert SentMail.objects.count() == 0


@pytest.mark.parametrize("bad", ["", "x", "DATA", "data\0", "a" * 100_000])
def test_a_subject_is_one_of_the_list(client, bad):
    response = client.post("/contact/", GIVEN | {"subject": bad})
    assert (response.status_code, set(response.context["form"].errors)) == (200, {"subject"})


@pytest.mark.parametrize("field", ["name", "email", "subject"])
def test_line_breaks_stay_out_of_the_head_of_the_mail(client, field, mailoutbox):
    client.post("/contact/", GIVEN | {field: f"{GIVEN[field]}\r\nBcc: iemand@elders.example"})
    outbox.run_due()
    assert mailoutbox == []


def test_robots_that_fill_in_everything_are_refused(client):
    client.post("/contact/", GIVEN | {"website": "https://spam.example"})
    assert SentMail.objects.count() == 0


def test_five_letters_an_hour(client):
    codes = [client.post("/contact/", GIVEN | {"name": f"Anja {n}"}).status_code for n in range(7)]
    assert codes == [302] * 5 + [429] * 2
    assert settings.TEAM_EMAIL in client.post("/contact/", GIVEN).content.decode()
    assert SentMail.objects.count() == 5


def test_the_day_has_an_end_for_everybody_together(client, monkeypatch):
    monkeypatch.setattr("collectievekracht.pages.views.contact.A_DAY", 2)
    codes = [client.post("/contact/", GIVEN, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
    assert codes == [302, 302, 429, 429]
    refused = client.post("/contact/", GIVEN, REMOTE_ADDR="192.0.2.9").content.decode()
    assert "Probeer het morgen opnieuw." in refused
    assert settings.TEAM_EMAIL in refused


@pytest.mark.parametrize(("signed_in", "known"), [(True, True), (False, False)])
def test_the_form_knows_who_is_signed_in_and_the_team_hears_it(client, signed_in, known):
    user = UserFactory(email="anja@voorbeeld.example", name="Anja de Boer")
    if signed_in:
        sign_in(client, user)
    assert (user.email in client.get("/contact/").content.decode()) is signed_in
    client.post("/contact/", GIVEN)
    assert SentMail.objects.get().context["is_known"] is known


def test_another_address_than_ones_own_is_not_vouched_for(client):
    sign_in(client, UserFactory(email="ander@voorbeeld.example"))
    client.post("/contact/", GIVEN)
    assert SentMail.objects.get().context["is_known"] is False


def test_the_team_reads_dutch_and_hears_that_the_sender_wrote_english(client):
    client.post("/en/contact/", GIVEN | {"subject": "data"})
    subject, text, html, _off = rendered(SentMail.objects.get())
    assert subject == "Mijn gegevens of privacy: een bericht van Anja de Boer"
    for part in (text, html):
        assert "in het Engels ingevuld" in part
        assert "binnen een maand" in part


def test_the_page_sets_the_secret_of_its_form_and_no_session(client):
    response = client.get("/contact/")
    assert set(response.cookies) == {"csrftoken"}
    assert Client(enforce_csrf_checks=True).post("/contact/", GIVEN).status_code == 403


def test_extra_fields_change_nothing(client):
    client.post("/contact/", GIVEN | {"to": "x@elders.example", "kind": "admin", "is_known": "1"})
    sent = SentMail.objects.get()
    assert (sent.to, sent.kind, sent.context["is_known"]) == (settings.TEAM_EMAIL, "pages.contact", False)
