"""What a person was told, and when they want to be mailed about what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members.forms.notifications import PacesForm
from members.models import Notification
from members.notifications import in_words
from members.services import notifying

A_PAGE = 25
MOST_IDS = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """Everything I was told, newest first; POST marks as read what stood on the page, and nothing that came after it."""
    user: Any = request.user
    mine = Notification.objects.open_to(user)
    if request.method == "POST":
        until = request.POST.get("until", "")
        if until.isascii() and until.isdigit() and int(until) <= MOST_IDS:
            notifying.read_all(user.pk, int(until))
        return redirect("members:notifications")
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("pagina"))
    lines = [line for one in page if (line := in_words(one))]
    newest = max((one.pk for one in page), default=0)
    unread = any(one.read_at is None for one in page)  # also one that has no words any more
    context = {"page": page, "lines": lines, "until": newest if unread else 0}
    return render(request, "members/notifications.html", context)


@require_safe
@never_cache
@login_required
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of mine as read, and lead to what it is about."""
    found = get_object_or_404(Notification.objects.open_to(request.user), pk=pk)
    line = in_words(found)
    notifying.read(found)
    if line is None or not line.link or not notifying.may_still_see(found):
        messages.info(request, _("You can no longer see what this was about."))
        return redirect("members:notifications")
    return redirect(line.link)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """When I want mail about what: at once, once a day, once a week, or never."""
    user: Any = request.user
    form = PacesForm(request.POST or None, paces=notifying.paces_of(user.pk))
    if request.method == "POST" and form.is_valid():
        notifying.choose_paces(user.pk, form.chosen)
        messages.success(request, _("Your choices are saved."))
        return redirect("members:notification_choices")
    return render(request, "members/notification_choices.html", {"form": form})
