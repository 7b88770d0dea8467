"""Writing to a lab member, without seeing the address; for members of the platform only."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collectievekracht.common import form_keys
from collectievekracht.common.letters import letter_page
from labs.forms import LabLetterForm
from labs.models import LabMembership
from labs.services import letters
from members.choices import Audience
from members.permissions import is_member

LETTERS_A_DAY = 10  # to one lab member


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def write(request: HttpRequest, code: str, handle: str) -> HttpResponse:
    """A letter, which is passed on by e-mail; the answer goes to the address of the writer's account."""
    if not is_member(request.user):
        raise Http404
    writer: Any = request.user
    found = LabMembership.objects.visible_to(request.user).select_related("lab", "user__profile")
    membership = get_object_or_404(found, lab__code=code, user__profile__handle=handle)
    profile = membership.user.profile
    shown = profile.audience_of("name") in (Audience.MEMBERS, Audience.EVERYONE)

    def send(given: dict[str, Any]) -> None:
        letters.write_letter(
            membership, writer, name=given["name"], message=given["message"], key=str(given[form_keys.NAME])
        )

    context = {
        "lab": membership.lab,
        "to": membership.user.name if shown and membership.user.name else membership.organisation,
        "organisation": membership.organisation,
        "own_address": writer.email,
        "membership": membership,
        "is_away": membership.is_away(timezone.localdate()),
    }
    to = f"lab-member:{membership.user_id}"
    return letter_page(
        request, LabLetterForm, "labs/write.html", context, to=to, a_day=LETTERS_A_DAY, send=send
    )
