"""What self-scans keep of a person: the address for the link, and the contact address that was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import Words, rows, take_out
from collectievekracht.common.registry import PersonalData, personal_data
from selfscan.models import Response


def register() -> None:
    """Tell the registry of it; called once at start-up."""
    personal_data.add(SCANS)


def _own_drafts(email: str) -> QuerySet[Response]:
    """Scans that nobody sent yet and whose link went to this address: the person's own words."""
    return Response.objects.drafts().filter(collective=None, email__iexact=email)


def _others(email: str) -> QuerySet[Response]:
    """Scans that belong to a collective, or to whoever else fills them in, and name this address."""
    named = (
        Q(email__iexact=email)
        | Q(answers__contact_email__iexact=email)
        | Q(typed__contact_email__iexact=email)
    )
    return Response.objects.filter(named).exclude(pk__in=_own_drafts(email).values("pk"))


def _list(user_id: int | None, email: str) -> Iterator[Mapping[str, Any]]:
    if not email:
        return
    yield from rows(
        _own_drafts(email), "state", "language", "email", "answers", "typed", "started_at", "saved_at"
    )
    yield from rows(
        _others(email), *("reference", "state", "started_at", "completed_at"), collective="collective__name"
    )


def _erase(user_id: int | None, email: str) -> None:
    """The person's own drafts go; a collective's answers stay, without the address."""
    if not email:
        return
    _own_drafts(email).delete()
    Response.objects.filter(email__iexact=email).update(email="")
    take_out(Response.objects.all(), Words(email), "answers", "typed", "return_reason")


def _known() -> Iterator[tuple[str, datetime]]:
    yield from Response.objects.exclude(email="").values_list("email", "started_at")
    contact = Response.objects.filter(answers__has_key="contact_email")
    for address, since in contact.values_list("answers__contact_email", "started_at"):
        if isinstance(address, str):
            yield address, since


SCANS = PersonalData(
    "selfscan",
    _("Self-scans"),
    _list,
    _erase,
    models=("selfscan.Response",),
    what=_("Unfinished self-scans of which you got the link, and those that name you as the contact."),
    known=_known,
)
