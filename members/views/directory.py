"""The directory."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from collectievekracht.common.safe_csv import csv_response
from members import map_page as map_parts
from members.directory import Directory
from members.exports import directory_rows


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
