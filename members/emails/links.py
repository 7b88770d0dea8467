"""Addresses of this site in a mail."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse
from django.utils import translation

from collectievekracht.common.mail import absolute


def link_to(name: str, *args: object, language: str) -> str:
    """The full address of a page in this language."""
    with translation.override(language):
        return absolute(reverse(name, args=args))


def account_link(name: str, then: str, *, language: str) -> str:
    """The full address of a page of the account (sign in, sign up) that leads on to another page."""
    with translation.override(language):
        return absolute(f"{reverse(name)}?{urlencode({'next': reverse(then)})}")


INVITATION_LIFE = timedelta(days=30)
_SALT = "members.colleague"


def invitation_token(pk: int) -> str:
    """The secret of the link by which a colleague was invited."""
    return signing.dumps(pk, salt=_SALT)


def read_invitation_token(token: str) -> int | None:
    """The invitation of a token, or None when it wasn't made here or is older than 30 days."""
    try:
        return int(signing.loads(token, salt=_SALT, max_age=INVITATION_LIFE))
    except (signing.BadSignature, ValueError):
        return None
