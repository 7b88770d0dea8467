"""Signing in for tests, as allauth leaves a session behind."""

import time

from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from tests.factories.members import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_factor(user):
    """An app with codes, set up."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)
    return user


def sign_in(client, user, *, second_factor=True):
    """The person is signed in, with or without having shown a second factor."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    methods = ["password", *(["mfa"] if second_factor else [])]
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time()} for method in methods
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(user)
    session.save()
    return client


def enter_admin(client, user=None):
    """A platform admin who showed a second factor; gives the person."""
    user = give_factor(user or UserFactory(admin=True))
    sign_in(client, user)
    return user
