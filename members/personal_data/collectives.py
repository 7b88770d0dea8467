"""The collectives somebody belongs to, and where their address is a collective's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import personal
from collectievekracht.common.personal import Rows, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData
from members import map_cache
from members.choices import ImportState
from members.import_files import read_rows
from members.import_problems import FileProblem
from members.models import (
    Collective,
    CollectiveProfile,
    ImportBatch,
    ImportedCollective,
    ImportLine,
    Membership,
    ServiceOffer,
    StateChange,
)


def _collectives(user_id: int | None, email: str) -> Rows:
    if user_id:
        mine = Membership.objects.filter(user_id=user_id)
        yield from rows(mine, "role", "joined_at", "left_at", collective="collective__name")
        proposed = CollectiveProfile.objects.filter(proposed_by_id=user_id)
        yield from rows(proposed, "revision", "state", "created_at", collective="collective__name")
    if email:
        yield from rows(Collective.objects.filter(contact_email__iexact=email), "name", "contact_email")
        yield from rows(ServiceOffer.objects.filter(email__iexact=email), "title", "email", "made_at")
        address = personal.Words(email)
        came = personal.holding(ImportedCollective.objects.all(), address, "key", "values")
        yield from rows(came, "key", collective="collective__name")
        lines = personal.holding(ImportLine.objects.all(), address, "before", "after")
        yield from rows(lines, "number", "name", "outcome", file="batch__file_name")


def _forget_in_collectives(user_id: int | None, email: str) -> None:
    """What a collective wrote stays; the person's address and their membership don't."""
    words = words_of(user_id, email)
    if user_id:
        Membership.objects.filter(user_id=user_id).delete()
        CollectiveProfile.objects.filter(proposed_by_id=user_id).update(proposed_by=None)
        StateChange.objects.filter(actor_id=user_id).update(actor=None)
    take_out(StateChange.objects.all(), words, "reason")
    if not email:
        return
    if Collective.objects.filter(contact_email__iexact=email).update(contact_email=""):
        map_cache.forget()
    ServiceOffer.objects.filter(email__iexact=email).update(email="")
    address = personal.Words(email)
    take_out(ImportedCollective.objects.all(), address, "key", "name_place", "values")
    take_out(ImportLine.objects.all(), address, "name", "problems", "before", "after")
    for batch in ImportBatch.objects.filter(state=ImportState.CHECKED).exclude(content=None):
        if _holds(bytes(batch.content or b""), email):
            ImportBatch.objects.filter(pk=batch.pk).update(content=None)


def _holds(content: bytes, email: str) -> bool:
    """Whether a file that waits to be brought in names this address; one that can't be read may, and isn't kept."""
    try:
        return any(
            email.lower() in cell.lower()
            for row in read_rows(io.BytesIO(content))
            for cell in row.cells.values()
        )
    except FileProblem:
        return True


def _addresses_of_collectives() -> Iterator[tuple[str, datetime]]:
    yield from Collective.objects.exclude(contact_email="").values_list("contact_email", "created_at")
    yield from ServiceOffer.objects.exclude(email="").values_list("email", "made_at")


COLLECTIVES = PersonalData(
    "collectives",
    _("Your collectives"),
    _collectives,
    _forget_in_collectives,
    models=(
        "members.Membership",
        "members.Collective",
        "members.CollectiveProfile",
        "members.StateChange",
        "members.ServiceOffer",
        "members.ImportBatch",
        "members.ImportedCollective",
        "members.ImportLine",
    ),
    what=_("Which collectives you belong to, in which role, and where your address is theirs."),
    known=_addresses_of_collectives,
)
