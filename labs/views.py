"""The partner labs: what they are, and how to take part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from collectievekracht.common.page_cache import cached_for_visitors
from labs import services
from labs.models import Lab

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
        "dutch_only": [str(lab) for lab in labs if not lab.is_for_flanders],
    }
    return render(request, "labs/index.html", context)


@require_safe
@cached_for_visitors(300, services.KEPT_PAGES)
def lab(request: HttpRequest, code: str) -> HttpResponse:
    """One lab: whom you meet, what it gives and asks, and how to join."""
    found = get_object_or_404(Lab.objects.published(), code=code)
    others = [other for other in Lab.objects.published() if other.pk != found.pk]
    context = {"lab": found, "icon": ICONS.get(found.code, OTHER_ICON), "others": others}
    return render(request, "labs/lab.html", context)
