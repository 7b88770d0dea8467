"""The short address on flyers: the choice between the ways in, and the campaigns that lead there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collectievekracht.common.page_cache import cached_for_visitors
from collectievekracht.pages import queries
from collectievekracht.pages.choices import CampaignTarget
from collectievekracht.pages.models import Campaign

# Where each kind of campaign leads, by the name of the page.
PAGES = {
    CampaignTarget.CHOICE: "pages:signup_choice",
    CampaignTarget.SCAN: "selfscan:start",
    CampaignTarget.DIRECTORY: "members:directory",
    CampaignTarget.MAP: "members:map",
    CampaignTarget.HOME: "pages:home",
}


@require_safe
@cached_for_visitors(300)
def choice(request: HttpRequest) -> HttpResponse:
    """What one can do here, for whom each is, how long it takes and what one gets."""
    return render(request, "pages/signup_choice.html")


@require_safe
def arrive(request: HttpRequest, code: str) -> HttpResponse:
    """Count one opening of a campaign's address and lead on; nothing about who came is read or kept.

    A code that nobody gave out leads to the choice, and so does one with a slip of the pen. One that has ended leads
    where it always did and counts no more.
    """
    found = Campaign.objects.behind(code).only("pk", "target").first()
    if found and _is_a_visit(request):
        queries.count_arrival(found.pk, timezone.localdate(), timezone.now())
    target = CampaignTarget(found.target) if found else CampaignTarget.CHOICE
    answer = HttpResponseRedirect(reverse(PAGES[target]))
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _is_a_visit(request: HttpRequest) -> bool:
    """Whether a page is really opened: not a HEAD, not fetched ahead, not loaded as part of another page."""
    ahead = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    whole = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return request.method == "GET" and whole and "prefetch" not in ahead.lower()
