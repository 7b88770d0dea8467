"""Who may enter the admin, and whom the doors take for an admin: who showed a second factor in this session."""

from functools import partial

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

ADDED = "second_factor_added"  # in the session in which the factor was set up, by showing it
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's own, and the person of the request knows whether this session showed a second factor.

    Nothing is read before somebody asks, so that a page that asks nothing about the person costs nothing.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.user`, as Django does."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_person, request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> object:
    user = get_user(request)
    if user.is_authenticated:
        user.showed_factor = partial(showed_factor, request)
    return user


def on_the_team(request: HttpRequest) -> bool:
    """Whether a platform admin is signed in, whatever the factors: to be told the way, not to be let in."""
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


def showed_factor(request: HttpRequest) -> bool:
    """Whether the person showed a second factor in this session, and still has one."""
    return used_factor(request) and has_factor(request)


def may_enter(request: HttpRequest) -> bool:
    """Whether this request comes from a platform admin who showed a second factor."""
    return on_the_team(request) and showed_factor(request)
