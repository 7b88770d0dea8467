"""E: looking changes nothing, a form of another site changes nothing, guessing ends soon, and no answer tells who is known."""

import re
from collections import Counter

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user, hashers
from django.contrib.auth.signals import user_login_failed
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from collectievekracht.common.models import SentMail
from tests.factories.members import PASSWORD, UserFactory
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import give_factor, sign_in
from tests.security.addresses import ONE_CLICK, addresses
from tests.trust.figures import FULL, count

# What looking may write: who saw answers, how often somebody came to the sign-in page, and how often a campaign's
# address was opened.
WRITTEN_BY_LOOKING = {"common_auditevent", "cache_table", "pages_campaignday", "members_notification"}
TOKEN = "t" * 32


def checksums():
    """A sum of every table."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        parts = (
            f"SELECT '{name}', md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) FROM {name} row"
            for name in tables
        )
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def changed(before, after):
    return {name for name, checksum in after.items() if before.get(name) != checksum}


def forging(person):
    """A client that checks the form's secret, with that person's session and a cookie with the secret."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = person.cookies
    client.cookies["csrftoken"] = TOKEN
    return client


def test_e4_looking_and_forged_forms_change_nothing(world, people, table):
    found = addresses(world)
    written, before = set(), checksums()
    for name, person in people.items():
        for address in found:
            for method in (person.get, person.head):
                assert method(address.path).status_code < 500, address
            after = checksums()
            assert changed(before, after) <= WRITTEN_BY_LOOKING, f"{name} by looking at {address.path}"
            written |= changed(before, after)
            before = after

    everything = {"decision": "approved", "email": "x@voorbeeld.example", "name": "X", "message": "Een heel bericht.",
                  "later": "1", "post": "yes", "org_name": "Gekaapt", "shown": "org_name"}  # fmt: skip
    refused, forged = Counter(), 0
    for person in people.values():
        client = forging(person)
        wrong = (
            {"data": everything},
            {"data": everything | {"csrfmiddlewaretoken": "f" * 32}},
            {"data": everything | {"csrfmiddlewaretoken": TOKEN}, "HTTP_ORIGIN": "https://anders.example"},
            {"data": everything | {"csrfmiddlewaretoken": TOKEN}, "HTTP_ORIGIN": "null"},
            {"data": everything | {"csrfmiddlewaretoken": TOKEN}, "HTTP_REFERER": "https://anders.example/", "secure": True},
        )  # fmt: skip
        for number, address in enumerate(one for one in found if one.route != ONE_CLICK):
            for request in wrong if FULL else (wrong[0], wrong[1 + number % 4]):
                forged += 1
                refused[client.post(address.path, **request).status_code] += 1
    after = checksums()
    right = forging(people["visitor"]).post(
        "/zelfscan/", {"csrfmiddlewaretoken": TOKEN}, HTTP_ORIGIN="http://testserver"
    )
    assert (right.status_code, changed(after, checksums()) >= {"selfscan_response"}) == (302, True)
    table.add(
        "E4",
        f"every address looked at by {len(people)} people, and {forged} forms without the secret or from another origin",
        seen=f"looking wrote {sorted(written)}; forms refused {dict(refused)}, changed {sorted(changed(before, after))}",
        must=f"looking writes {sorted(WRITTEN_BY_LOOKING)} only; every form 403, nothing changed",
        holds=written == WRITTEN_BY_LOOKING and set(refused) == {403} and before == after,
    )


def test_one_view_is_exempt_from_the_forms_secret():
    def exempt(found):
        for pattern in found:
            if isinstance(pattern, URLResolver):
                yield from exempt(pattern.url_patterns)
            elif getattr(pattern.callback, "csrf_exempt", False):
                yield str(pattern.pattern)

    assert list(exempt(get_resolver().url_patterns)) == [ONE_CLICK]


def test_the_form_without_a_secret_turns_off_that_mail_and_nothing_else(world, people):
    (path,) = [one.path for one in addresses(world) if one.route == ONE_CLICK]
    before = checksums()
    for client in map(forging, people.values()):
        assert client.post(path, HTTP_ORIGIN="https://anders.example").status_code == 200
    after = checksums()
    assert changed(before, after) == {"common_suppression"}
    assert forging(people["visitor"]).post(path.replace("/afmelden/", "/afmelden/x")).status_code == 404
    assert checksums() == after


# --- guessing


@pytest.fixture
def guesses(db, monkeypatch):
    """How many guesses were really tried, at a clock that stands still."""
    cache.clear()
    tried = Counter()

    def note(sender, **kwargs):
        tried["password"] += 1

    validate = TOTP.validate_code
    monkeypatch.setattr(
        TOTP, "validate_code", lambda self, code: tried.update(code=1) or validate(self, code)
    )
    user_login_failed.connect(note)
    with time_machine.travel("2026-10-06 10:00", tick=False):
        yield tried
    user_login_failed.disconnect(note)


def guess(address, number=0, **extra):
    return Client().post(
        "/account/login/?next=/beheer/", {"login": address, "password": f"fout {number}"}, **extra
    )


