"""What members hears from below: allauth tells that an address was proven."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from members.models import User
from members.services import access


@receiver(email_confirmed, dispatch_uid="members.recognise")
def recognise(sender: type, email_address: EmailAddress, **kwargs: Any) -> None:
    """Give the person the memberships that hang on the address."""
    user = email_address.user
    assert isinstance(user, User)
    access.recognise(user, email_address.email)
