"""Applying for a lab, and answering what the team asks about it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collectievekracht.common import form_keys, limits
from labs.choices import MembershipEvent
from labs.forms import ApplicationForm, as_filled_in
from labs.models import Lab, LabMembership
from labs.services import applications
from members.choices import ReviewState
from members.models import User
from members.services.affiliations import suggested_lab
from members.services.work import promised_on

AFFILIATION = "surfconext"  # whose word a suggestion is, in `suggested_by`
A_DAY = 5  # applications of one person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The form, or how far the application is; sending it twice gives the same answer as once."""
    lab = get_object_or_404(Lab.objects.published(), code=code)
    user: Any = request.user
    mine = LabMembership.objects.open_to(user).filter(lab=lab)
    newest: Any = mine.with_handed_in_at().order_by("pk").last()
    context: dict[str, Any] = {"lab": lab, "newest": newest, "last_change": _last_reason(newest)}
    if newest and newest.is_in_force:
        return redirect("labs:mine", lab.code)
    if newest and newest.ended_at is None and newest.state == ReviewState.PENDING:
        if request.method == "POST":
            return redirect(request.path)
        context["due_on"] = promised_on(newest.handed_in_at or newest.applied_at)
        context["is_late"] = context["due_on"] < timezone.localdate()
        return render(request, "labs/apply_waiting.html", context)
    if not user.emailaddress_set.filter(verified=True).exists():
        return render(
            request, "labs/apply_unverified.html", context, status=403 if request.method == "POST" else 200
        )
    suggested = Lab.objects.published().filter(code=suggested_lab(user)).first()
    form = ApplicationForm(request.POST or None, initial=as_filled_in(newest), name=user.name)
    context |= {"form": form, "suggested": suggested}
    if request.method != "POST" or not form.is_valid():
        return render(request, "labs/apply.html", context)
    if not limits.hit("lab-application", str(user.pk), A_DAY, 86_400):
        form.add_error(None, _("You applied several times today. Try again tomorrow, or write to our team."))
        return render(request, "labs/apply.html", context, status=429)
    form_keys.run_once(
        form_keys.of(form.cleaned_data),
        lambda: _hand_in(user, lab, newest, form, suggested),
        scope=f"lab-application:{user.pk}:{lab.pk}",
    )
    return redirect(request.path)


def _hand_in(
    user: User, lab: Lab, newest: LabMembership | None, form: ApplicationForm, suggested: Lab | None
) -> bool:
    if name := form.cleaned_data.get("name"):
        applications.give_name(user, name)
    if newest and newest.ended_at is None and newest.state == ReviewState.RETURNED:
        return applications.answer_question(newest, form.application)
    suggested_by = f"{AFFILIATION}:{suggested.code}" if suggested else ""
    return applications.apply(user, lab, form.application, suggested_by=suggested_by)


def _last_reason(newest: LabMembership | None) -> str:
    """What the team wrote last, where that is what the person has to read now."""
    if newest is None or newest.ended_at or newest.state not in (ReviewState.RETURNED, ReviewState.REFUSED):
        return ""
    said = newest.history.filter(event__in=[MembershipEvent.ASKED, MembershipEvent.DECLINED])
    return said.order_by("at", "pk").values_list("reason", flat=True).last() or ""
