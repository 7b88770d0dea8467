"""One's own membership of a lab."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from labs.confirming import Standing, a_year_after, research_until
from labs.forms import MembershipForm
from labs.models import LabMembership
from labs.services import confirmations, memberships
from labs.services.memberships import Details


def _own(request: HttpRequest, code: str, *, running: bool = False) -> LabMembership:
    """The person's own membership of this lab, in force; with `running` also an application."""
    mine = LabMembership.objects.open_to(request.user).select_related("lab", "user")
    mine = mine.running() if running else mine.in_force()
    found: LabMembership = get_object_or_404(mine, lab__code=code)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """What I know, how much I can do, when I am away, and whether it is still right."""
    membership = _own(request, code)
    today = timezone.localdate()
    initial = {"show_email": memberships.shows_address(membership.user)} | {
        name: getattr(membership, name) for name in Details.__dataclass_fields__
    }
    form = MembershipForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        memberships.change_details(membership, form.details)
        memberships.show_address(membership.user, shown=form.cleaned_data["show_email"])
        messages.success(request, _("Saved. This is how the lab's page shows you now."))
        return redirect(request.path)
    standing = membership.standing(today)
    context: dict[str, Any] = {
        "membership": membership,
        "lab": membership.lab,
        "form": form,
        "asks": standing is not Standing.FRESH,
        "late": standing not in (Standing.FRESH, Standing.ASKED),
        "research_until": research_until(membership.confirm_by) if membership.confirm_by else None,
        "ends": a_year_after(membership.confirm_by) if membership.confirm_by else None,
        "unconfirmed": standing in (Standing.UNCONFIRMED, Standing.OVER),
    }
    return render(request, "labs/mine.html", context)


@require_POST
@login_required
def confirm_mine(request: HttpRequest, code: str) -> HttpResponse:
    """It is still right."""
    membership = _own(request, code)
    if membership.confirm_by and membership.standing(timezone.localdate()) is not Standing.FRESH:
        confirmations.confirm(membership, membership.user, due=membership.confirm_by)
    messages.success(
        request, _("Thank you. Your membership of %(lab)s is confirmed.") % {"lab": membership.lab}
    )
    return redirect("labs:mine", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End my membership, or take my application back, after one more question."""
    membership = _own(request, code, running=True)
    if request.method == "POST":
        memberships.end_membership(membership, membership.user)
        if membership.is_in_force:
            said = _("Your membership of %(lab)s has ended. Thank you for what you shared.")
        else:
            said = _("You took your application for %(lab)s back.")
        messages.success(request, said % {"lab": membership.lab})
        return redirect("labs:lab", code)
    return render(request, "labs/end.html", {"membership": membership, "lab": membership.lab})
