"""Writing to the team."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from collectievekracht.common.letters import letter_page
from collectievekracht.common.working_days import deadline
from collectievekracht.pages import emails, texts
from collectievekracht.pages.forms import TeamLetterForm

A_DAY = 200  # to the team, of everybody together


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The team's own text, and a form to write to them."""
    page = texts.find("contact")
    context = {
        "page": texts.read(page) if page else None,
        "team_email": settings.TEAM_EMAIL,
        "answer_by": deadline(timezone.now()),
    }

    def send(given: dict[str, Any]) -> None:
        user: Any = request.user
        emails.send_letter(
            key=given["form_key"],
            name=given["name"],
            email=given["email"],
            subject=given["subject"],
            message=given["message"],
            language=get_language() or settings.LANGUAGE_CODE,
            is_known=user.is_authenticated and user.email == given["email"].lower(),
        )

    return letter_page(
        request, TeamLetterForm, "pages/contact.html", context, to="team", a_day=A_DAY, send=send
    )
