"""What the pages hear from below: allauth tells that a second factor was set up."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from collectievekracht.pages.second_factor import ADDED, FACTORS


@receiver(authenticator_added, dispatch_uid="pages.remember_factor")
def remember_factor(sender: type, request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting a factor up needs the password and the factor itself: this session has shown it."""
    if authenticator.type in FACTORS and authenticator.user_id == request.user.pk:
        request.session[ADDED] = authenticator.pk
