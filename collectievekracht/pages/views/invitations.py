"""Inviting others, and what somebody who was invited sees."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import form_keys
from collectievekracht.common.mail import absolute
from collectievekracht.common.templatetags.ui_formats import day
from collectievekracht.pages import permissions
from collectievekracht.pages.choices import InvitationKind
from collectievekracht.pages.forms import InviteForm
from collectievekracht.pages.models import Invitation
from collectievekracht.pages.services import invitations

A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """The form to invite others, and what I sent; an explanation for who may not invite yet."""
    user: Any = request.user
    collectives = permissions.collectives_to_speak_for(user)
    if not permissions.may_invite(user, collectives):
        short_url = {"short_url": absolute(reverse("pages:signup_choice"))}
        status = 403 if request.method == "POST" else 200
        return render(request, "pages/invite_not_yet.html", short_url, status=status)
    form = InviteForm(request.POST or None, name=user.name, collectives=collectives)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _invite(user, form)
        except invitations.TooMany as problem:
            form.add_error("addresses", _too_many(problem.left))
            status = 429
        else:
            return redirect(f"{request.path}?verstuurd=ja")
    page = Paginator(Invitation.objects.visible_to(user), A_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "form": form,
        "sent": request.GET.get("verstuurd") == "ja" and not form.is_bound,
        "collectives": collectives,
        "page": page,
        "columns": [_("Day"), _("Invited as")],
        "rows": [(day(one.sent_at), one.get_kind_display()) for one in page],
    }
    return render(request, "pages/invite.html", context, status=status)


def _invite(user: Any, form: InviteForm) -> None:
    given = form.cleaned_data

    def act() -> bool:
        invitations.invite(
            user,
            given["addresses"],
            name=given.get("name", ""),
            kind=given["kind"],
            collective=form.on_behalf_of,
            sentence=given["sentence"],
            language=given["language"],
        )
        return True

    form_keys.run_once(form_keys.of(given), act, scope=f"invite:{user.pk}")


def _too_many(left: int) -> str:
    if not left:
        return _("You have invited ten people today. Invite the others tomorrow.")
    return ngettext(
        "You can invite %(left)s more person today.", "You can invite %(left)s more people today.", left
    ) % {"left": left}


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invited you, and what you can do here; looking writes nothing, so nobody knows whether you looked."""
    found = Invitation.objects.open_to(token).first()
    if found is None:
        raise Http404
    inviter = found.inviter if found.inviter and found.inviter.is_active else None
    context = {
        "inviter": inviter.name if inviter else "",
        "collective": found.collective if inviter else None,
        "as_expert": found.kind == InvitationKind.LAB,
    }
    return render(request, "pages/invitation.html", context)
