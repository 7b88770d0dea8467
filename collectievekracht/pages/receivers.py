"""What the pages hear from below: a second factor was set up; a collective was let in, or closes."""

from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from collectievekracht.pages.second_factor import ADDED, FACTORS
from collectievekracht.pages.services import invitations, receipts
from members.models import Collective
from members.signals import collective_closing, collective_let_in


@receiver(authenticator_added, dispatch_uid="pages.remember_factor")
def remember_factor(sender: type, request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting a factor up needs the password and the factor itself: this session has shown it."""
    if authenticator.type in FACTORS and authenticator.user_id == request.user.pk:
        request.session[ADDED] = authenticator.pk


@receiver(collective_let_in, dispatch_uid="pages.thank_inviters")
def thank_inviters(sender: type, collective: Collective, **kwargs: Any) -> None:
    """Write in the ledger whose invitation led to this collective."""
    invitations.led_to(collective)


@receiver(collective_closing, dispatch_uid="pages.forget_receipts")
def forget_receipts(sender: type, collective: Collective, **kwargs: Any) -> None:
    """Throw its receipts away once it is closed."""
    transaction.on_commit(partial(receipts.forget_receipts, "collective", collective.pk), robust=True)
