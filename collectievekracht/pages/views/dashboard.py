"""The dashboard of someone who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collectievekracht.common import registry
from collectievekracht.common.registry import DashboardPart
from collectievekracht.pages import my_page
from collectievekracht.pages.views.home import drawn_blocks

TITLES = {
    DashboardPart.WAITS: _("What waits for me"),
    DashboardPart.FITS: _("What fits us"),
    DashboardPart.NEWS: _("What is new"),
    DashboardPart.LEDGER: _("What we gave and got"),
}


@require_safe
@never_cache
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits for me, my collectives, what fits them, what is new, and what we gave and got.

    A part without cards is left out, but for the first, which then says that nothing waits.
    """
    page = my_page.my_page(request)
    drawn = drawn_blocks(request, registry.dashboard_cards)
    parts = [
        (part.value, TITLES[part], cards)
        for part in DashboardPart
        if (cards := [html for card, html in drawn if card.part == part]) or part == DashboardPart.WAITS
    ]
    context = {"mine": page.mine, "steps": page.steps, "parts": parts, "unread": page.unread}
    return render(request, "pages/dashboard.html", context)


@login_required
@require_POST
def put_away(request: HttpRequest, key: str) -> HttpResponse:
    """Take one of my first steps off the list; it doesn't come back."""
    if not my_page.put_away(request.user, key):  # type: ignore[arg-type]
        raise Http404
    return redirect("pages:dashboard")
