"""Writing to a collective, and asking for access to it."""

import pytest

from collectievekracht.common.models import SentMail
from members.models import ContactMessage, JoinRequest, WorkItem
from tests.factories.members import CollectiveFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Anja de Boer",
    "email": "anja@voorbeeld.example",
    "message": "Mogen wij een keer komen kijken?",
}


@pytest.fixture
def collective():
    return CollectiveFactory(published=True)


def contact(collective):
    return f"{collective.get_absolute_url()}contact/"


def access(collective):
    return f"{collective.get_absolute_url()}toegang/"


def test_message_goes_to_the_collective_and_its_address_stays_hidden(client, collective):
    page = client.get(contact(collective))
    assert collective.contact_email not in page.content.decode()
    answer = client.post(contact(collective), GIVEN)
    assert answer.status_code == 302
    done = client.get(answer["Location"])
    assert collective.contact_email not in done.content.decode()
    assert ContactMessage.objects.get().message == GIVEN["message"]
    assert SentMail.objects.get().to == collective.contact_email


def test_message_that_is_sent_twice_is_one(client, collective):
    key = client.get(contact(collective)).context["form"]["form_key"].value()
    for _ in range(3):
        assert client.post(contact(collective), GIVEN | {"form_key": key}).status_code == 302
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize("field", ["name", "email", "message"])
@pytest.mark.parametrize("bad", ["", "\0", "x\u202ey", "a" * 100_000])
def test_wrong_input_is_told_and_kept(client, collective, field, bad):
    response = client.post(contact(collective), GIVEN | {field: bad})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "data-error-summary" in response.content.decode()
    assert ContactMessage.objects.count() == 0
    other = "message" if field != "message" else "name"
    assert GIVEN[other] in response.content.decode()


def test_line_breaks_stay_out_of_the_head_of_a_mail(client, collective):
    client.post(contact(collective), GIVEN | {"name": "Anja\r\nBcc: iemand@elders.example"})
    assert not ContactMessage.objects.filter(name__contains="\n").exists()


def test_robots_that_fill_in_everything_are_refused(client, collective):
    client.post(contact(collective), GIVEN | {"website": "https://spam.example"})
    assert ContactMessage.objects.count() == 0


def test_five_messages_an_hour(client, collective):
    codes = [
        client.post(contact(collective), GIVEN | {"message": f"Bericht nummer {n} van mij"}).status_code
        for n in range(7)
    ]
    assert codes == [302] * 5 + [429] * 2
    assert ContactMessage.objects.count() == 5


def test_extra_fields_change_nothing(client, collective):
    other = CollectiveFactory(published=True)
    client.post(
        contact(collective), GIVEN | {"collective": other.pk, "collective_id": other.pk, "state": "approved"}
    )
    assert ContactMessage.objects.get().collective == collective


@pytest.mark.parametrize("address", [contact, access])
def test_nobody_writes_to_what_is_not_public(client, address):
    draft = CollectiveFactory(proposed=True)
    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), GIVEN).status_code == 404
    client.force_login(UserFactory(admin=True))
    assert client.get(address(draft)).status_code == 404


def test_without_an_address_there_is_no_form(client):
    silent = CollectiveFactory(published=True, contact_email="")
    assert client.get(contact(silent)).status_code == 404
    assert "/contact/" not in client.get(silent.get_absolute_url()).content.decode().partition("<footer")[0]


def test_asking_for_access_reaches_the_work_queue_once(client, collective):
    for _ in range(2):
        answer = client.post(access(collective), GIVEN | {"message": ""})
        assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert JoinRequest.objects.get().email == GIVEN["email"]
    assert WorkItem.objects.open().count() == 1


def test_forms_know_who_is_signed_in(client, collective):
    user = UserFactory()
    client.force_login(user)
    assert user.email in client.get(contact(collective)).content.decode()


def test_form_without_its_token_is_refused(collective):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(contact(collective), GIVEN).status_code == 403
