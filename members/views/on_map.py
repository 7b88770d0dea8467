"""The map."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from members import map_cache, queries_map
from members import map_page as map_parts
from members.directory import Directory


def _with_tiles(response: HttpResponse) -> HttpResponse:
    """Lets the browser load detailed tiles on this page, where the platform offers them; it does so after a click."""
    if settings.MAP_TILES:
        response._csp_update = {"img-src": [map_parts.TILES_ORIGIN]}  # type: ignore[attr-defined]
    return response


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map on a page of its own, with the directory's filters."""
    found = Directory(request.GET, request.user, home="members:map")
    context = {
        "found": found,
        "has_errors": not found.readable,
        "map_config": map_parts.config(tiles=settings.MAP_TILES),
        "embed": map_parts.embed_code(),
    }
    return _with_tiles(render(request, "members/map.html", context))


@require_safe
@xframe_options_exempt
def map_embed(request: HttpRequest) -> HttpResponse:
    """The map for a frame on a partner's site: no form, no session, any frame."""
    found = Directory(request.GET, request.user)
    context = {"found": found, "map_config": map_parts.config(embedded=True)}
    response = render(request, "members/map_embed.html", context)
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def map_pins(request: HttpRequest) -> HttpResponse:
    """Pins and clusters in a box as GeoJSON; what can't be read is an error, never everything."""
    address = request.get_full_path()
    kept, version = map_cache.recall(address)
    if kept:
        etag, body = kept
    else:
        try:
            box, zoom = map_parts.read_box(request.GET)
        except ValueError as problem:
            return JsonResponse({"error": str(problem)}, status=400)
        found = Directory(request.GET, request.user)
        if problems := found.filter_problems:
            return JsonResponse({"error": " ".join(problems)}, status=400)
        search, conditions = found.filter.conditions()
        body = queries_map.answer(
            box, zoom, search, conditions, found.asked_values, reverse("members:directory")
        ).encode()
        etag = map_cache.etag_of(body)
        map_cache.remember(address, (etag, body), version)
    response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    conditional = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(conditional, HttpResponse)
    return conditional
