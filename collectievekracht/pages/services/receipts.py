"""Yearly receipts of the ledger: drawn by the worker, kept in the private store, fetched by who they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, override

from collectievekracht.common import outbox, storage
from collectievekracht.pages.ledger import Ledger, ledger_of_collective, ledger_of_person
from collectievekracht.pages.receipts import Receipt, receipt_html
from members.models import Collective, User
from selfscan.report.pdf import STATIC, write_pdf

TASK = "pages.draw_receipt"
STYLESHEET = STATIC / "css" / "receipt-print.css"
MISSING, BUSY, READY = "missing", "busy", "ready"
FOLDER = "receipts"
KEEP = timedelta(days=30)  # whoever wants it later asks for it again, and gets it as the ledger is by then


def receipt_of(ledger: Ledger, year: int) -> Receipt | None:
    """The receipt of this year in the current language, of a ledger whose lines are in it; None for an empty year."""
    found = ledger.of_year(year)
    return Receipt(ledger, found, (get_language() or "nl")[:2]) if found else None


def folder_of(owner: str, pk: int) -> str:
    """Where the receipts of one collective or person stand in the private store, and nothing else."""
    return f"{FOLDER}/{owner}-{pk}"


def file_of(receipt: Receipt) -> str:
    """The name of this receipt in the private store; another one whenever it would say something else."""
    year, ledger = receipt.year.year, receipt.ledger
    return f"{folder_of(ledger.owner, ledger.pk)}/{year}-{receipt.language}-{receipt.version}.pdf"


def _promised(receipt: Receipt) -> str:
    return f"{receipt.ledger.owner}:{receipt.year.year}:{receipt.language}:{receipt.version}"


def states_of(receipts: Sequence[Receipt]) -> list[str]:
    """Of each whether it can be fetched as it is now, is being drawn, or was never asked for (or failed, or is gone).

    One query.
    """
    asked = outbox.Promise.objects.filter(
        task=TASK, target__in={one.ledger.pk for one in receipts}, state=outbox.PromiseState.OPEN
    )
    busy = set(asked.values_list("target", "version"))
    return [
        READY
        if storage.exists(file_of(one))
        else BUSY
        if (one.ledger.pk, _promised(one)) in busy
        else MISSING
        for one in receipts
    ]


def promise_receipt(receipt: Receipt) -> None:
    """Promise that it is drawn as it is now; again, if it was drawn once and is gone."""
    outbox.promise(TASK, receipt.ledger.pk, version=_promised(receipt))
    outbox.renew(TASK, receipt.ledger.pk, version=_promised(receipt))


def draw_receipt(pk: int, version: str) -> None:
    """Draw the receipt that was promised, as the ledger is by now; nothing for who is gone."""
    owner, year, language, _hash = version.split(":")
    with override(language):
        ledger = _ledger(owner, pk)
        receipt = receipt_of(ledger, int(year)) if ledger else None
        if receipt is None:
            return
        pdf = write_pdf(receipt_html(receipt, timezone.localdate()), stylesheet=STYLESHEET)
    name = file_of(receipt)
    forget_receipts(owner, pk, older_than=name)
    storage.write_atomically(name, pdf)


def _ledger(owner: str, pk: int) -> Ledger | None:
    if owner == "person":
        person = User.objects.filter(pk=pk, is_active=True).first()
        return ledger_of_person(person) if person else None
    collective = Collective.objects.filter(pk=pk, closed_at=None).first()
    return ledger_of_collective(collective) if collective else None


def files_of_person(user_id: int) -> Iterator[tuple[str, bytes]]:
    """The receipts of a person that were drawn, with their names, for a copy of their data."""
    folder = folder_of("person", user_id)
    for name in storage.names(folder):
        yield name, storage.read(f"{folder}/{name}")


def forget_receipts(owner: str, pk: int, *, older_than: str = "") -> None:
    """Throw away the receipts of a collective or person; with a name only others of the same year and language."""
    folder = folder_of(owner, pk)
    start = older_than.removeprefix(f"{folder}/")[:8]  # year and language
    for name in storage.names(folder):
        if name.startswith(start) and f"{folder}/{name}" != older_than:
            storage.delete(f"{folder}/{name}")


def forget_old_receipts(now: datetime) -> int:
    """Throw away what was drawn over thirty days ago, and gives how many: what a ledger says no more, such as the name
    of somebody who was erased, doesn't stay in a file."""
    gone = 0
    for folder in storage.folders(FOLDER):
        for file in storage.names(f"{FOLDER}/{folder}"):
            name = f"{FOLDER}/{folder}/{file}"
            with suppress(FileNotFoundError):  # thrown away meanwhile
                if storage.private_storage.get_modified_time(name) < now - KEEP:
                    storage.delete(name)
                    gone += 1
    return gone
