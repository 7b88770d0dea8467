"""What the machinery keeps of a person: mails, sessions, forms that were sent, and what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import queries, suppressions
from collectievekracht.common.models import AuditEvent, FormKey, MailState, SentMail, Suppression
from collectievekracht.common.personal import TABLE, Rows, Words, holding, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData, personal_data


def register() -> None:
    """Tell the registry of them; called once at start-up."""
    for entry in (MAILS, TRAIL):
        personal_data.add(entry)


# --- mails


def _mails(user_id: int | None, email: str) -> Rows:
    if email:
        got = SentMail.objects.filter(to__iexact=email)
        yield from rows(got, "to", "template", "kind", "language", "state", "created_at", "accepted_at")
        wrote = SentMail.objects.filter(reply_to__iexact=email).exclude(to__iexact=email)
        yield from rows(wrote, "reply_to", "kind", "state", "created_at")
        for one in Suppression.objects.filter(digest=suppressions.digest(email)).order_by("pk"):
            yield {TABLE: "common.suppression", "purpose": one.purpose, "created_at": one.created_at}


def _forget_mails(user_id: int | None, email: str) -> None:
    """What is on its way to the person is not sent any more; what goes to others goes without them."""
    if email:
        mine = SentMail.objects.filter(to__iexact=email)
        mine.filter(state__in=[MailState.QUEUED, MailState.SENDING]).update(state=MailState.WITHHELD)
        mine.update(to="", reply_to="", context={}, answer="")
        SentMail.objects.filter(reply_to__iexact=email).update(reply_to="")
    take_out(SentMail.objects.exclude(context={}), words_of(user_id, email), "context", "answer")


def _mailed() -> Iterator[tuple[str, datetime]]:
    yield from SentMail.objects.exclude(to="").values_list("to", "created_at")
    yield from SentMail.objects.exclude(reply_to="").values_list("reply_to", "created_at")


MAILS = PersonalData(
    "mails",
    _("Mails"),
    _mails,
    _forget_mails,
    models=("common.SentMail", "common.Suppression"),
    what=_("Which mails went to your addresses in the last 90 days, and which you turned off."),
    known=_mailed,
)


# --- sessions, sent forms and the trail


def sessions_of(user_id: int | None, email: str) -> Iterator[Session]:
    """Sessions of this account, and any in which this address was typed."""
    for session in Session.objects.iterator(chunk_size=500):
        held = session.get_decoded()
        if (user_id and held.get(SESSION_KEY) == str(user_id)) or (email and email in str(held).lower()):
            yield session


def _trail(user_id: int | None, email: str) -> Rows:
    for session in sessions_of(user_id, ""):
        yield {TABLE: "sessions.session", "expire_date": session.expire_date}
    forms = FormKey.objects.filter(_forms_of(user_id)) | FormKey.objects.filter(
        pk__in=holding(FormKey.objects.all(), Words(email), "answer", "scope").values("pk")
    )
    yield from rows(forms, "scope", "created_at")
    if user_id:
        about = Q(target_type="members.user", target=user_id)
        seen = AuditEvent.objects.filter(Q(actor=user_id) | about)
        yield from rows(seen, "at", "action", "target_type")


def _forms_of(user_id: int | None) -> Q:
    return Q(scope__endswith=f":{user_id}") if user_id else Q(pk=None)


def _forget_trail(user_id: int | None, email: str) -> None:
    """Who did what stays, with the number of somebody who is no more."""
    for session in list(sessions_of(user_id, email.lower())):
        session.delete()
    FormKey.objects.filter(_forms_of(user_id)).delete()
    holding(FormKey.objects.all(), Words(email), "answer", "scope").delete()
    words = words_of(user_id, email)
    packed = [word for word in (words.address, words.full_name) if word]
    queries.delete_cache_rows_with(settings.CACHES["default"]["LOCATION"], packed)


TRAIL = PersonalData(
    "trail",
    _("Signing in, forms and the record"),
    _trail,
    _forget_trail,
    models=("sessions.Session", "common.FormKey", "common.AuditEvent"),
    what=_(
        "When you are signed in, forms of the last two days, and who did what: with a number, without a name."
    ),
)
