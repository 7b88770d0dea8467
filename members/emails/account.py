"""Mails about somebody's own account."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from collectievekracht.common import mail
from collectievekracht.common.mail import absolute
from collectievekracht.common.templatetags.ui_formats import format_day


def send_account(*, to: str, occasion: str, subject: str, body: str, language: str) -> None:
    """A mail about somebody's own account, in the words that allauth's templates gave it."""
    mail.send(
        "members/account",
        to=to,
        key=f"members.account:{occasion}",
        kind="account",
        language=language,
        context={"subject": subject, "body": body},
    )


def send_idle_warning(*, to: str, key: str, erase_on: date, language: str) -> None:
    """Tell somebody who didn't sign in for long when the account goes, and how it stays."""
    with translation.override(language):
        login_url, day = absolute(reverse("account_login")), format_day(erase_on, language)
    mail.send(
        "members/idle_account",
        to=to,
        key=key,
        kind="account",
        language=language,
        context={"day": day, "login_url": login_url},
    )


def send_second_step_removed(*, to: str, occasion: str, language: str) -> None:
    """Tell somebody that the team took their second step away."""
    with translation.override(language):
        subject = gettext("Your second step was removed")
        lines = (
            gettext("The team removed the second step of your account. You are signed out everywhere."),
            gettext("Sign in, and set up a new second step at once."),
            gettext("Did you not ask for this? Then tell us."),
        )
    send_account(to=to, occasion=occasion, subject=subject, body="\n\n".join(lines), language=language)
