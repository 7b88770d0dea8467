"""What the pages keep of a person: invitations, first steps put away, and what somebody of the team changed."""

from __future__ import annotations

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import Rows, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData, personal_data
from collectievekracht.pages.models import PutAway
from collectievekracht.pages.services import invitations, receipts

HISTORIES = ("pages.HistoricalPage", "pages.HistoricalFaqEntry")


def register() -> None:
    """Tell the registry of them; called once at start-up."""
    for entry in (INVITATIONS, WRITING, RECEIPTS):
        personal_data.add(entry)


INVITATIONS = PersonalData(
    "invitations",
    _("Invitations"),
    invitations.personal_rows,
    invitations.forget_person,
    models=("pages.Invitation",),
    what=_("That you invited somebody or were invited, and when. Not whom: we don't keep addresses."),
)


def _writing(user_id: int | None, email: str) -> Rows:
    if user_id is None:
        return
    yield from rows(PutAway.objects.filter(user_id=user_id), "key")
    for history in map(apps.get_model, HISTORIES):
        yield from rows(history._base_manager.filter(history_user_id=user_id), "code", "history_date")
    yield from rows(LogEntry.objects.filter(user_id=user_id), "action_time", kind="content_type__model")


def _forget_writing(user_id: int | None, email: str) -> None:
    """What the team wrote stays, without who wrote it; in the admin's log no name of the person is left."""
    if user_id:
        PutAway.objects.filter(user_id=user_id).delete()
        for history in map(apps.get_model, HISTORIES):
            history._base_manager.filter(history_user_id=user_id).update(history_user=None)
        LogEntry.objects.filter(user_id=user_id).delete()
        people = ContentType.objects.get_for_model(get_user_model())
        LogEntry.objects.filter(content_type=people, object_id=str(user_id)).update(object_repr="")
    take_out(LogEntry.objects.all(), words_of(user_id, email), "object_repr", "change_message")


def _receipts(user_id: int | None, email: str) -> Rows:
    for name, _content in receipts.files_of_person(user_id) if user_id else ():
        yield {"table": "receipts", "file": name}


def _forget_receipts(user_id: int | None, email: str) -> None:
    if user_id:
        receipts.forget_receipts("person", user_id)


RECEIPTS = PersonalData(
    "receipts",
    _("Your yearly receipts"),
    _receipts,
    _forget_receipts,
    what=_("Receipts of what you gave and got in a year, once you asked for them."),
    files=receipts.files_of_person,
)
WRITING = PersonalData(
    "writing",
    _("Your first steps, and changes by the team"),
    _writing,
    _forget_writing,
    models=("pages.PutAway", *HISTORIES, "admin.LogEntry"),
    what=_("Which first steps you put away; and when you are one of the team, what you changed and when."),
)
