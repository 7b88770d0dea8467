"""The door to a scan: who may open its link, and what a link that opens nothing answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from collectievekracht.common import audit
from selfscan.choices import ResponseState
from selfscan.models import Response

P = ParamSpec("P")
ScanView = Callable[Concatenate[HttpRequest, Response, P], HttpResponseBase]
TokenView = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def open_scan(view: ScanView[P]) -> TokenView[P]:
    """Give the view the scan behind the link; a link that opens nothing (any more) gets one page, with status 404.

    That an admin opened it is written down.
    """

    @wraps(view)
    def inner(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        scan = (
            Response.objects.open_to(request.user, token).select_related("instrument", "collective").first()
        )
        if scan and request.user.is_authenticated and request.user.is_admin and not _asks_by_itself(request):
            audit.record(request.user.pk, "response.answers_seen", scan)
        answer: HttpResponseBase = view(request, scan, *args, **kwargs) if scan else dead_link(request)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        if not answer.has_header("Cache-Control"):
            # "Back" must show what is stored now, and nobody else may find it in a shared cache.
            add_never_cache_headers(answer)
        return answer

    return inner


def _asks_by_itself(request: HttpRequest) -> bool:
    """Whether a page that is open already asks how far it is."""
    return "HX-Request" in request.headers


def open_draft(view: ScanView[P]) -> TokenView[P]:
    """As `open_scan`, for what may be done until the scan is sent; after that the link leads to the finished page."""

    @wraps(view)
    def inner(request: HttpRequest, scan: Response, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if scan.state != ResponseState.DRAFT:
            return redirect("selfscan:done", scan.token)
        return view(request, scan, *args, **kwargs)

    return open_scan(inner)


def open_sent(view: ScanView[P]) -> TokenView[P]:
    """As `open_scan`, for what there is once the scan is sent; before that the link leads to the overview."""

    @wraps(view)
    def inner(request: HttpRequest, scan: Response, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if scan.state == ResponseState.DRAFT:
            return redirect("selfscan:overview", scan.token)
        return view(request, scan, *args, **kwargs)

    return open_scan(inner)


def dead_link(request: HttpRequest) -> HttpResponse:
    """The link is unknown, or its time is over: the same page for both, which says how to go on."""
    return render(request, "selfscan/dead_link.html", status=404)


def reload(request: HttpRequest, scan: Response) -> Response:
    """The scan as it stands now."""
    return Response.objects.open_to(request.user, scan.token).select_related("instrument", "collective").get()