def test_e5_guessing_ends_soon(guesses, table, settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    tries, seen = count(1000), {}
    boss = give_factor(UserFactory(admin=True, email="beheer@wereld.example"))
    other = UserFactory(email="iemand@wereld.example")

    def attack(name, act):
        cache.clear()
        guesses.clear()
        for number in range(tries):
            assert act(number).status_code in (200, 302, 429)
        seen[name] = sum(guesses.values())

    attack("one admin", lambda number: guess(boss.email, number))
    assert guess(boss.email, REMOTE_ADDR="192.0.2.77").status_code == 200, (
        "another address: a new limit by address"
    )
    attack("many accounts", lambda number: guess(f"persoon{number}@wereld.example"))
    signed_in = Client().post(
        "/account/login/", {"login": other.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.99"
    )
    assert signed_in.status_code == 302, "a real person on another address still signs in"
    attack(
        "forged X-Forwarded-For",
        lambda number: guess(f"p{number}@wereld.example", HTTP_X_FORWARDED_FOR=f"198.51.100.{number % 250}"),
    )
    attack(
        "one admin from many addresses",
        lambda number: guess(boss.email, REMOTE_ADDR=f"203.0.{number // 250}.{number % 250}"),
    )
    attack(
        "many accounts from one IPv6 household",
        lambda number: guess(f"p{number}@wereld.example", REMOTE_ADDR=f"2001:db8::{number:x}"),
    )
    cache.clear()
    halfway = Client()
    halfway.post("/account/login/", {"login": boss.email, "password": PASSWORD})
    cache.clear()
    attack("codes", lambda number: halfway.post("/account/2fa/authenticate/", {"code": f"{number:06}"}))
    cache.clear()
    inside = sign_in(Client(), boss, second_factor=False)
    attack(
        "codes to confirm",
        lambda number: inside.post("/account/2fa/reauthenticate/", {"code": f"{number:06}"}),
    )
    table.add(
        "E5",
        f"{tries} guesses each at sign-in and second factor",
        seen=", ".join(f"{name}: {times} tried" for name, times in seen.items()),
        must="at most 12 of each are tried; 0 are none of them",
        holds=all(0 < times <= 12 for times in seen.values()),
    )


# --- who is known


def said(response, address):
    """What an answer says, but for what differs each time."""
    text = response.content.decode().replace(address, "…")
    return (
        response.status_code,
        response.headers.get("Location", "").replace(address, "…"),
        sorted(response.cookies),
        re.sub(r'value="[^"]{30,}"', "", text),
    )


def ask(path, address, form):
    """The answer to this form, and to what it leads to; how often a password was hashed; how many mails were promised."""
    client = Client()
    client.get(path)
    hashed = Counter()
    encode = hashers.get_hasher().__class__.encode
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            hashers.get_hasher().__class__, "encode", lambda *a, **k: hashed.update(n=1) or encode(*a, **k)
        )
        first = client.post(path, form)
    second = client.get(first["Location"]) if first.status_code == 302 else first
    letters = len(mail.outbox) + SentMail.objects.filter(to=address).count()
    return said(first, address), said(second, address), hashed["n"], letters


SECRET_WORD = "een-lang-wachtwoord-voor-nieuw-7"
FORMS = {
    "/zelfscan/hervatten/": {},
    "/account/signup/": {"password1": SECRET_WORD, "password2": SECRET_WORD},
    "/account/password/reset/": {},
    "/account/login/code/": {},
    "/account/login/": {"login": "", "password": "fout"},
}


def test_a_second_address_tells_nobody_whether_it_is_known(db):
    UserFactory(email="bekend@wereld.example")
    answers = []
    for address in ("bekend@wereld.example", "vreemd@wereld.example"):
        cache.clear()
        client = sign_in(Client(), UserFactory(name="Iemand"))
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        first = client.post("/account/email/", {"email": address, "action_add": ""})
        second = client.get(first["Location"])
        letters = SentMail.objects.filter(to=address).values_list("template", "context__subject")
        owner = get_user(client).email
        said_to = [
            tuple(str(part).replace(owner, "ik") for part in said(one, address)) for one in (first, second)
        ]
        answers.append((said_to, list(letters)))
    assert answers[0] == answers[1]
    assert len(answers[0][1]) == 1


@pytest.mark.parametrize("path", FORMS)
def test_no_answer_tells_whether_an_address_is_known(instrument, path):
    answers = []
    UserFactory(email="bekend@wereld.example")
    ResponseFactory(draft=True, email="bekend@wereld.example")
    for address in ("bekend@wereld.example", "vreemd@wereld.example"):
        cache.clear()
        mail.outbox.clear()
        form = FORMS[path] | ({"login": address} if "login" in FORMS[path] else {"email": address})
        answers.append(ask(path, address, form))
    (first, second, hashed, letters), stranger = answers
    assert (first, second, hashed) == stranger[:3]
    if path != "/zelfscan/hervatten/":  # nobody kept a scan there, so there is nothing to mail
        assert letters == stranger[3]
