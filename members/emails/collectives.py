"""Mails about a collective's self-scan and page."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from collectievekracht.common import mail
from members.emails.links import account_link, link_to
from members.models import Collective


def send_approved(collective: Collective, *, occasion: int) -> None:
    """Tell the person of the scan that the collective is in, and invite them to a personal profile."""
    language = collective.language
    has_account = EmailAddress.objects.filter(email__iexact=collective.contact_email, verified=True).exists()
    context = {
        "page_url": _page_url(collective),
        "has_account": has_account,
        "signup_url": account_link("account_signup", "members:my_profile", language=language),
        "profile_url": link_to("members:my_profile", language=language),
    }
    _send("members/approved", collective, key=f"members.approved:{collective.pk}:{occasion}", context=context)


def send_renewed(collective: Collective, *, occasion: int) -> None:
    """Tell the collective that its repeat scan was approved, and what is public now."""
    development_url = link_to("selfscan:development", collective.slug, language=collective.language)
    context = {"page_url": _page_url(collective), "development_url": development_url}
    _send("members/renewed", collective, key=f"members.approved:{collective.pk}:{occasion}", context=context)


def send_renewal_refused(collective: Collective, reason: str, *, occasion: int) -> None:
    """Tell the collective that its repeat scan was not taken over, why, and that everything else stays."""
    _send_reason("members/renewal_refused", collective, reason, occasion)


def send_refused(collective: Collective, reason: str, *, occasion: int) -> None:
    """Tell the person of the scan that it was refused, and why."""
    _send_reason("members/refused", collective, reason, occasion)


def _send_reason(template: str, collective: Collective, reason: str, occasion: int) -> None:
    """A refusal, which the reader may answer."""
    key = f"members.refused:{collective.pk}:{occasion}"
    _send(template, collective, key=key, context={"why": reason}, reply_to=settings.TEAM_EMAIL)


def _send(
    template: str, collective: Collective, *, key: str, context: dict[str, Any], reply_to: str = ""
) -> None:
    mail.send(
        template,
        to=collective.contact_email,
        key=key,
        kind="collective",
        language=collective.language,
        reply_to=reply_to,
        context={"collective": collective.name, **context},
    )


def _page_url(collective: Collective) -> str:
    """The collective's public page; empty when there is none."""
    if collective.published_profile_id is None:
        return ""
    return link_to("members:profile", collective.slug, language=collective.language)
