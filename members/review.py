"""The pages on which an admin decides about a changed text and about a request for access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collectievekracht.common import audit
from members import page_text
from members.choices import ConsentKind, Decision, WorkKind
from members.models import CollectiveProfile, JoinRequest, User, WorkItem
from members.profile_words import compare
from members.services.access import approve_access, refuse_access
from members.services.revisions import ChangedMeanwhile, approve_revision, facts_of, refuse_revision
from members.services.work import AlreadyDecided
from members.work_words import decided_words, urgency


def mailed_text(label: Any, missing: Any) -> forms.CharField:
    """What an admin writes to somebody; mailed as it stands."""
    return forms.CharField(
        label=label,
        help_text=gettext_lazy("This text is mailed as it stands. Write it in the language of the reader."),
        max_length=2000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": missing,
            "min_length": gettext_lazy(
                "Write a full sentence, so that the reader understands what you mean."
            ),
        },
    )


class ReasonForm(forms.Form):
    """A reason that is mailed as it stands."""

    reason = mailed_text(
        gettext_lazy("Reason"), gettext_lazy("Write down the reason: it stands in the mail.")
    )


def decision_of(request: HttpRequest) -> str:
    """What was decided on a review page; nothing while it is only read."""
    return request.POST.get("decision", "")


def work_on(kind: WorkKind, target_id: int) -> WorkItem | None:
    """The newest piece of work on this thing, open or decided."""
    items = WorkItem.objects.filter(kind=kind, target_id=target_id).order_by("pk")
    return items.select_related("claimed_by", "decided_by").last()


def work_context(request: HttpRequest, item: WorkItem | None) -> dict[str, Any]:
    """What every review page shows about the work itself."""
    waiting = item is not None and item.decided_at is None
    return {
        "item": item,
        "waiting": waiting,
        "mine": bool(item and item.claimed_by_id == request.user.pk),
        "urgency": urgency(item.due_at, timezone.now()) if item and waiting else None,
        "decided": decided_words(item) if item and not waiting else "",
        "has_permission": True,
    }


def decide(
    request: HttpRequest, act: Callable[[], None], *, item: WorkItem | None, name: str, done: str
) -> HttpResponse:
    """Do it, say so and go to the next piece of work; when somebody else was first, stay and say who."""
    try:
        act()
    except AlreadyDecided as decided:
        messages.warning(request, f"{name}: {decided_words(decided.item)}.")
        return redirect(request.path)
    messages.success(request, done % {"name": name})
    return redirect(f"{reverse('admin:work_next')}?na={item.pk if item else ''}")


def review_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """A changed text beside the one that is public."""
    found = CollectiveProfile.objects.select_related("collective__published_profile", "proposed_by")
    profile = get_object_or_404(found, pk=pk)
    item = work_on(WorkKind.REVISION, pk)
    by: User = request.user  # type: ignore[assignment]
    decision = decision_of(request)
    form = ReasonForm(request.POST if decision == Decision.REFUSED else None)
    seen = request.POST.get("seen", "")
    agreed = profile.collective.consents.in_force().filter(kind=ConsentKind.PROFILE).exists()
    try:
        if decision == Decision.APPROVED:
            return decide(
                request, lambda: approve_revision(profile, by, seen=seen), item=item, name=profile.name,
                done=_("The new text of %(name)s is public.") if agreed else _(
                    "The new text of %(name)s is approved. It is public once the collective agrees to a page."
                ),
            )  # fmt: skip
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            return decide(
                request, lambda: refuse_revision(profile, by, reason, seen=seen), item=item, name=profile.name,
                done=_("The page of %(name)s stays as it is. The reason is in the mail."),
            )  # fmt: skip
    except ChangedMeanwhile:
        changed = _("%(name)s changed the text while you read it. Read it again, then decide.")
        messages.warning(request, changed % {"name": profile.name})
        return redirect(request.path)
    public = profile.collective.published_profile
    old = public if public != profile else None
    context = {
        "profile": profile,
        "collective": profile.collective,
        "old": old,
        "lines": compare(old, profile),
        "agreed": agreed,
        "seen": page_text.mark(facts_of(profile)),
        "form": form,
    }
    return render(request, "admin/review_profile.html", context | work_context(request, item))


def review_join_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks for access to which collective, and why."""
    asked = get_object_or_404(JoinRequest.objects.select_related("collective"), pk=pk)
    item = work_on(WorkKind.JOIN_REQUEST, pk)
    by: User = request.user  # type: ignore[assignment]
    decision = decision_of(request)
    form = ReasonForm(request.POST if decision == Decision.REFUSED else None)
    if decision == Decision.APPROVED:
        return decide(
            request,
            lambda: approve_access(asked, by),
            item=item,
            name=asked.name,
            done=_("%(name)s gets access."),
        )
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return decide(
            request, lambda: refuse_access(asked, by, reason), item=item, name=asked.name,
            done=_("%(name)s gets no access. The reason is in the mail."),
        )  # fmt: skip
    people = asked.collective.memberships.filter(left_at=None).select_related("user").order_by("pk")
    audit.record(by.pk, "join_request.seen", asked)
    context = {"asked": asked, "collective": asked.collective, "people": people, "form": form}
    return render(request, "admin/review_join_request.html", context | work_context(request, item))
