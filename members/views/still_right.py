"""Once a year: is the page still right?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members.models import Collective
from members.profile_page import profile_page
from members.services import still_right as service
from members.services.activity import confirm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What is public, and one button: it is right. Looking changes nothing."""
    public = (
        Collective.objects.visible_to(request.user).published().select_related("published_profile", "pin")
    )
    collective = get_object_or_404(public, slug=slug)
    context: dict[str, Any] = {"collective": collective}
    try:
        occasion = service.read_token(collective, token)
    except SignatureExpired:
        return render(request, "members/still_right.html", context | {"state": "expired"}, status=410)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST":
        done = service.confirm_by_link(collective, occasion)
        return render(request, "members/still_right.html", context | {"state": "done" if done else "already"})
    if not service.is_open(collective, occasion):
        return render(request, "members/still_right.html", context | {"state": "already"})
    assert collective.published_profile is not None
    context |= {"state": "open", "page": profile_page(collective, collective.published_profile)}
    return render(request, "members/still_right.html", context)


@login_required
@require_POST
def say_still_right(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, by a representative who is signed in."""
    collective = get_object_or_404(Collective.objects.represented_by(request.user), slug=slug)
    user: Any = request.user
    confirm(collective, user)
    messages.success(request, _("Thank you. We ask again in a year."))
    return redirect("pages:collective", slug)
