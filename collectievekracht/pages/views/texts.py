"""The pages of text that the team writes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def _team_page(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, f"pages/{template}.html", {"team_email": settings.TEAM_EMAIL})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the team."""
    return _team_page(request, "contact")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What happens to what people tell us."""
    return _team_page(request, "privacy")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Our own statement about accessibility."""
    return _team_page(request, "accessibility")
