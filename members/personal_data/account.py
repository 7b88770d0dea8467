"""The account: who somebody is, and how and where they sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import Rows, rows
from collectievekracht.common.registry import PersonalData
from members.models import User

SIGNING_IN = (
    ("allauth.socialaccount.SocialAccount", ("provider", "uid", "extra_data", "date_joined", "last_login"), "user"),
    ("allauth.socialaccount.SocialToken", ("expires_at",), "account__user"),
    ("allauth.usersessions.UserSession", ("created_at", "last_seen_at", "ip", "user_agent"), "user"),
)  # fmt: skip


def _mine(model: str, user_id: int | None) -> Any:
    """A person's rows of a model of another's app, which may not be installed."""
    if user_id is None or not apps.is_installed(model.rpartition(".")[0]):
        return None
    return apps.get_model(model.rpartition(".")[0].rpartition(".")[2], model.rpartition(".")[2])


def _account(user_id: int | None, email: str) -> Rows:
    if user_id is None:
        return
    yield from rows(
        User.objects.filter(pk=user_id),
        *("email", "name", "language", "is_staff", "is_active", "date_joined", "last_login"),
    )
    yield from rows(EmailAddress.objects.filter(user_id=user_id), "email", "verified", "primary")
    confirming = EmailConfirmation.objects.filter(email_address__user_id=user_id)
    yield from rows(confirming, "created", "sent")
    factors = Authenticator.objects.filter(user_id=user_id)
    yield from rows(factors, "type", "created_at", "last_used_at", name="data__name")
    groups: Any = User.groups.through
    yield from rows(groups.objects.filter(user_id=user_id), group="group__name")
    rights: Any = User.user_permissions.through
    yield from rows(rights.objects.filter(user_id=user_id), permission="permission__codename")
    for name, fields, path in SIGNING_IN:
        if model := _mine(name, user_id):
            yield from rows(model._base_manager.filter(**{f"{path}_id": user_id}), *fields)


def _forget_account(user_id: int | None, email: str) -> None:
    """The person's row itself goes last of all, and these with it; an address that is not proven goes with the person."""
    if user_id:
        EmailAddress.objects.filter(user_id=user_id).delete()
        Authenticator.objects.filter(user_id=user_id).delete()


ACCOUNT = PersonalData(
    "account",
    _("Your account"),
    _account,
    _forget_account,
    models=(
        "members.User",
        "members.User_groups",
        "members.User_user_permissions",
        "account.EmailAddress",
        "account.EmailConfirmation",
        "mfa.Authenticator",
        "socialaccount.SocialAccount",
        "socialaccount.SocialToken",
        "usersessions.UserSession",
    ),
    what=_("Your name, language and e-mail addresses, and how and where you sign in."),
)
