"""The people of a collective: who is in, who may come in, and how it stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collectievekracht.common import audit, form_keys, limits
from members.choices import Decision, Role, WorkKind
from members.emails.links import read_invitation_token
from members.forms.people import CloseForm, InviteForm
from members.models import Collective, JoinRequest
from members.people_page import people_page
from members.permissions import may_decide_for, represents
from members.review import ReasonForm, work_on
from members.services import access, memberships
from members.services.work import AlreadyDecided
from members.work_words import decided_words

INVITATIONS_A_DAY = 20  # of one person, to any of their collectives
look_or_act = require_http_methods(["GET", "HEAD", "POST"])


@look_or_act
@never_cache
@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to the collective; for its representatives also who asks to join and who was invited.

    That an admin looked is written down.
    """
    collective = get_object_or_404(Collective.objects.peopled_for(request.user), slug=slug)
    if request.method == "POST":
        return _withdraw(request, collective)
    if request.user.is_admin:  # type: ignore[union-attr]
        audit.record(request.user.pk, "collective.people_seen", collective)
    context = {"page": people_page(collective, request.user), "collective": collective}  # type: ignore[arg-type]
    return render(request, "members/people.html", context)


def _withdraw(request: HttpRequest, collective: Collective) -> HttpResponse:
    """Take back the invitation that a button of the page names."""
    deciding = _deciding(request, collective.slug)
    pk = request.POST.get("withdraw", "")
    rows = JoinRequest.objects.open_to(request.user).filter(collective=deciding)
    invitation = rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    if invitation is None:
        raise Http404
    try:
        done = memberships.withdraw_invitation(invitation, request.user)  # type: ignore[arg-type]
    except memberships.MembershipProblem as problem:
        return _told(request, collective, problem)
    if done:
        messages.success(request, _("The invitation was taken back."))
    else:
        messages.warning(request, _("This invitation was used or taken back already."))
    return redirect("members:people", collective.slug)


def _deciding(request: HttpRequest, slug: str) -> Collective:
    """The collective, for who may decide about its people."""
    collective = get_object_or_404(Collective.objects.peopled_for(request.user), slug=slug)
    if not may_decide_for(request.user, collective):
        raise Http404
    return collective


WORDS: dict[type[memberships.MembershipProblem], Callable[[], str]] = {
    memberships.LastRepresentative: lambda: _(
        "This person is the only representative who stays. Make somebody else representative first."
    ),
    memberships.NotAllowed: lambda: _("You no longer speak for this collective. Nothing was changed."),
    memberships.AlreadyIn: lambda: _("This person belongs to the collective already."),
    memberships.NotIn: lambda: _("This person no longer belongs to the collective. Nothing was changed."),
}


def _told(
    request: HttpRequest, collective: Collective, problem: memberships.MembershipProblem
) -> HttpResponse:
    messages.warning(request, WORDS[type(problem)]())
    still_in = Collective.objects.peopled_for(request.user).filter(pk=collective.pk).exists()
    return redirect("members:people", collective.slug) if still_in else redirect("pages:dashboard")


@look_or_act
@never_cache
@login_required
def membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a representative or an admin may do about one person: another role, hand over, send away."""
    collective = _deciding(request, slug)
    rows = collective.memberships.filter(left_at=None).select_related("user", "collective")
    found = get_object_or_404(rows, pk=pk)
    user: Any = request.user
    name = found.user.name or found.user.email
    if request.method == "POST":
        act = request.POST.get("act", "")
        done = {
            Role.REPRESENTATIVE: _("%(name)s is a representative now."),
            Role.COLLEAGUE: _("%(name)s is a colleague now."),
            "hand_over": _("%(name)s is the representative now. You are a colleague."),
            "remove": _("%(name)s no longer belongs to the collective."),
        }
        try:
            match act:
                case Role.REPRESENTATIVE | Role.COLLEAGUE:
                    memberships.change_role(found, Role(act), user)
                case "hand_over":
                    memberships.hand_over(collective, user, found)
                case "remove" if found.user_id != user.pk:
                    memberships.remove_person(found, user)
                case _:
                    raise Http404
        except memberships.MembershipProblem as problem:
            return _told(request, collective, problem)
        messages.success(request, done[act] % {"name": name})
        return redirect("members:people", slug)
    speaks = represents(user, collective)
    context = {
        "collective": collective,
        "membership": found,
        "name": name,
        "is_me": found.user_id == user.pk,
        "represents": found.role == Role.REPRESENTATIVE,
        "may_hand_over": speaks and found.user_id != user.pk and found.user.is_active,
    }
    return render(request, "members/membership.html", context)


@look_or_act
@never_cache
@login_required
def join_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody asks to join: let them in as a colleague, or refuse with a reason."""
    rows = JoinRequest.objects.open_to(request.user).filter(collective__slug=slug, collective__closed_at=None)
    asked = get_object_or_404(rows.select_related("collective", "user"), pk=pk)
    user: Any = request.user
    decision = request.POST.get("decision", "") if request.method == "POST" else ""
    form = ReasonForm(request.POST if decision == Decision.REFUSED else None)
    try:
        if decision == Decision.APPROVED:
            access.approve_access(asked, user)
            messages.success(request, _("%(name)s gets access.") % {"name": asked.name})
            return redirect("members:people", slug)
        if decision == Decision.REFUSED and form.is_valid():
            access.refuse_access(asked, user, form.cleaned_data["reason"])
            messages.success(
                request, _("%(name)s gets no access. The reason is in the mail.") % {"name": asked.name}
            )
            return redirect("members:people", slug)
    except AlreadyDecided as decided:
        messages.warning(request, f"{asked.name}: {decided_words(decided.item)}.")
        return redirect(request.path)
    item = work_on(WorkKind.JOIN_REQUEST, pk)
    waiting = item is not None and item.decided_at is None
    context = {
        "collective": asked.collective,
        "asked": asked,
        "form": form,
        "waiting": waiting,
        "decided": "" if waiting else decided_words(item),
    }
    return render(request, "members/join_request.html", context)


