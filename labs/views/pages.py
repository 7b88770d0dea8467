"""The partner labs: what they are, who is in them, and how to take part."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from collectievekracht.common.page_cache import cached_for_visitors
from labs import services
from labs.lab_page import LabPage
from labs.models import Lab
from labs.queries import Reader, reader_of

# The picture beside a lab's name; a lab that the team adds gets the last one.
ICONS = {
    "science": "academic-cap",
    "finance": "banknotes",
    "government": "building-library",
    "network": "share",
    "supporters": "lifebuoy",
}
OTHER_ICON = "user-group"


@require_safe
@cached_for_visitors(300, services.KEPT_PAGES)
def index(request: HttpRequest) -> HttpResponse:
    """All labs, with what they have in common."""
    labs = list(Lab.objects.published())
    context = {
        "labs": [(lab, ICONS.get(lab.code, OTHER_ICON)) for lab in labs],
        **_for_flanders(labs, reader_of(request.user)),
    }
    return render(request, "labs/index.html", context)


def _for_flanders(labs: list[Lab], reader: Reader) -> dict[str, object]:
    """Which labs are about the Netherlands only and which are not, and whether that concerns this very reader."""
    return {
        "reader": reader,
        "dutch_only": [str(lab) for lab in labs if not lab.is_for_flanders],
        "for_flanders": [lab for lab in labs if lab.is_for_flanders],
    }


@require_safe
@cached_for_visitors(300, services.KEPT_PAGES)
def lab(request: HttpRequest, code: str) -> HttpResponse:
    """One lab: whom you meet, what it gives and asks, who is in it, and how to join."""
    labs = list(Lab.objects.published())
    found = next((lab for lab in labs if lab.code == code), None)
    if found is None:
        raise Http404
    reader = reader_of(request.user, found)
    page = LabPage(found, request.GET, reader)
    context = {
        "lab": found,
        "icon": ICONS.get(found.code, OTHER_ICON),
        "others": [other for other in labs if other.pk != found.pk],
        "found": page,
        "has_errors": not page.readable,
        **_for_flanders(labs, reader),
    }
    return render(request, "labs/lab.html", context)
