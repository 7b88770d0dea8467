"""What people wrote and nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from members.choices import ReviewState, WorkKind
from members.models import AbuseReport, ContactMessage, JoinRequest
from members.personal_data import forget_work

KEEP_MESSAGES = timedelta(days=90)
KEEP_INVITED = timedelta(days=90)  # the link in the mail works for 30
KEEP_REFUSED = timedelta(days=365)


@transaction.atomic
def forget_letters(now: datetime) -> int:
    """Throw away what nobody needs any more.

    Messages to collectives and invitations that nobody took up go after 90 days; requests that were refused, or granted
    to somebody who never made an account, and answered reports after a year.
    """
    old = now - KEEP_REFUSED
    refused = JoinRequest.objects.filter(state=ReviewState.REFUSED, created_at__lt=old)
    answered = AbuseReport.objects.filter(made_at__lt=old).exclude(state=ReviewState.PENDING)
    messages = ContactMessage.objects.filter(created_at__lt=now - KEEP_MESSAGES)
    invited = JoinRequest.objects.filter(state=ReviewState.RETURNED, decided_at__lt=now - KEEP_INVITED)
    unused = JoinRequest.objects.unused().filter(decided_at__lt=old)
    for requests in (refused, invited, unused):
        forget_work(WorkKind.JOIN_REQUEST, requests.values_list("pk", flat=True))
    forget_work(WorkKind.ABUSE, answered.values_list("pk", flat=True))
    return sum(found.delete()[0] for found in (refused, answered, messages, invited, unused))
