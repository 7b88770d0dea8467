"""The page on which an admin screens an application for a lab."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from collectievekracht.common import audit
from labs.filters import choices_of
from labs.models import Lab, LabMembership
from labs.queries import FACETS
from labs.services.applications import accept, ask, decline
from labs.services.memberships import remove_member
from members.choices import Decision, WorkKind
from members.models import User
from members.review import ReasonForm, decide, decision_of, work_context, work_on

ENDED = "ended"  # no decision on an application: an act on a member


def review_lab_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the applicant told, what we know besides, and the three decisions; of a member, the way out."""
    found = LabMembership.objects.select_related("lab", "user")
    membership = get_object_or_404(found, pk=pk)
    item = work_on(WorkKind.APPLICATION, pk)
    by: User = request.user  # type: ignore[assignment]
    names = {"item": item, "name": str(membership.user)}
    chosen = decision_of(request)
    forms = {
        decision: ReasonForm(request.POST if chosen == decision else None, prefix=decision)
        for decision in (Decision.RETURNED, Decision.REFUSED, ENDED)
    }
    if chosen == Decision.APPROVED:
        done = _("%(name)s is a member of the lab now.")
        return decide(request, lambda: accept(membership, by), done=done, **names)  # type: ignore[arg-type]
    if chosen == ENDED and forms[ENDED].is_valid():
        return _end(request, membership, by, forms[ENDED].cleaned_data["reason"])
    if chosen in forms and forms[chosen].is_valid():
        reason = forms[chosen].cleaned_data["reason"]
        if chosen == Decision.RETURNED:
            done = _("%(name)s gets your question by mail.")
            return decide(request, lambda: ask(membership, by, reason), done=done, **names)  # type: ignore[arg-type]
        done = _("%(name)s was declined. The reason is in the mail.")
        return decide(request, lambda: decline(membership, by, reason), done=done, **names)  # type: ignore[arg-type]
    audit.record(by.pk, "lab_membership.seen", membership)
    context = {
        "membership": membership,
        "form": forms.get(chosen),
        "ask_form": forms[Decision.RETURNED],
        "decline_form": forms[Decision.REFUSED],
        "end_form": forms[ENDED],
        "words": _words(membership),
        "suggested": _suggested(membership),
        "history": membership.history.select_related("actor"),
        "others": LabMembership.objects.filter(user=membership.user)
        .exclude(pk=pk)
        .select_related("lab")
        .order_by("-applied_at"),
        "collectives": membership.user.memberships.filter(left_at=None)
        .select_related("collective")
        .order_by("pk"),
        "proven": _is_proven(membership.user),
    }
    return render(request, "admin/review_lab_membership.html", context | work_context(request, item))


def _end(request: HttpRequest, membership: LabMembership, by: User, reason: str) -> HttpResponse:
    if remove_member(membership, by, reason):
        done = _("%(name)s is no member of the lab any more. The reason is in the mail.")
        messages.success(request, done % {"name": membership.user})
    else:
        messages.warning(request, _("This membership was over already."))
    return redirect(request.path)


def _is_proven(user: User) -> bool:
    """Whether the person has shown that the address is theirs."""
    addresses = user.emailaddress_set.filter(email__iexact=user.email, verified=True)  # type: ignore[attr-defined]
    return bool(addresses.exists())


def _words(membership: LabMembership) -> dict[str, list[str]]:
    """The labels of what was chosen."""
    words = {facet: dict(choices_of(facet)) for facet in FACETS}
    return {
        column: [words[facet].get(code, code) for code in getattr(membership, column)]
        for facet, column in FACETS.items()
    }


def _suggested(membership: LabMembership) -> tuple[str, Any] | None:
    """Whose word it is that this person belongs to which lab."""
    source, _colon, code = membership.suggested_by.partition(":")
    lab = Lab.objects.filter(code=code).first() if code else None
    return ("SURFconext" if source == "surfconext" else source, lab) if lab else None
