"""Sign-in through SURFconext, before a real OpenID provider in a process of its own."""

import html
import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as live
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from collectievekracht.common.models import SentMail
from members.models import User
from members.services.affiliations import lab_of, suggested_lab
from members.views import account
from tests.factories.members import PASSWORD, UserFactory
from tests.factories.signing_in import give_factor, sign_in

LOGIN = "/account/oidc/surfconext/login/"
CALLBACK = f"{LOGIN}callback/"
CLIENT = {"id": "platform", "secret": "a-secret-of-the-platform"}
PEOPLE = {
    "urn:anna": {
        "email": "anna@uni.example",
        "name": "Anna de Wit",
        "eduperson_affiliation": ["member", "employee"],
        "eduperson_scoped_affiliation": ["employee@uni.example"],
        "schac_home_organization": "uni.example",
        "eduperson_entitlement": ["urn:something:private"],
        "_userinfo": {"email_verified": True},
    },
    "urn:bert": {
        "email": "anna@uni.example",
        "name": "Bert",
        "eduperson_affiliation": ["student"],
        "_userinfo": {"email_verified": True},
    },
    "urn:nomail": {"email": None, "name": "Zonder Adres"},
    "urn:other-client": {
        "email": "else@uni.example",
        "name": "Else",
        "_id_token": {"aud": "another-client"},
    },
    "urn:two": {
        "email": "two@uni.example",
        "name": "Two",
        "_userinfo": {"sub": "urn:anna", "email": "anna@uni.example"},
    },
    "urn:hostile": {
        "email": "hostile@uni.example",
        "name": "x\0" + "y" * 500,
        "eduperson_affiliation": [{"a": 1}, 3, "e" * 5000, *["staff"] * 100],
    },
}


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The address of a provider that runs."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    clients = [
        CLIENT | {"redirects": [f"http://testserver{CALLBACK}", f"http://testserver/en{CALLBACK}"]},
        {"id": "another-client", "secret": "x", "redirects": ["http://another.example/"]},
    ]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.provider.settings",
        "PROVIDER_FILE": str(tmp_path_factory.mktemp("provider") / "db.sqlite3"),
        "PROVIDER_KEY": key.decode(),
        "PROVIDER_PEOPLE": json.dumps(PEOPLE),
        "PROVIDER_CLIENTS": json.dumps(clients),
    }
    command = [sys.executable, "-m", "tests.provider"]
    with subprocess.Popen(
        command, env=environment, cwd=live.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        port = process.stdout.readline().strip()
        assert port, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def surf(provider, settings, db):
    """The platform knows the provider."""
    settings.SURFCONEXT_SERVER_URL = provider
    settings.SURFCONEXT_CLIENT_ID, settings.SURFCONEXT_SECRET = CLIENT["id"], CLIENT["secret"]
    settings.OUTBOX_PUBLISH = False
    cache.clear()
    return provider


def set_out(client, query=""):
    """The visitor asks to sign in and is led to the provider; gives the address there."""
    asked = client.get(f"{LOGIN}{query}")
    assert asked.status_code == 200
    page = client.post(f"{LOGIN}{query}")
    assert page.status_code == 200, "a page leads on: the policy lets no form leave the site"
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())[1])


def consent(surf, away, sub, *, action="grant"):
    """The person signs in at the provider and agrees, or doesn't; gives where that leads back to."""
    browser = requests.Session()
    browser.get(f"{surf}/enter/{sub}/").raise_for_status()
    form = browser.get(away).text
    fields = [
        (html.unescape(name), html.unescape(value))
        for name, value in re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form)
    ]
    assert dict(fields).get("request"), form
    answer = browser.post(
        f"{surf}/identity/o/authorize", [*fields, ("action", action)], allow_redirects=False
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client, back):
    parts = urlsplit(back)
    assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
    return client.get(f"{parts.path}?{parts.query}")


def through(surf, client, sub, query="", **how):
    return come_back(client, consent(surf, set_out(client, query), sub, **how))


def code_for(address):
    """The code in the last mail to this address."""
    mail = SentMail.objects.filter(to=address).latest("pk")
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", mail.context["body"], re.MULTILINE)[1]


