"""What people wrote and nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from members.choices import ReviewState, WorkKind
from members.models import AbuseReport, ContactMessage, JoinRequest
from members.personal_data import forget_work

KEEP_MESSAGES = timedelta(days=90)
KEEP_REFUSED = timedelta(days=365)


@transaction.atomic
def forget_letters(now: datetime) -> int:
    """Throw away messages to collectives after 90 days, refused requests and answered reports after a year."""
    old = now - KEEP_REFUSED
    refused = JoinRequest.objects.filter(state=ReviewState.REFUSED, created_at__lt=old)
    answered = AbuseReport.objects.filter(made_at__lt=old).exclude(state=ReviewState.PENDING)
    forget_work(WorkKind.JOIN_REQUEST, refused.values_list("pk", flat=True))
    forget_work(WorkKind.ABUSE, answered.values_list("pk", flat=True))
    messages = ContactMessage.objects.filter(created_at__lt=now - KEEP_MESSAGES)
    return sum(found.delete()[0] for found in (refused, answered, messages))
