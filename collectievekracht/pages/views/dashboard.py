"""The dashboard of someone who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from collectievekracht.common import registry
from collectievekracht.pages import queries
from collectievekracht.pages.views.home import draw_blocks


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """My collectives, with their pages, scans and reports."""
    context = {
        "memberships": queries.memberships_of(request.user.pk or 0),
        "cards": draw_blocks(request, registry.dashboard_cards),
    }
    return render(request, "pages/dashboard.html", context)
