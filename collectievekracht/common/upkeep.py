"""What is thrown away with time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from collectievekracht.common import queries
from collectievekracht.common.models import FormKey, MailState, Promise, PromiseState, SentMail

KEEP_DONE = timedelta(days=30)
KEEP_FORM_KEYS = timedelta(days=2)
KEEP_ADDRESSES = timedelta(days=90)


def prune() -> None:
    """Delete done promises after 30 days, form keys after two; forget addresses of mails after 90.

    The keys of mails stay, so that no mail is ever sent twice. Failed promises stay until an admin decides.
    What expired in the cache goes too.
    """
    now = timezone.now()
    Promise.objects.filter(state=PromiseState.DONE, finished_at__lt=now - KEEP_DONE).delete()
    FormKey.objects.filter(created_at__lt=now - KEEP_FORM_KEYS).delete()
    old = SentMail.objects.filter(created_at__lt=now - KEEP_ADDRESSES).exclude(to="", reply_to="")
    old.exclude(state__in=[MailState.QUEUED, MailState.SENDING]).update(to="", reply_to="", context={})
    queries.delete_expired_cache_rows(settings.CACHES["default"]["LOCATION"])
