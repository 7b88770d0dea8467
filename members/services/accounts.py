"""What a person does with their own account, apart from signing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from collectievekracht.common import audit
from members import emails, surfconext
from members.models import User
from members.signals import person_changed


@dataclass(frozen=True)
class WaysIn:
    """With what somebody gets into their account."""

    addresses: Sequence[EmailAddress]
    has_password: bool
    passkeys: int
    has_app: bool
    has_codes: bool
    surfconext_connected: bool


def ways_in(user: User) -> WaysIn:
    """With what this person signs in, their main address first; three queries."""
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    institution = SocialAccount.objects.filter(user_id=user.pk, provider=surfconext.PROVIDER)
    return WaysIn(
        addresses=list(EmailAddress.objects.filter(user_id=user.pk).order_by("-primary", "email")),
        has_password=user.has_usable_password(),
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        has_app=Authenticator.Type.TOTP in kinds,
        has_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        surfconext_connected=surfconext.is_given() and institution.exists(),
    )


@transaction.atomic
def correct(user: User, *, name: str, language: str) -> None:
    """How we call this person, and in which language we write to them."""
    User.objects.filter(pk=user.pk).update(name=name, language=language)
    audit.record(user.pk, "account.corrected", user)
    person_changed.send(sender=User, user_id=user.pk)


def send_erasure_link(user: User) -> None:
    """Mail the link by which somebody without a password or a second step shows that it is them."""
    emails.send_erasure_confirm(user)
