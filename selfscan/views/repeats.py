"""Doing the scan again, and seeing how the collective developed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import audit
from members.choices import Activity, ReviewState
from members.models import Collective
from selfscan.development_page import development_page
from selfscan.past import development_of
from selfscan.services import current_instrument, definition_of
from selfscan.services.repeats import TooSoon, begin_repeat, standing_of
from selfscan.views.pages import language_of
from selfscan.views.start import needs_instrument


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@needs_instrument
def repeat(request: HttpRequest, slug: str) -> HttpResponse:
    """What repeating the scan means, for a representative; a post begins it, or leads to the one that is open."""
    collective = get_object_or_404(_repeatable(request).select_related("published_profile"), slug=slug)
    if request.method == "POST":
        try:
            scan = begin_repeat(collective, request.user, language_of(request))  # type: ignore[arg-type]
        except TooSoon as early:
            standing = early.standing
        else:
            return redirect("selfscan:overview", scan.token)
    else:
        standing = standing_of(collective)
    return render(request, "selfscan/repeat.html", {"collective": collective, "standing": standing})


def _repeatable(request: HttpRequest) -> QuerySet[Collective]:
    """The collectives for which the person may repeat the scan: one that stopped repeats nothing."""
    mine = Collective.objects.represented_by(request.user).exclude(activity=Activity.STOPPED)
    return mine.filter(state=ReviewState.APPROVED)


@require_safe
@never_cache
@login_required
@needs_instrument
def development(request: HttpRequest, slug: str) -> HttpResponse:
    """How the indicators of a collective developed, for its people and for admins; that an admin looked is written down."""
    user = request.user
    collective = get_object_or_404(Collective.objects.peopled_for(user), slug=slug)
    if user.is_admin:  # type: ignore[union-attr]
        audit.record(user.pk, "collective.development_seen", collective)
    definition = definition_of(current_instrument())
    context = {
        "collective": collective,
        "page": development_page(development_of(collective.pk, definition), definition, language_of(request)),
        "may_repeat": _repeatable(request).filter(pk=collective.pk).exists(),
    }
    return render(request, "selfscan/development.html", context)
