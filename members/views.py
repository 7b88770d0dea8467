"""Directory, profiles and map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common.letters import LetterForm, letter_page
from collectievekracht.common.safe_csv import csv_response
from members import map_cache, queries_map
from members import map_page as map_parts
from members.directory import Directory
from members.exports import directory_rows
from members.forms import AccessForm, ContactForm
from members.models import Collective
from members.profile_page import profile_page, shown_profile
from members.services import access

LETTERS_A_DAY = 30  # to one collective


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All public collectives: search, filters, list and map."""
    found = Directory(request.GET, request.user)
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "members/directory_results.html" if part else "members/directory.html"
    context = {
        "found": found,
        "has_errors": not found.readable,
        "map_config": None if part else map_parts.config(),
    }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if part:
        response["HX-Push-Url"] = found.list_url  # without what was left empty
    return response


@require_safe
def directory_csv(request: HttpRequest) -> HttpResponseBase:
    """The public fields of the collectives that fit the filters, for a spreadsheet; an error when these can't be read."""
    found = Directory(request.GET, request.user)
    if not found.readable:
        return HttpResponse("\n".join(message for _name, message in found.problems), "text/plain", 400)
    return csv_response("collectieven.csv", directory_rows(found.ordered))


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """A collective's page; one that isn't public yet for its own people and admins only."""
    visible = Collective.objects.visible_to(request.user).select_related(
        "published_profile", "pin", "merged_into"
    )
    collective = get_object_or_404(visible, slug=slug)
    if collective.merged_into:
        return redirect(collective.merged_into)
    shown = shown_profile(collective)
    if shown is None:
        return render(request, "members/profile_none.html", {"collective": collective})
    return render(request, "members/profile.html", {"page": profile_page(collective, shown)})


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to a collective, without seeing its address."""
    published = Collective.objects.visible_to(request.user).published()
    collective = get_object_or_404(published.exclude(contact_email=""), slug=slug)

    def send(given: dict[str, Any]) -> None:
        access.send_message(collective, name=given["name"], email=given["email"], message=given["message"])

    return _letter(request, collective, ContactForm, "members/contact.html", send)


@require_http_methods(["GET", "HEAD", "POST"])
def request_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for access to a collective that is here already."""
    collective = get_object_or_404(Collective.objects.visible_to(request.user).published(), slug=slug)

    def send(given: dict[str, Any]) -> None:
        who = {key: given[key] for key in ("name", "email", "message")}
        access.request_access(collective, **who, language=get_language() or "nl")

    return _letter(request, collective, AccessForm, "members/request_access.html", send)


def _letter(
    request: HttpRequest,
    collective: Collective,
    form_class: type[LetterForm],
    template: str,
    send: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    return letter_page(
        request,
        form_class,
        template,
        {"collective": collective},
        to=str(collective.pk),
        a_day=LETTERS_A_DAY,
        send=send,
    )


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
