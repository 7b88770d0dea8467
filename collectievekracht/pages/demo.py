"""Accounts for a demonstration: one for each role, with passwords that nobody has elsewhere."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from members.choices import Role
from members.models import Collective, Membership, User

PEOPLE: dict[str, tuple[str, bool]] = {  # role: (name, needs a second factor)
    "admin": ("Ada Beheer", True),
    "admin2": ("Bas Beheer", True),
    "representative": ("Rika Vertegenwoordiger", False),
    "colleague": ("Koen Collega", False),
    "newcomer": ("Noor Nieuw", False),
}


@transaction.atomic
def make_accounts(file: Path) -> list[str]:
    """A person for each role, with new passwords; writes `role e-mail password [TOTP secret]` a line, and gives the lines.

    The representative and the colleague belong to the first published collective, if there is one.
    """
    collective = Collective.objects.published().order_by("pk").first()
    lines = []
    for role, (name, second_factor) in PEOPLE.items():
        user, words = _account(role, name, second_factor)
        lines.append(" ".join(words))
        if collective and role in Role.values:
            Membership.objects.get_or_create(
                user=user, collective=collective, left_at=None, defaults={"role": role}
            )
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return lines


def _account(role: str, name: str, second_factor: bool) -> tuple[User, list[str]]:
    email, password = f"{role}@collectievekracht.example", secrets.token_urlsafe(12)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    user.is_staff = user.is_superuser = second_factor
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    words = [role, email, password]
    if second_factor:
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        words.append(secret)
    return user, words
