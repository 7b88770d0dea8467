"""Copies of everything that is kept about a person: asked for, made by a task, thrown away after a week."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation

from collectievekracht.common import audit, outbox, storage
from members import emails
from members.choices import ExportState
from members.copy_file import copy_file
from members.models import DataExport, User
from members.services.erasing import kept_of

TASK = "members.build_copy"
LIFE = timedelta(days=7)
KEEP_ROWS = timedelta(days=90)
FOLDER = "copies"


@transaction.atomic
def ask_copy(user: User) -> bool:
    """Promise a copy; False when one is in the making already."""
    try:
        with transaction.atomic():
            copy = DataExport.objects.create(
                user=user, token=secrets.token_urlsafe(24), asked_at=timezone.now()
            )
    except IntegrityError:
        return False
    outbox.promise(TASK, copy.pk)
    audit.record(user.pk, "copy.asked", copy)
    return True


def build_copy(pk: int) -> None:
    """Make the file, and mail that it is there; an older one of the same person goes."""
    copy = DataExport.objects.select_related("user").filter(pk=pk, state=ExportState.BUSY).first()
    if copy is None:
        return
    now = timezone.now()
    with translation.override(copy.user.language):
        content = copy_file(tuple(kept_of(copy.user)), name=str(copy.user), made_at=now)
    name = storage.write_atomically(f"{FOLDER}/{copy.pk}.zip", content)
    with transaction.atomic():
        ready = DataExport.objects.filter(pk=pk, state=ExportState.BUSY).update(
            state=ExportState.READY, file=name, ready_at=now, expires_at=now + LIFE
        )
        if ready:
            _end(DataExport.objects.filter(user_id=copy.user_id, state=ExportState.READY).exclude(pk=pk))
            copy.refresh_from_db()
            emails.send_copy_ready(copy)
    if not ready:  # the person was erased meanwhile
        storage.delete(name)


def copy_failed(pk: int, version: str = "") -> None:
    """Nothing more is tried: the page says so, and that it can be asked again."""
    DataExport.objects.filter(pk=pk, state=ExportState.BUSY).update(state=ExportState.FAILED)


def read_copy(copy: DataExport, by: User) -> bytes | None:
    """The file, and a line in the trail that it was fetched; None when it was thrown away meanwhile."""
    try:
        content = storage.read(copy.file)
    except FileNotFoundError:
        return None
    audit.record(by.pk, "copy.downloaded", copy)
    return content


def expire_copies(now: datetime) -> int:
    """Throw away what is past its week, and files of no copy that can still be fetched; the number that ended."""
    over = DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now)
    ended = _end(over)
    DataExport.objects.filter(asked_at__lt=now - KEEP_ROWS).exclude(
        Q(state=ExportState.READY) | Q(state=ExportState.BUSY)
    ).delete()
    alive = DataExport.objects.filter(state__in=(ExportState.BUSY, ExportState.READY))
    named = set(alive.values_list("pk", flat=True))
    for file in storage.names(FOLDER):
        if not file.removesuffix(".zip").isdecimal() or int(file.removesuffix(".zip")) not in named:
            storage.delete(f"{FOLDER}/{file}")
    return ended


def _end(copies: object) -> int:
    """The file goes first: a row that still says where it was is ended by the next sweep."""
    ended = 0
    for copy in list(copies):  # type: ignore[call-overload]
        storage.delete(copy.file)
        ended += DataExport.objects.filter(pk=copy.pk).update(state=ExportState.EXPIRED, file="")
    return ended
