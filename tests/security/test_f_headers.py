"""F1: every answer of every address, whatever its status, tells the browser what it may do."""

import runpy
from collections import Counter

import pytest
from django.conf import settings as live
from django.test import Client

from tests.security.addresses import addresses

EMBED = ("/kaart/embed/", "/en/kaart/embed/")
OURS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME", "CONTENT_SECURITY", "PERMISSIONS_POLICY")
STATUSES = {200, 302, 400, 403, 404, 405, 429, 500}
KINDS = {
    "text/html",
    "application/pdf",
    "text/csv",
    "application/geo+json",
    "application/json",
    "text/plain",
    "application/xml",
}
SEND = {"HTTP_REFERER": "https://testserver/", "secure": True}


@pytest.fixture
def production(settings, monkeypatch):
    """The settings about security as a real server has them, read anew with DEBUG off."""
    monkeypatch.setenv("DEBUG", "0")
    for name in ("SECRET_KEY", "UNSUBSCRIBE_KEY", "SUPPRESSION_KEY"):
        monkeypatch.setenv(name, "a-key-for-tests-" * 4)
    read = runpy.run_path(str(live.BASE_DIR / "collectievekracht" / "settings.py"))
    for name, value in read.items():
        if name.startswith(OURS):
            setattr(settings, name, value)
    assert settings.SECURE_SSL_REDIRECT
    return settings


def wrong_headers(path, response):
    """What is missing or wrong on this answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    policy = {}
    for directive in headers.get("content-security-policy", "none ''").split(";"):
        name, *sources = directive.split()
        assert name not in policy, f"{path}: {name} twice"
        policy[name] = sources
    frames = ["*"] if path.split("?")[0] in EMBED and response.status_code == 200 else ["'none'"]
    strict = {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": frames,
    }
    wide = {"*", "https:", "http:", "blob:", "'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'"}
    checks = {
        "strict policy": all(policy.get(name) == sources for name, sources in strict.items()),
        "no wide source": not wide & {one for name in policy.keys() - {"frame-ancestors"} for one in policy[name]},
        "scripts and styles are ours": policy.get("script-src") == policy.get("style-src") == ["'self'"],
        "HSTS": "max-age=" in headers.get("strict-transport-security", "")
        and int(headers["strict-transport-security"].split("max-age=")[1].split(";")[0]) >= 31_536_000,
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "frames": headers.get("x-frame-options") == (None if frames == ["*"] else "DENY"),
        "Referrer-Policy": headers.get("referrer-policy") in ("same-origin", "no-referrer", "strict-origin"),
        "Permissions-Policy": "camera=()" in headers.get("permissions-policy", ""),
        "own opener": headers.get("cross-origin-opener-policy") == "same-origin",
    }  # fmt: skip
    return [name for name, holds in checks.items() if not holds]


def other_statuses(world, monkeypatch):
    """Answers that ordinary requests don't get: (path, response) of a refused form, too many tries, and an error."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    yield "/zelfscan/", strict.post("/zelfscan/", **SEND)
    letter = {"name": "Jan", "email": "jan@voorbeeld.example", "message": "Een bericht voor jullie."}
    path = f"/collectieven/{world.published.slug}/contact/"
    for _try in range(6):
        yield path, Client().post(path, letter, **SEND)
    for _try in range(32):
        answer = Client().post("/account/login/", {"login": "x@voorbeeld.example", "password": "x"}, **SEND)
        yield "/account/login/", answer
    yield "/bestaat-niet/", Client().get("/bestaat-niet/", **SEND)
    yield "/en/geen-bestand.css", Client().get("/en/geen-bestand.css", **SEND)
    for name in (
        "collectievekracht.pages.views.home.queries.home_figures",
        "members.views.directory.Directory",
    ):
        monkeypatch.setattr(name, lambda *args, **kwargs: 1 / 0)
    for path in ("/en/", "/collectieven/", "/kaart/embed/"):
        yield path, Client(raise_request_exception=False).get(path, **SEND)


def test_f1_every_answer_carries_its_headers(world, people, production, monkeypatch, table):
    wrong, statuses, kinds = [], Counter(), Counter()

    def look(path, response):
        statuses[response.status_code] += 1
        kinds[response.headers.get("Content-Type", "").partition(";")[0]] += 1
        if path.split("?")[0] in EMBED and response.status_code == 200:
            assert b"<form" not in response.content
            assert "cookie" not in response.headers.get("Vary", "").lower()
            assert not response.cookies
        if missing := wrong_headers(path, response):
            wrong.append(f"{path} ({response.status_code}): {', '.join(missing)}")

    for address in addresses(world):
        look(address.path, people["visitor"].get(f"{address.path}?q=%00", **SEND))
        for who in ("visitor", "admin"):
            for method in ("get", "put"):
                look(address.path, getattr(people[who], method)(address.path, **SEND))
    for path in (
        "/en/",
        "/en/kaart/embed/",
        "/en/collectieven/collectieven.csv",
        "/kaart/pins.geojson?zoom=x",
    ):
        look(path, people["visitor"].get(path, **SEND))
    for path, response in other_statuses(world, monkeypatch):
        look(path, response)
    assert set(statuses) >= STATUSES, f"never seen: {STATUSES - set(statuses)}"
    assert set(kinds) >= KINDS, f"never seen: {KINDS - set(kinds)}"
    table.add(
        "F1",
        f"headers of {sum(statuses.values())} answers of every address, as visitor and as admin, statuses "
        + ", ".join(map(str, sorted(statuses))),
        seen=f"{len(wrong)} with a header missing or too wide {wrong[:12] or ''}",
        must="0; only /kaart/embed/ may be framed, without form or session",
        holds=not wrong,
    )


def test_plain_http_only_leads_to_https(production, client, db):
    answer = client.get("/over/?a=1")
    assert (answer.status_code, answer["Location"], answer.content) == (
        301,
        "https://testserver/over/?a=1",
        b"",
    )
