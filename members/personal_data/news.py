"""What somebody was told, and the copies and erasures they asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import storage
from collectievekracht.common.personal import Rows, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData, notification_kinds
from members.models import DataExport, Erasure, Notification, NotificationChoice
from members.personal_data.words import in_words


def _news(user_id: int | None, email: str) -> Rows:
    if user_id is None:
        return
    told = Notification.objects.filter(user_id=user_id)
    for row in rows(told, "kind", "facts", "made_at", "read_at", "mailed_at"):
        known = notification_kinds.get(row["kind"])
        yield {**row, "words": in_words(known.text, row["facts"]) if known else ""}
    yield from rows(NotificationChoice.objects.filter(user_id=user_id), "kind", "pace")
    copies = DataExport.objects.filter(user_id=user_id)
    yield from rows(copies, "state", "asked_at", "ready_at", "expires_at")
    yield from rows(Erasure.objects.filter(user_id=user_id), "asked_at", "due_at", "cancelled_at")


def _forget_news(user_id: int | None, email: str) -> None:
    if user_id:
        Notification.objects.filter(user_id=user_id).delete()
        NotificationChoice.objects.filter(user_id=user_id).delete()
        copies = DataExport.objects.filter(user_id=user_id)
        for name in copies.exclude(file="").values_list("file", flat=True):
            storage.delete(name)
        copies.delete()
        Erasure.objects.filter(user_id=user_id).update(user=None)
    take_out(Notification.objects.all(), words_of(user_id, email), "facts", "key")


NEWS = PersonalData(
    "news",
    _("Messages to you"),
    _news,
    _forget_news,
    models=("members.Notification", "members.NotificationChoice", "members.DataExport", "members.Erasure"),
    what=_("What we told you, when you want to be mailed, and copies of your data that you asked for."),
)
