import json
import logging

import pytest
from django.db import DataError
from django.http import HttpResponse
from django.test import RequestFactory

from collectievekracht.common.middleware import RequestMiddleware


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture
def lines(monkeypatch):
    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            seen.append(record.getMessage())

    handler = Handler()
    logger = logging.getLogger("collectievekracht.requests")
    logger.addHandler(handler)
    yield seen
    logger.removeHandler(handler)


@pytest.mark.parametrize("path", ["/healthz?q=%00", "/healthz?a=1&b=x%00y"])
def test_nul_in_the_query_is_a_400_with_every_header(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/%00", "/zelfscan/%00/", "/healthz?q=%ff", "/%ff/", "/healthz?%", "/healthz?q=%ed%a0%80"]
)
def test_what_can_not_be_read_is_no_500(client, path):
    assert client.get(path).status_code in (200, 400, 404)


def test_every_answer_has_a_number_of_its_own(client):
    one, other = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert one != other


def test_the_log_line_names_the_route_and_nobody(client, lines):
    client.get(
        "/healthz?token=secret-token&email=a@example.org", REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="spy"
    )
    line = json.loads(lines[0])
    assert set(line) == {"event", "request", "method", "route", "status", "ms"}
    assert (line["route"], line["status"], line["method"]) == ("healthz", 200, "GET")
    for secret in ("secret-token", "example.org", "10.9.8.7", "spy"):
        assert secret not in lines[0]


@pytest.mark.parametrize("error", [DataError("x"), "\ud800", OverflowError("x")])
def test_a_value_that_the_database_can_not_hold_is_a_400(error):
    if error == "\ud800":
        with pytest.raises(UnicodeEncodeError) as caught:
            error.encode()
        error = caught.value
    middleware = RequestMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), error).status_code == 400
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None


def test_a_policy_of_its_own_and_the_plain_one(settings, rf):
    from csp.decorators import csp_replace

    from collectievekracht.common.middleware import PolicyMiddleware

    settings.DEBUG = False
    plain = PolicyMiddleware(lambda request: HttpResponse())(rf.get("/"))
    assert "frame-ancestors 'none'" in plain.headers["Content-Security-Policy"]
    assert "unsafe" not in plain.headers["Content-Security-Policy"]

    embed = csp_replace({"frame-ancestors": ["*"]})(lambda request: HttpResponse())
    own = PolicyMiddleware(embed)(rf.get("/"))
    assert "frame-ancestors *" in own.headers["Content-Security-Policy"]

    with_nonce = PolicyMiddleware(lambda request: HttpResponse(str(request.csp_nonce)))(rf.get("/"))
    assert with_nonce.status_code == 200


@pytest.mark.parametrize(
    ("method", "sqlstate", "tries"),
    [("get", "57P01", 2), ("get", None, 2), ("get", "57014", 1), ("post", "57P01", 1)],
)
@pytest.mark.django_db
def test_a_page_that_the_database_cut_off_is_read_once_more(rf, monkeypatch, method, sqlstate, tries):
    from types import SimpleNamespace

    from django.db import OperationalError, connection

    seen = []

    def view(request):
        seen.append(request)
        if len(seen) < 2:
            error = OperationalError()
            error.__cause__ = Exception()
            error.__cause__.sqlstate = sqlstate
            raise error
        return HttpResponse("read")

    monkeypatch.setattr(connection, "close", lambda: None)
    request = getattr(rf, method)("/")
    request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={})
    middleware = RequestMiddleware(lambda request: HttpResponse())
    with pytest.raises(OperationalError) as caught:
        view(request)
    response = middleware.process_exception(request, caught.value)
    assert len(seen) == tries
    assert (response is not None) == (tries == 2)
    assert middleware.process_exception(request, caught.value) is None
