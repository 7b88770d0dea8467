"""Every mail of these pages: one function each."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from collectievekracht.common import mail
from collectievekracht.pages.choices import InvitationKind, LetterSubject
from collectievekracht.pages.mail_kinds import INVITATION
from collectievekracht.pages.models import Invitation


def send_letter(
    *, key: UUID, name: str, email: str, subject: str, message: str, language: str, is_known: bool
) -> None:
    """Bring a visitor's letter to the team, once per rendered form; an answer goes straight to the visitor.

    The letter lives in the outbox until the mail server has taken it, and nowhere else.
    """
    with translation.override(settings.LANGUAGE_CODE):
        about = str(LetterSubject(subject).label)
    mail.send(
        "pages/letter",
        to=settings.TEAM_EMAIL,
        key=f"pages.letter:{key}",
        kind="pages.contact",
        language=settings.LANGUAGE_CODE,
        reply_to=email,
        context={
            "about": about,
            "name": name,
            "email": email,
            "message": message,
            "in_english": language == "en",
            "is_known": is_known,
            "is_about_data": subject == LetterSubject.DATA,
        },
    )


def send_invitation(invitation: Invitation, *, to: str, sentence: str, language: str) -> None:
    """Invite somebody in their own language, on behalf of the inviter and their collective."""
    with translation.override(language):
        url = mail.absolute(reverse("pages:invitation", args=[invitation.token]))
    mail.send(
        "pages/invitation",
        to=to,
        key=f"pages.invitation:{invitation.pk}",
        kind=INVITATION,
        language=language,
        context={
            "inviter": invitation.inviter.name if invitation.inviter else "",
            "collective": invitation.collective.name if invitation.collective else "",
            "as_expert": invitation.kind == InvitationKind.LAB,
            "sentence": sentence,
            "url": url,
        },
    )
