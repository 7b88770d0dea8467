"""The front page of one's own collective."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collectievekracht.pages import own_collective
from members.models import Collective


@login_required
@never_cache
@require_safe
def collective(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one's own collective: its page, pin, people, offers, scans and consents, and the way to each."""
    user: Any = request.user
    mine = Collective.objects.of(user).select_related("published_profile", "pin", "merged_into")
    found = get_object_or_404(mine, slug=slug)
    return render(request, "pages/collective.html", {"own": own_collective.own_collective(found, user)})