@look_or_act
@never_cache
@login_required
def invite_colleague(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite a colleague by e-mail; the answer is the same for every address."""
    collective = _deciding(request, slug)
    user: Any = request.user
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> bool:
            if not limits.hit("colleagues", str(user.pk), INVITATIONS_A_DAY, 86400):
                raise _TooMany
            memberships.invite_colleague(collective, given["email"], user, language=given["language"])
            return True

        try:
            form_keys.run_once(form_keys.of(given), act, scope=f"colleague:{collective.pk}:{user.pk}")
        except _TooMany:
            form.add_error(None, _("You have invited many people today. Invite the others tomorrow."))
            status = 429
        except memberships.MembershipProblem as problem:
            return _told(request, collective, problem)
        else:
            messages.success(
                request, _("The invitation to %(email)s is on its way.") % {"email": given["email"]}
            )
            return redirect("members:people", slug)
    context = {"collective": collective, "form": form}
    return render(request, "members/invite_colleague.html", context, status=status)


class _TooMany(Exception):
    """Enough invitations for today."""


@look_or_act
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites you to which collective; who is signed in with that address can join.

    A link that was used, taken back, is too old or was never made answers the same, and says how to go on.
    """
    pk = read_invitation_token(token)
    found = memberships.open_invitation(pk) if pk else None
    if found is None:
        return _no_invitation(request)
    user: Any = request.user
    mine = user.is_authenticated and _is_for(found, user)
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect("account_login")
        if not mine:
            raise Http404
        try:
            memberships.accept_invitation(found, user)
        except memberships.NotIn:
            return _no_invitation(request)
        messages.success(request, _("You are in: you belong to %(of)s now.") % {"of": found.collective.name})
        return redirect("members:people", found.collective.slug)
    by = found.decided_by
    context = {
        "collective": found.collective,
        "inviter": by.name if by and by.is_active else "",
        "mine": mine,
        "here": request.path,
    }
    return render(request, "members/colleague_invitation.html", context)


def _no_invitation(request: HttpRequest) -> HttpResponse:
    return render(request, "members/colleague_invitation.html", {"gone": True}, status=404)


def _is_for(invitation: JoinRequest, user: Any) -> bool:
    """Whether the person has proven the address that was invited."""
    return user.emailaddress_set.filter(email__iexact=invitation.email, verified=True).exists()


@look_or_act
@never_cache
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave a collective, after one question; the only representative hands over first."""
    collective = get_object_or_404(Collective.objects.of(request.user), slug=slug)
    user: Any = request.user
    if request.method == "POST":
        try:
            memberships.leave(collective, user)
        except memberships.MembershipProblem as problem:
            return _told(request, collective, problem)
        messages.success(request, _("You have left %(of)s.") % {"of": collective.name})
        return redirect("pages:dashboard")
    context = {"collective": collective, "page": people_page(collective, user)}
    return render(request, "members/leave.html", context)


@look_or_act
@never_cache
@login_required
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """A collective stops: its representative types the name, and it is over."""
    collective = get_object_or_404(Collective.objects.represented_by(request.user), slug=slug)
    form = CloseForm(request.POST or None, expected=collective.name)
    if request.method == "POST" and form.is_valid():
        try:
            memberships.close_collective(collective, request.user)  # type: ignore[arg-type]
        except memberships.MembershipProblem as problem:
            return _told(request, collective, problem)
        messages.success(
            request, _("%(of)s has stopped. Its page and its pin are gone.") % {"of": collective.name}
        )
        return redirect("pages:dashboard")
    return render(request, "members/close.html", {"collective": collective, "form": form})
