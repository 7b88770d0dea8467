"""What members hears from below: allauth tells that an address was proven, and that a second factor is gone."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.signals import authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from members.models import User
from members.services import access, sessions, ways_in


@receiver(email_confirmed, dispatch_uid="members.recognise")
def recognise(sender: type, email_address: EmailAddress, **kwargs: Any) -> None:
    """Give the person the memberships that hang on the address."""
    user = email_address.user
    assert isinstance(user, User)
    access.recognise(user, email_address.email)


@receiver(email_confirmed, dispatch_uid="members.keep_own_ways_in")
def keep_own_ways_in(sender: type, request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """Who proves an account's first address keeps the ways in that they showed in this session, and no other's."""
    user = email_address.user
    assert isinstance(user, User)
    others = EmailAddress.objects.filter(user_id=user.pk, verified=True).exclude(pk=email_address.pk)
    if not others.exists():
        records = get_authentication_records(request, user)
        ways_in.keep_only_shown(
            user,
            by_code=any(record.get("method") == "code" for record in records),
            shown={record["uid"] for record in records if record.get("method") == "socialaccount"},
        )


@receiver([authenticator_removed, authenticator_reset], dispatch_uid="members.end_other_sessions")
def end_other_sessions(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A second factor that was taken away, or new recovery codes, end every other session of the person."""
    sessions.end_other_sessions(request, User.objects.get(pk=user.pk))
