"""What ours is held against: a page that costs nothing, and a list as anyone would write it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import CollectiveProfile

BODY = (
    "<!doctype html><title>Bare</title>"
    + "<p>Constant text of a page that asks nothing of anybody.</p>" * 260
).encode()


def bare(request: HttpRequest) -> HttpResponse:
    """15 kB of constant HTML."""
    return HttpResponse(BODY)


def plain_list(request: HttpRequest) -> HttpResponse:
    """One indexed query of 25 rows with a join; a base template, navigation, 25 cards with dates and shortened text."""
    profiles = (
        CollectiveProfile.objects.filter(region="NL-UT").select_related("collective").order_by("pk")[:25]
    )
    return render(request, "bench/plain_list.html", {"profiles": profiles})
