"""A number per request, a log line, a plain 400 for what can't be read, and the content security policy.

Every page passes here, so it must stay light: the log line is put together by hand, the policy once per process.
"""

import logging
import os
import time
from collections.abc import Callable
from typing import Any

import structlog
from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request
from psycopg_pool import PoolTimeout
from structlog.contextvars import bind_contextvars, clear_contextvars

requests = logging.getLogger("collectievekracht.requests")
log = structlog.get_logger("collectievekracht.middleware")


class RequestMiddleware:
    """Refuses a path or query with NUL; logs the route's name, never the path (it may hold a token) or who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        number = os.urandom(8).hex()
        clear_contextvars()
        bind_contextvars(request=number)
        response = self.get_response(request)
        headers = response.headers
        headers["X-Request-ID"] = number
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = request.resolver_match
        requests.info(
            '{"event":"request","request":"%s","method":"%s","route":"%s","status":%d,"ms":%d}',
            number,
            request.method if request.method in _METHODS else "other",
            match.view_name if match else "",
            response.status_code,
            1000 * (time.perf_counter() - started),
        )
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Here and not before, so that the refusal carries every header that an answer must carry."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, ValueError("NUL"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that was cut off by a restart of the database is read once more.

        And the last net under the forms: a value that the database can't hold is the sender's error, not ours.
        """
        if _was_cut_off(request, exception):
            request.read_again = True  # type: ignore[attr-defined]
            connection.close()
            match = request.resolver_match
            assert match is not None
            return match.func(request, *match.args, **match.kwargs)
        if isinstance(exception, DataError | UnicodeEncodeError | OverflowError):
            log.warning("unusable_input", exc_info=exception)
            return bad_request(request, exception)
        return None


def _was_cut_off(request: HttpRequest, error: Exception) -> bool:
    """Whether the database ended the connection, and the request only reads and wasn't tried again yet."""
    if not isinstance(error, OperationalError | InterfaceError) or hasattr(request, "read_again"):
        return False
    if request.method not in ("GET", "HEAD") or isinstance(error.__cause__, PoolTimeout):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] == "08" or state in ("57P01", "57P02", "57P03")


class PolicyMiddleware(CSPMiddleware):
    """django-csp, which builds the policy anew only for an answer that has a nonce or a policy of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._plain = build_policy()

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        own = "_csp_nonce" in request.__dict__ or any(name.startswith("_csp") for name in response.__dict__)
        if own or settings.DEBUG:  # Django's own error pages of development have inline styles
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._plain)
        request.csp_nonce = _too_late  # type: ignore[attr-defined]
        return response


_too_late = CheckableLazyObject(CSPMiddleware._csp_nonce_post_response)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