def arrive(surf, sub="urn:anna", address="anna@uni.example"):
    """A new person, all the way in."""
    client = Client()
    assert through(surf, client, sub).url == "/account/confirm-email/"
    assert client.post("/account/confirm-email/", {"code": code_for(address)}).status_code == 302
    assert get_user(client).is_authenticated
    return client


def test_without_its_settings_nothing_of_it_is_there(client, db):
    assert "surfconext" not in client.get("/account/login/").content.decode().lower()
    paths = (LOGIN, CALLBACK, "/account/3rdparty/", "/account/3rdparty/signup/", "/account/3rdparty/login/cancelled/",
             "/account/3rdparty/login/error/", "/account/oidc/openid_connect/login/")  # fmt: skip
    sign_in(client, UserFactory())
    for path in paths:
        for act in (client.get, client.post, Client().get):
            assert act(path).status_code == 404, path
    assert "SURFconext" not in client.get("/account/").content.decode()


def test_another_provider_is_not_there(surf, client):
    for name in ("openid_connect", "google", "x"):
        assert client.get(f"/account/oidc/{name}/login/").status_code == 404


def test_the_way_there_uses_pkce_and_a_state_and_nothing_of_the_visitors(surf, client):
    away = set_out(client, "?scope=admin&auth_params=prompt%3Dnone&next=https://anders.example/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    assert asked.pop("state")
    assert len(asked.pop("code_challenge")) >= 43
    assert sorted(asked.pop("scope").split()) == ["email", "openid", "profile"]
    assert asked == {
        "client_id": "platform",
        "redirect_uri": f"http://testserver{CALLBACK}",
        "response_type": "code",
        "code_challenge_method": "S256",
    }


def test_a_new_person_proves_the_address_the_platforms_way(surf):
    client = Client()
    answer = through(surf, client, "urn:anna")
    assert answer.url == "/account/confirm-email/"
    assert not get_user(client).is_authenticated
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("anna@uni.example", "Anna de Wit", False)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("anna@uni.example", False)]

    client.post("/account/confirm-email/", {"code": code_for("anna@uni.example")})
    assert get_user(client) == user
    account = SocialAccount.objects.get(user=user)
    assert (account.provider, account.uid) == ("surfconext", "urn:anna")
    assert account.extra_data == {
        "eduperson_affiliation": ["member", "employee"],
        "eduperson_scoped_affiliation": ["employee@uni.example"],
        "schac_home_organization": "uni.example",
    }
    assert not SocialToken.objects.exists()
    assert suggested_lab(user) == "science"


def test_the_same_sub_comes_back_to_the_same_person_whatever_its_address(surf):
    arrive(surf)
    user = User.objects.get()
    user.email = "anders@thuis.example"
    user.save()
    EmailAddress.objects.filter(user=user).update(email="anders@thuis.example")
    again = Client()
    assert through(surf, again, "urn:anna").status_code == 302
    assert get_user(again) == user
    assert User.objects.count() == 1


def test_another_sub_with_the_same_address_stays_out(surf):
    arrive(surf)
    thief = Client()
    cache.clear()  # how often a mail goes to one address is limited
    answer = through(surf, thief, "urn:bert")
    assert answer.url == "/account/confirm-email/"
    assert not get_user(thief).is_authenticated
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 1)


def test_an_account_with_that_address_is_not_entered_and_its_owner_reads_how_to_connect(surf):
    owner = UserFactory(email="anna@uni.example")
    known, new = Client(), Client()
    said = through(surf, known, "urn:anna")
    assert not get_user(known).is_authenticated
    assert not SocialAccount.objects.exists()
    letter = SentMail.objects.get()
    assert letter.to == "anna@uni.example"
    assert "SURFconext" in letter.context["body"]

    cache.clear()
    User.objects.filter(pk=owner.pk).update(email="weg@uni.example")
    EmailAddress.objects.filter(user=owner).update(email="weg@uni.example")
    same = through(surf, new, "urn:anna")
    assert (said.status_code, said.url) == (same.status_code, same.url)
    drawn = [re.sub(r'value="[^"]{30,}"', "", one.get(said.url).content.decode()) for one in (known, new)]
    assert drawn[0] == drawn[1], "the page tells nobody whether there was an account"
    assert SentMail.objects.count() == 2


