"""The dashboard of someone who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collectievekracht.common import registry
from collectievekracht.pages import my_page
from collectievekracht.pages.views.home import draw_blocks


@require_safe
@never_cache
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """What is left to do, and my collectives with their state, pages, scans and reports."""
    user = request.user
    mine, asked = my_page.my_collectives(user), my_page.asked_for_access(user)  # type: ignore[arg-type]
    context = {
        "mine": mine,
        "steps": my_page.steps_of(user, mine, asked),  # type: ignore[arg-type]
        "cards": draw_blocks(request, registry.dashboard_cards),
    }
    return render(request, "pages/dashboard.html", context)


@login_required
@require_POST
def put_away(request: HttpRequest, key: str) -> HttpResponse:
    """Take one of my first steps off the list; it doesn't come back."""
    if not my_page.put_away(request.user, key):  # type: ignore[arg-type]
        raise Http404
    return redirect("pages:dashboard")
