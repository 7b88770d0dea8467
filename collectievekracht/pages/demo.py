"""Accounts for a demonstration: one for each role, with passwords that nobody has elsewhere."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from labs.demo import join_lab
from labs.models import Lab
from members.choices import Role
from members.models import Collective, Membership, User

PEOPLE: dict[str, str] = {
    "admin": "Ada Beheer",
    "admin2": "Bas Beheer",
    "representative": "Rika Vertegenwoordiger",
    "colleague": "Koen Collega",
    "science": "Wies Wetenschapper",
    "finance": "Fien Financier",
    "government": "Otto Overheid",
    "network": "Nel Netwerk",
    "supporters": "Siem Supporter",
    "researcher": "Rob Onderzoeker",
    "newcomer": "Noor Nieuw",
}
ADMINS = frozenset({"admin", "admin2"})
SECOND_FACTOR = ADMINS | {"researcher"}
LABS = {"researcher": "science"}  # whoever else is named after a lab is in that one


@transaction.atomic
def make_accounts(file: Path) -> list[str]:
    """A person for each role, with new passwords; writes `role e-mail password [TOTP secret]` a line, and gives the lines.

    The representative and the colleague belong to the first published collective, if there is one; who is named after
    a lab is a member of it.
    """
    labs = {lab.code: lab for lab in Lab.objects.all()}
    collective = Collective.objects.published().order_by("pk").first()
    lines = []
    for role, name in PEOPLE.items():
        user, words = _account(role, name)
        lines.append(" ".join(words))
        if lab := labs.get(LABS.get(role, role)):
            join_lab(user, lab)
        if collective and role in Role.values:
            Membership.objects.get_or_create(
                user=user, collective=collective, left_at=None, defaults={"role": role}
            )
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return lines


def _account(role: str, name: str) -> tuple[User, list[str]]:
    email, password = f"{role}@collectievekracht.example", secrets.token_urlsafe(12)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    user.is_staff = user.is_superuser = role in ADMINS
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    words = [role, email, password]
    if role in SECOND_FACTOR:
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        words.append(secret)
    return user, words
