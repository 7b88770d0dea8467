"""Nobody gets the newsletter who did not confirm it."""

import pytest

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
