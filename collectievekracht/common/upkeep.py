"""What is thrown away with time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from collectievekracht.common import mail, queries
from collectievekracht.common.models import FormKey, MailState, Promise, PromiseState, SentMail

KEEP_DONE = timedelta(days=30)
KEEP_FORM_KEYS = timedelta(days=2)
KEEP_ADDRESSES = timedelta(days=90)


def prune() -> None:
    """Delete done promises after 30 days, form keys after two; forget addresses of mails after 90.

    The keys of mails stay, so that no mail is ever sent twice. Failed promises stay until an admin decides; a mail that
    nobody decided about in 90 days is given up, address, words and all. What expired in the cache goes too.
    """
    now = timezone.now()
    Promise.objects.filter(state=PromiseState.DONE, finished_at__lt=now - KEEP_DONE).delete()
    FormKey.objects.filter(created_at__lt=now - KEEP_FORM_KEYS).delete()
    old = SentMail.objects.filter(created_at__lt=now - KEEP_ADDRESSES).exclude(to="", reply_to="")
    on_the_way = [MailState.QUEUED, MailState.SENDING]
    tried = Promise.objects.filter(task=mail.TASK, state=PromiseState.OPEN).values("target")
    ended = old.exclude(state__in=on_the_way, pk__in=tried)
    ended.filter(state__in=on_the_way).update(state=MailState.BOUNCED, answer="given up")
    ended.update(to="", reply_to="", context={})
    queries.delete_expired_cache_rows(settings.CACHES["default"]["LOCATION"])
