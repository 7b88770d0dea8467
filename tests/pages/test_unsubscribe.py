"""Turning off one kind of mail by its link."""

import re

import pytest
from django.test import Client

from collectievekracht.common import registry, suppressions
from collectievekracht.common.models import Suppression
from collectievekracht.pages.mail_kinds import INVITATION

pytestmark = pytest.mark.django_db
ADDRESS = "nieuw@voorbeeld.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path(kind=INVITATION, address=ADDRESS):
    return f"/afmelden/{suppressions.turn_off_token(kind, address)}/"


def is_off(address=ADDRESS):
    return suppressions.is_suppressed(address, f"mail:{INVITATION}")


def test_looking_says_what_it_is_and_turns_nothing_off(client):
    for _ in range(2):
        response = client.get(path())
        html = response.content.decode()
        assert (response.status_code, not response.cookies, is_off()) == (200, True, False)
        assert "no-store" in response["Cache-Control"]
    assert "Uitnodigingen om mee te doen" in html
    assert ADDRESS in html
    assert '<meta name="robots" content="noindex">' in html


def test_a_mail_program_turns_it_off_with_one_click():
    program = Client(enforce_csrf_checks=True)
    response = program.post(path(), ONE_CLICK, HTTP_ORIGIN="https://mail.example")
    assert (response.status_code, not response.cookies, is_off()) == (200, True, True)


def test_the_button_works_without_a_cookie(client):
    html = client.get(path()).content.decode().partition("<main")[2]
    assert re.search(r'<form class="form" method="post">', html)
    assert "csrfmiddlewaretoken" not in html
    assert "Het is uitgezet" in Client(enforce_csrf_checks=True).post(path()).content.decode()


def test_again_says_that_it_was_off_already(client):
    client.post(path())
    for again in (client.get(path()), client.post(path()), client.post(path(), ONE_CLICK)):
        assert again.status_code == 200
        assert "Het was al uitgezet" in again.content.decode()
    assert Suppression.objects.count() == 1


def test_in_english_too(client):
    assert "Invitations to take part" in client.get(f"/en{path()}").content.decode()


def test_only_this_kind_and_this_address_are_turned_off(client):
    client.post(path())
    assert not is_off("ander@voorbeeld.example")
    assert not suppressions.is_suppressed(ADDRESS, "mail", "mail:account")


def wrong_paths():
    good = suppressions.turn_off_token(INVITATION, ADDRESS)
    yield from (
        f"/afmelden/{token}/" for token in ("x", good[:-1], good + "A", good.swapcase(), "é", "a" * 5000)
    )
    yield path("account")
    yield path("bestaat-niet")


def test_a_wrong_token_is_a_kind_404(client):
    for wrong in wrong_paths():
        for answer in (client.get(wrong), client.post(wrong, ONE_CLICK)):
            assert answer.status_code == 404
            assert "<h1" in answer.content.decode()
    assert Suppression.objects.count() == 0


def test_a_kind_with_its_own_way_is_asked_and_told(client, monkeypatch):
    """As the newsletter will be: it knows by itself who gets it."""
    readers = {ADDRESS}
    kinds = registry.Registry()
    for kind in registry.mail_kinds:
        kinds.add(kind)
    monkeypatch.setattr(registry, "mail_kinds", kinds)
    registry.mail_kind(
        "probe", name="Proef", reason="", may_receive=readers.__contains__, turn_off=readers.discard
    )
    assert "Zet uit" in client.get(path("probe")).content.decode()
    client.post(path("probe"), ONE_CLICK)
    assert readers == set()
    assert "Het was al uitgezet" in client.get(path("probe")).content.decode()
