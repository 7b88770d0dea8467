"""Imports of existing collectives: look at a file, bring it in, and undo that."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collectievekracht.common import audit
from members import map_cache
from members.choices import ImportState
from members.import_files import read_rows
from members.import_problems import FileProblem
from members.import_rows import Row
from members.models import ImportBatch, ImportLine, User
from members.queries import look_at_sizes_anew, one_import_at_a_time
from members.services.import_plans import Plan, Planner, pieces
from members.services.import_writing import Writer, line_of

MOST_BYTES_ON_SITE = 5_000_000
MOST_ROWS_ON_SITE = 2_000
LONGEST_FILE_NAME = 120
GROWN = (5, 25)  # after how many pieces the tables have another size than the plans were made for

Told = Callable[[Plan], None]


def plan_file(file: IO[bytes]) -> Iterator[Plan]:
    """What an import of this file would do, row by row; writes nothing. Raises `FileProblem`, also half-way."""
    planner = Planner()
    for piece in pieces(read_rows(file)):
        yield from planner.plan(piece)


@transaction.atomic
def import_file(file: IO[bytes], *, name: str, by: User | None, told: Told | None = None) -> ImportBatch:
    """Bring a file in, whole or not at all; bad rows are left out. Nobody gets a mail.

    Without an admin in whose name it happens every text waits for a decision, so that nothing becomes public by it.
    Raises `FileProblem`.
    """
    batch = ImportBatch.objects.create(
        file_name=plain_name(name), sha256=_sha256(file), made_by=by, texts_wait=by is None
    )
    _apply(batch, read_rows(file), by, told)
    return batch


@transaction.atomic
def check_file(content: bytes, *, name: str, by: User, texts_wait: bool) -> ImportBatch:
    """Look at a file and keep it with what would become of each row, until it is brought in or a week has gone by.

    Raises `FileProblem`; then nothing is kept.
    """
    if len(content) > MOST_BYTES_ON_SITE:
        raise FileProblem(_("This file is too large: 5 MB is the most here."))
    file = io.BytesIO(content)
    batch = ImportBatch.objects.create(
        file_name=plain_name(name), sha256=_sha256(file), content=content, made_by=by, texts_wait=texts_wait
    )
    counts: Counter[str] = Counter()
    planner = Planner()
    for piece in pieces(_few(read_rows(file))):
        plans = planner.plan(piece)
        ImportLine.objects.bulk_create(line_of(batch, plan) for plan in plans)
        counts.update(plan.outcome.value for plan in plans)
    if not counts:
        raise FileProblem(_("There are no rows below the heading."))
    batch.counts = dict(counts)
    batch.save(update_fields=["counts"])
    return batch


@transaction.atomic
def apply_batch(batch: ImportBatch, by: User) -> bool:
    """Bring in a file that was looked at; False when that was done already. What changed since is looked at anew."""
    checked = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.CHECKED)
    if not checked.update(state=ImportState.APPLIED):
        return False
    batch.refresh_from_db()
    batch.lines.all().delete()
    _apply(batch, _few(read_rows(io.BytesIO(bytes(batch.content or b"")))), by, None)
    return True


def discard_batch(batch: ImportBatch) -> bool:
    """Throw away a file that was looked at only; False for any other."""
    return bool(ImportBatch.objects.filter(pk=batch.pk, state=ImportState.CHECKED).delete()[0])


def _apply(batch: ImportBatch, rows: Iterable[Row], by: User | None, told: Told | None) -> None:
    one_import_at_a_time()
    planner, writer = Planner(), Writer(batch, by)
    counts: Counter[str] = Counter()
    for number, piece in enumerate(pieces(rows), start=1):
        plans = planner.plan(piece)
        writer.write(plans)
        if number in GROWN:
            look_at_sizes_anew()
        for plan in plans:
            counts[plan.outcome.value] += 1
            if told:
                told(plan)
    if not counts:
        raise FileProblem(_("There are no rows below the heading."))
    map_cache.forget()
    batch.state, batch.applied_at, batch.content = ImportState.APPLIED, timezone.now(), None
    batch.counts = dict(counts)
    batch.save()
    audit.record(by.pk if by else None, "import.applied", batch)


def _few(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS_ON_SITE:
            raise FileProblem(
                _("More than 2,000 rows are too many here. Cut the file in parts, or ask the developer.")
            )
        yield row


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def plain_name(name: str) -> str:
    """A file's name as it can be shown and kept: without a folder and without what can't be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-LONGEST_FILE_NAME:] or "-"
