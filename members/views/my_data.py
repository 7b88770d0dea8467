"""What is kept about me: see it, get a copy, correct it, take consents back, be erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows import reauthentication
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectievekracht.common import limits, registry
from members.choices import ExportState
from members.emails.my_data import read_confirm_token
from members.forms.my_data import AboutMeForm, EraseForm
from members.models import DataExport
from members.my_data_page import erasure_of
from members.services import accounts, copies, erasing, memberships, own_consents

COPIES_A_DAY = 5
LINKS_AN_HOUR = 5
A_MONTH = timedelta(days=30)
look_or_act = require_http_methods(["GET", "HEAD", "POST"])


@look_or_act
@never_cache
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """The page with all of it, and the form for name and language."""
    user: Any = request.user
    known = {"name": user.name, "language": user.language}
    form = AboutMeForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        accounts.correct(user, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
        messages.success(request, _("Your name and language are saved."))
        return redirect("members:my_data")
    context = {
        "form": form,
        "kept": list(registry.personal_data),
        "consents": own_consents.consents_of(user),
        "answer_by": timezone.localdate() + A_MONTH,
        **erasure_of(user),
        **_copies(request),
    }
    return render(request, "members/my_data.html", context)


@require_safe
@never_cache
@login_required
def copies_of_mine(request: HttpRequest) -> HttpResponse:
    """How far my copy is, for the part of the page that asks again and again."""
    return render(request, "members/my_copies.html", _copies(request))


def _copies(request: HttpRequest) -> dict[str, Any]:
    mine = list(DataExport.objects.open_to(request.user)[:5])
    newest = mine[0] if mine else None
    ready = [one for one in mine if _is_there(one)]
    return {
        "ready": ready,
        "is_busy": newest is not None and newest.state == ExportState.BUSY,
        "has_failed": newest is not None and newest.state == ExportState.FAILED,
    }


def _is_there(copy: DataExport) -> bool:
    """Whether the file can be fetched now."""
    over = copy.expires_at
    return copy.state == ExportState.READY and over is not None and over > timezone.now()


@login_required
@require_POST
def ask_copy(request: HttpRequest) -> HttpResponse:
    """Let a copy be made; while one is in the making, asking again changes nothing."""
    user: Any = request.user
    if not limits.hit("members.copies", str(user.pk), COPIES_A_DAY, 86_400):
        messages.warning(request, _("You asked for several copies today. Try again tomorrow."))
    elif copies.ask_copy(user):
        messages.success(request, _("We make the copy now. You get a mail when it is ready."))
    else:
        messages.info(request, _("We are still making your copy."))
    return redirect("members:my_data")


@require_safe
@never_cache
@login_required
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """My copy as a file; gone after a week, after I asked for a new one, and with me."""
    found = get_object_or_404(DataExport.objects.open_to(request.user), token=token)
    if found.state == ExportState.BUSY or found.state == ExportState.FAILED:
        raise Http404
    content = copies.read_copy(found, request.user) if _is_there(found) else None  # type: ignore[arg-type]
    if content is None:
        return render(request, "members/copy_gone.html", status=410)
    name = f"collectievekracht-{timezone.localdate(found.asked_at):%Y-%m-%d}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_POST
def withdraw_consent(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """Take one of my consents back."""
    if not own_consents.withdraw(request.user, source, key):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("You have taken this consent back."))
    return redirect("members:my_data")


@look_or_act
@never_cache
@login_required
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays when I am erased; who goes on shows first that it is them."""
    user: Any = request.user
    form = EraseForm(request.POST if request.method == "POST" else None)
    alone = list(memberships.only_representative_of(user).order_by("sort_name", "pk"))
    waiting = erasure_of(user)
    if request.method == "POST" and form.is_valid() and not alone and not waiting:
        if reauthentication.get_reauthentication_flows(user):
            # Asks for the password or the second step, and comes back here with what was sent.
            reauthentication.raise_if_reauthentication_required(request, app="members")
            return _asked(request)
        if not limits.hit("members.erasure_link", str(user.pk), LINKS_AN_HOUR, 3600):
            form.add_error(None, _("You asked for this link several times. Try again in an hour."))
        else:
            accounts.send_erasure_link(user)
            messages.success(
                request, _("We sent you a mail with a link. Choose it, and you can go on with deleting.")
            )
            return redirect("members:erase")
    context = {"form": form, "alone": alone, "days": erasing.GRACE.days, **waiting}
    return render(request, "members/erase.html", context)


@look_or_act
@never_cache
@login_required
def confirm_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """Who has no password and no second step shows by this link that it is them."""
    if read_confirm_token(token) != request.user.pk:
        if read_confirm_token(token, also_late=True) != request.user.pk:
            raise Http404
        return render(request, "members/erase_late.html", status=410)
    if request.method == "POST":
        return _asked(request)
    return render(request, "members/erase_confirm.html", {"days": erasing.GRACE.days})


def _asked(request: HttpRequest) -> HttpResponse:
    try:
        erasing.ask_erasure(request.user)  # type: ignore[arg-type]
    except erasing.StillNeeded:
        return redirect("members:erase")
    messages.success(request, _("You asked us to delete your data. We sent you a mail about it."))
    return redirect("members:my_data")


@look_or_act
@never_cache
def take_back_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody changes their mind, by the link of the mail or the button on their page; no sign-in is needed."""
    erasure = erasing.erasure_behind(token)
    if erasure is None:
        raise Http404
    if request.method == "POST" and erasing.take_back(erasure):
        messages.success(request, _("Your account stays. Nothing is deleted."))
        return redirect(request.path)
    is_done = erasure.user_id is None
    context = {"erasure": erasure, "is_done": is_done}
    return render(request, "members/take_back.html", context, status=410 if is_done else 200)
