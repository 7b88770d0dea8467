"""Mails to lab members, one function each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from collectievekracht.common import mail
from collectievekracht.common.templatetags.ui_formats import format_day
from labs.confirming import a_year_after
from labs.models import Lab, LabMembership


def _link(name: str, *args: object, language: str) -> str:
    with translation.override(language):
        return mail.absolute(reverse(name, args=args))


def _lab_name(lab: Lab, language: str) -> str:
    return lab.en if language == "en" else lab.nl


def _send(template: str, membership: LabMembership, occasion: str, **context: Any) -> None:
    user, lab = membership.user, membership.lab
    mail.send(
        f"labs/{template}",
        to=user.email,
        key=f"labs.{template}:{membership.pk}:{occasion}",
        kind="lab",
        language=user.language,
        reply_to=settings.TEAM_EMAIL,
        context={
            "name": user.get_short_name(),
            "lab": _lab_name(lab, user.language),
            "mine_url": _link("labs:mine", lab.code, language=user.language),
            **context,
        },
    )


def send_accepted(membership: LabMembership, *, confirm_by: date) -> None:
    """Welcome a new lab member."""
    language = membership.user.language
    with translation.override(language):
        day = format_day(confirm_by, language)
    _send(
        "accepted",
        membership,
        "",
        confirm_by=day,
        lab_url=_link("labs:lab", membership.lab.code, language=language),
    )


def send_asked(membership: LabMembership, question: str, *, occasion: int) -> None:
    """Pass the team's question on to the applicant."""
    url = _link("labs:apply", membership.lab.code, language=membership.user.language)
    _send("asked", membership, str(occasion), question=question, apply_url=url)


def send_declined(membership: LabMembership, reason: str) -> None:
    """Tell the applicant that it didn't work out, and why."""
    _send("declined", membership, "", why=reason)


def send_confirm(
    membership: LabMembership, *, token: str, standing: str, research_until: date | None
) -> None:
    """Ask whether the membership is still right; the link needs no sign-in."""
    language = membership.user.language
    assert membership.confirm_by is not None
    with translation.override(language):
        day = format_day(membership.confirm_by, language)
        until = format_day(research_until, language) if research_until else ""
        ends = format_day(a_year_after(membership.confirm_by), language)
    url = _link("labs:confirm", token, language=language)
    occasion = f"{membership.confirm_by.isoformat()}:{standing}"
    _send(
        "confirm",
        membership,
        occasion,
        standing=standing,
        day=day,
        ends=ends,
        research_until=until,
        confirm_url=url,
    )


def send_ended(membership: LabMembership) -> None:
    """Tell that the membership ended because it was not confirmed for a year."""
    url = _link("labs:apply", membership.lab.code, language=membership.user.language)
    _send("ended", membership, "", apply_url=url)


def send_removed(membership: LabMembership, reason: str) -> None:
    """Tell that the team ended the membership, and why."""
    _send("removed", membership, "", why=reason)


def send_letter(membership: LabMembership, *, name: str, email: str, message: str, key: str) -> None:
    """Pass a member's message on to a lab member; an answer goes straight to the writer."""
    user = membership.user
    mail.send(
        "labs/letter",
        to=user.email,
        key=f"labs.letter:{membership.pk}:{key}",
        kind="lab_letter",
        language=user.language,
        reply_to=email,
        context={
            "lab": _lab_name(membership.lab, user.language),
            "name": name,
            "email": email,
            "message": message,
            "mine_url": _link("labs:mine", membership.lab.code, language=user.language),
        },
    )
