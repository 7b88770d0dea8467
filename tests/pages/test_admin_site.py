"""Who enters the admin: a platform admin who showed a second factor, and nobody else."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from tests.factories.members import PASSWORD, UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in

pytestmark = pytest.mark.django_db
SECOND_STEP = "/beheer/tweede-stap/"


def admin_addresses():
    """Every address of the admin, with a 1 wherever one asks for a thing; found or not, the door comes first."""
    found = []

    def walk(patterns, start):
        for pattern in patterns:
            part = str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, start + part)
            else:
                address = re.sub(r"<[^>]+>", "1", start + part).replace("^", "").replace("$", "")
                if "(" not in address:
                    found.append(f"/{address}")

    walk(admin.site.get_urls(), "beheer/")
    return found


ADDRESSES = [*admin_addresses(), "/beheer/members/", "/beheer/bestaat/niet/"]
OPEN = {SECOND_STEP, "/beheer/login/", "/beheer/logout/"}


def test_there_are_addresses_to_try():
    assert len(ADDRESSES) > 60
    assert "/beheer/selfscan/response/1/beoordelen/" in ADDRESSES


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in_everywhere(client, method):
    for address in ADDRESSES:
        response = getattr(client, method)(address)
        assert response.status_code == 302, address
        assert response.url.startswith("/account/login/?next="), address


def test_a_member_finds_nothing(client):
    sign_in(client, give_factor(UserFactory()))
    missing = client.get("/bestaat-niet/")
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == 404, address
        assert response.content.replace(address.encode(), b"") == missing.content.replace(
            b"/bestaat-niet/", b""
        ), address


def without_factor():
    return UserFactory(admin=True), False


def set_up_but_not_shown():
    return give_factor(UserFactory(admin=True)), False


def shown_but_removed():
    return UserFactory(admin=True), True


@pytest.mark.parametrize("state", [without_factor, set_up_but_not_shown, shown_but_removed])
def test_an_admin_without_a_second_factor_reaches_no_page(client, state):
    user, shown = state()
    sign_in(client, user, second_factor=shown)
    for address in set(ADDRESSES) - OPEN:
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            assert (response.status_code, response.url) == (302, SECOND_STEP), address


def test_the_way_to_a_second_factor_is_explained(client):
    sign_in(client, UserFactory(admin=True), second_factor=False)
    html = client.get(SECOND_STEP).content.decode()
    assert reverse("mfa_activate_totp") in html
    give_factor(UserFactory(admin=True))


def test_who_has_a_factor_is_asked_to_show_it(client):
    sign_in(client, give_factor(UserFactory(admin=True)), second_factor=False)
    assert reverse("mfa_reauthenticate") in client.get(SECOND_STEP).content.decode()


def test_recovery_codes_alone_are_no_second_factor(client):
    user = UserFactory(admin=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    sign_in(client, user)
    assert client.get("/beheer/").url == SECOND_STEP


def test_with_a_second_factor_the_queue_opens_and_closes_when_it_is_removed(client):
    user = enter_admin(client)
    assert client.get("/beheer/").status_code == 200
    assert client.get(SECOND_STEP).url == "/beheer/"
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/beheer/").url == SECOND_STEP


def test_a_person_who_is_no_admin_any_more_finds_nothing_at_the_next_request(client):
    user = enter_admin(client)
    user.is_staff = False
    user.save()
    assert client.get("/beheer/").status_code == 404


def test_another_password_ends_the_other_sessions(client):
    user = enter_admin(client)
    user.set_password("een-heel-ander-wachtwoord-9")
    user.save()
    assert client.get("/beheer/").url.startswith("/account/login/")


def test_the_admin_has_no_sign_in_form_of_its_own(client):
    user = UserFactory(admin=True)
    answer = client.post("/beheer/login/", {"username": user.email, "password": PASSWORD})
    assert answer.url.startswith("/account/login/")
    assert not client.get("/beheer/", follow=True).context["user"].is_authenticated


def test_signing_out_takes_a_post(client):
    enter_admin(client)
    client.get("/beheer/logout/")
    assert client.get("/beheer/").status_code == 200
    assert client.post("/beheer/logout/").url == "/"
    assert client.get("/beheer/").url.startswith("/account/login/")


def test_an_admin_without_a_second_factor_can_sign_out(client):
    sign_in(client, UserFactory(admin=True), second_factor=False)
    client.post("/beheer/logout/")
    assert client.get("/beheer/").url.startswith("/account/login/")


def test_no_page_of_the_admin_may_be_kept_by_a_cache(client):
    enter_admin(client)
    assert "no-store" in client.get("/beheer/")["Cache-Control"]
