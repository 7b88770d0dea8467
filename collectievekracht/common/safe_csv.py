"""Spreadsheet files that no spreadsheet runs: text that begins like a formula gets a quote before it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from django.http import StreamingHttpResponse

# What Excel, LibreOffice and Sheets may take for the beginning of a formula, wide forms included.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value: Any) -> str:
    """The value as text that stays text when a spreadsheet opens it; numbers stay as they are."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(TRIGGERS) or text.lstrip(" ").startswith(TRIGGERS) else text


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The rows as lines with semicolons, as Dutch spreadsheets read them, after a byte order mark."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";")
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow(map(safe_cell, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_response(filename: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download of the rows, sent while they are read."""
    return StreamingHttpResponse(
        lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