def test_the_owner_connects_from_the_account_and_disconnects(surf, client):
    owner = UserFactory(email="anna@uni.example")
    sign_in(client, owner, second_factor=False)
    assert through(surf, client, "urn:anna", "?process=connect").url.startswith("/account/reauthenticate/")
    assert not SocialAccount.objects.exists()
    assert "token" not in json.dumps(dict(client.session))
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).url == "/account/3rdparty/"
    assert SocialAccount.objects.get().user == owner
    page = client.get("/account/3rdparty/").content.decode()
    assert "uni.example" in page

    other = Client()
    through(surf, other, "urn:anna")
    assert get_user(other) == owner

    assert client.post("/account/3rdparty/", {"account": SocialAccount.objects.get().pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_connection_of_another_person_is_not_taken_over(surf, client):
    arrive(surf)
    owner = SocialAccount.objects.get().user
    sign_in(client, UserFactory(email="twee@thuis.example"), second_factor=False)
    through(surf, client, "urn:anna", "?process=connect")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == owner
    stranger = SocialAccount.objects.get()
    client.post("/account/3rdparty/", {"account": stranger.pk})
    assert SocialAccount.objects.filter(pk=stranger.pk).exists()


def test_connecting_without_being_signed_in_makes_nothing(surf, client):
    answer = through(surf, client, "urn:anna", "?process=connect")
    assert answer.url == "/account/3rdparty/"
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_an_account_with_a_second_factor_still_asks_for_it(surf):
    user = give_factor(UserFactory(email="anna@uni.example"))
    SocialAccount.objects.create(user=user, provider="surfconext", uid="urn:anna")
    client = Client()
    assert through(surf, client, "urn:anna").url == "/account/2fa/authenticate/"
    assert not get_user(client).is_authenticated


def test_who_was_turned_off_stays_out(surf):
    arrive(surf)
    User.objects.update(is_active=False)
    client = Client()
    assert through(surf, client, "urn:anna").url == "/account/inactive/"
    assert not get_user(client).is_authenticated


def test_without_an_address_it_is_asked_and_proven(surf, client):
    assert through(surf, client, "urn:nomail").url == "/account/3rdparty/signup/"
    UserFactory(email="bekend@thuis.example")
    for address in ("bekend@thuis.example", "nieuw@thuis.example"):
        other = Client()
        through(surf, other, "urn:nomail")
        answer = other.post("/account/3rdparty/signup/", {"email": address})
        assert answer.url == "/account/confirm-email/", address
        assert not get_user(other).is_authenticated


def test_the_address_that_is_typed_tells_nobody_whether_it_is_known(surf, monkeypatch):
    UserFactory(email="bekend@thuis.example")
    hashed, said = [], []
    encode = MD5PasswordHasher.encode
    for address in ("bekend@thuis.example", "nieuw@thuis.example"):
        cache.clear()
        client, number = Client(), len(hashed)
        through(surf, client, "urn:nomail")
        with monkeypatch.context() as patch:
            patch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
            answer = client.post("/account/3rdparty/signup/", {"email": address})
        page = client.get(answer.url).content.decode().replace(address, "…")
        said.append(
            (answer.status_code, answer.url, len(hashed) - number, re.sub(r'value="[^"]{30,}"', "", page))
        )
    assert said[0] == said[1]
    letter = SentMail.objects.get(to="bekend@thuis.example")
    assert "SURFconext" in letter.context["body"]


def test_cancelling_leads_to_a_calm_page_and_changes_nothing(surf, client):
    answer = through(surf, client, "urn:anna", action="cancel")
    assert answer.url == "/account/3rdparty/login/cancelled/"
    assert client.get(answer.url).status_code == 200
    assert not User.objects.exists()


def test_a_wrong_used_or_foreign_state_opens_nothing(surf, client):
    back = consent(surf, set_out(client), "urn:anna")
    forged = re.sub(r"state=[^&]+", "state=forged", back)
    assert come_back(client, forged).status_code == 401
    assert come_back(Client(), back).status_code == 401, "of another browser"
    without = re.sub(r"&?state=[^&]+", "", back)
    assert come_back(client, without).status_code == 401
    assert not User.objects.exists()
    assert come_back(client, back).status_code == 302
    assert come_back(client, back).status_code == 401, "a second time"


def test_a_stolen_code_does_not_fit_another_browsers_challenge(surf, client):
    stolen = parse_qs(urlsplit(consent(surf, set_out(client), "urn:anna")).query)["code"][0]
    thief = Client()
    state = parse_qs(urlsplit(set_out(thief)).query)["state"][0]
    assert thief.get(CALLBACK, {"code": stolen, "state": state}).status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize("sub", ["urn:other-client", "urn:two"])
def test_a_token_of_another_client_or_person_opens_nothing(surf, client, sub):
    assert through(surf, client, sub).status_code == 401
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_a_provider_that_is_away_or_speaks_nonsense_is_told_calmly(surf, client, settings, monkeypatch):
    settings.SURFCONEXT_SERVER_URL = "http://127.0.0.1:9"
    assert client.post(LOGIN).status_code == 401
    settings.SURFCONEXT_SERVER_URL = f"{surf}/enter/urn:anna/.well-known/x"
    assert client.post(LOGIN).status_code == 401
    assert client.get(CALLBACK).status_code == 401
    assert client.get(CALLBACK, {"error": "x" * 5000, "state": "\ud7ff"}).status_code == 401


def test_one_address_asks_the_provider_so_often_and_no_more(surf, client, monkeypatch):
    monkeypatch.setattr(account, "ASKS_OF_ONE", (3, 600))
    assert [client.post(LOGIN).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.post(LOGIN, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_what_an_institution_says_is_cut_to_size(surf, client):
    through(surf, client, "urn:hostile")
    user = User.objects.get()
    assert (len(user.name), "\0" in user.name) == (119, False)
    said = SocialAccount.objects.get().extra_data["eduperson_affiliation"]
    assert (len(said) <= 20, max(map(len, said)) <= 200) == (True, True)


def test_who_made_the_account_before_its_owner_keeps_no_way_in(surf):
    """Somebody signs up with another's address, through their own institution; then the owner proves it."""
    thief = Client()
    through(surf, thief, "urn:bert")
    assert SocialAccount.objects.filter(uid="urn:bert").exists()
    owner = Client()
    cache.clear()
    owner.post("/account/login/code/", {"email": "anna@uni.example"})
    owner.post("/account/login/code/confirm/", {"code": code_for("anna@uni.example")})
    assert get_user(owner).is_authenticated
    assert not SocialAccount.objects.exists()
    late = Client()
    through(surf, late, "urn:bert")
    assert not get_user(late).is_authenticated


def test_nor_does_a_password_that_was_chosen_before(db):
    cache.clear()
    thief, owner = Client(), Client()
    form = {"email": "anna@uni.example", "password1": PASSWORD, "password2": PASSWORD}
    thief.post("/account/signup/", form)
    owner.post("/account/login/code/", {"email": "anna@uni.example"})
    owner.post("/account/login/code/confirm/", {"code": code_for("anna@uni.example")})
    assert get_user(owner).is_authenticated
    late = Client()
    late.post("/account/login/", {"login": "anna@uni.example", "password": PASSWORD})
    assert not get_user(late).is_authenticated


def test_a_password_of_ones_own_stays_when_the_address_is_proven(db):
    cache.clear()
    person, late = Client(), Client()
    person.post(
        "/account/signup/", {"email": "anna@uni.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    person.post("/account/confirm-email/", {"code": code_for("anna@uni.example")})
    assert get_user(person).is_authenticated
    late.post("/account/login/", {"login": "anna@uni.example", "password": PASSWORD})
    assert get_user(late).is_authenticated


@pytest.mark.parametrize(
    ("claims", "lab"),
    [
        ({}, ""),
        ({"eduperson_affiliation": ["student", "member"]}, ""),
        ({"eduperson_affiliation": ["student", "employee"]}, "science"),
        ({"eduperson_affiliation": "faculty"}, "science"),
        ({"eduperson_scoped_affiliation": ["Employee@eur.nl"]}, "science"),
        ({"eduperson_scoped_affiliation": ["student@employee.example"]}, ""),
        ({"eduperson_affiliation": [None, 3, {"employee": 1}]}, ""),
        ({"schac_home_organization": "employee"}, ""),
    ],
)
def test_an_affiliation_suggests_a_lab_and_no_more(claims, lab):
    assert lab_of(claims) == lab


def test_who_has_no_connection_gets_no_suggestion(db, django_assert_num_queries):
    with django_assert_num_queries(3):  # two of them make the person
        assert suggested_lab(UserFactory()) == ""
