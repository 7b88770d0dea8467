"""Who may enter the admin: platform admins whose session was opened with a second factor."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

ADDED = "second_factor_added"  # in the session in which the factor was set up, by showing it
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_admin(request: HttpRequest) -> bool:
    """Whether a platform admin is signed in, whatever the factors."""
    user = request.user
    return bool(user.is_active and getattr(user, "is_staff", False))


def has_factor(request: HttpRequest) -> bool:
    """Whether the person has set up a second factor; asked once a request."""
    if not hasattr(request, "_has_factor"):
        found = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS).exists()
        request._has_factor = found  # type: ignore[attr-defined]
    return bool(request._has_factor)  # type: ignore[attr-defined]


def used_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor: one that is older doesn't count."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records) or ADDED in request.session


def may_enter(request: HttpRequest) -> bool:
    """Whether this request comes from a platform admin who showed a second factor."""
    return is_admin(request) and used_factor(request) and has_factor(request)
