"""Files with existing collectives, CSV and XLSX: read row by row within fixed limits, and the template; no database."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font

from collectievekracht.common import safe_csv
from members.gazetteer import fold
from members.import_columns import BY_HEADING, COLUMNS, REQUIRED, heading_of
from members.import_problems import FileProblem, Problem
from members.import_rows import Row

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_UNPACKED = 60_000_000
MOST_PARTS = 200
LONGEST_CELL = 120_000
PIECE = 1 << 16
ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = ";,\t"


def read_rows(file: IO[bytes]) -> Iterator[Row]:
    """The rows below the heading, empty ones left out; raises `FileProblem`, also half-way.

    Only one row is in memory at a time (of XLSX also its table of texts, which has a limit).
    """
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise FileProblem(_("This file is empty."))
    if size > MOST_BYTES:
        raise FileProblem(_("This file is too large: 20 MB is the most."))
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    lines = _xlsx_lines(file) if start == b"PK\x03\x04" else _csv_lines(file)
    yield from _rows(lines)


def _rows(lines: Iterator[list[str]]) -> Iterator[Row]:
    codes: list[str | None] = []
    heading = next(lines, [])
    codes = _codes(heading)
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise FileProblem(_("This file has more than 20,000 rows. Cut it in parts."))
        if not any(cell.strip() for cell in line[:MOST_COLUMNS]) and len(line) <= MOST_COLUMNS:
            continue
        problems = (Problem("too_many_cells"),) if any(cell.strip() for cell in line[len(codes) :]) else ()
        cells = {code: cell for code, cell in zip(codes, line, strict=False) if code}
        yield Row(number, cells, problems)


def _codes(heading: list[str]) -> list[str | None]:
    """The column's code for each place of the heading."""
    while heading and not heading[-1].strip():
        heading = heading[:-1]
    if len(heading) > MOST_COLUMNS:
        raise FileProblem(_("This file has too many columns: 60 is the most. Use the template."))
    found: list[str | None] = []
    for name in heading:
        code = BY_HEADING.get(fold(name[:200]))
        if code and code in found:
            raise FileProblem(_("The column “%(name)s” is there twice.") % {"name": heading_of(code)})
        if name.strip() and not code:
            raise FileProblem(
                _("We don't know the column “%(name)s”. Use the names of the template.") % {"name": name[:60]}
            )
        found.append(code)
    for code in REQUIRED:
        if code not in found:
            raise FileProblem(
                _("The column “%(name)s” is missing in the first row.") % {"name": heading_of(code)}
            )
    return found


def _encoding(file: IO[bytes]) -> str:
    """How the text is written: UTF-16 by its mark, else UTF-8 when all of it is, else as Windows does."""
    start = file.read(2)
    file.seek(0)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ENCODINGS:
        text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding)
        try:
            while text.read(PIECE):
                pass
        except UnicodeDecodeError:
            continue
        finally:
            file.seek(0)
        return encoding
    raise FileProblem(_("We can't read the letters of this file. Save it as “CSV UTF-8” or XLSX."))


class _Kept(io.RawIOBase):
    """Another file, which stays open when the reader around it goes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _csv_lines(file: IO[bytes]) -> Iterator[list[str]]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="")
    number = 0
    try:
        first = text.readline(PIECE)

        file.seek(0)
        text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="")
        delimiter = max(DELIMITERS, key=first.count)
        for line in csv.reader(_short_lines(text), delimiter=delimiter):
            number += 1
            yield line
    except (csv.Error, UnicodeError) as error:
        raise FileProblem(
            _("Row %(row)s can't be read. Is there a quotation mark that is never closed?")
            % {"row": number + 1}
        ) from error


def _short_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines; one that only a mischief makes so long ends the reading before it fills the memory."""
    while line := text.readline(MOST_UNPACKED // 10):
        if len(line) >= MOST_UNPACKED // 10:
            raise csv.Error("line too long")
        yield line


def _check_parts(file: IO[bytes]) -> None:
    """Refuse what would unpack to too much, and what declares entities, before anything is parsed."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        # What is unpacked is never more than what a part declares: the reader stops there.
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileProblem(_("This XLSX file unpacks to too much. Save the sheet by itself, or as CSV."))
        for part in parts:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(part) as content:
                kept = b""
                while piece := content.read(PIECE):
                    if b"<!DOCTYPE" in kept + piece or b"<!ENTITY" in kept + piece or b"\0" in piece:
                        raise FileProblem(_("This XLSX file can't be read. Save it again, or as CSV."))
                    kept = piece[-10:]
    file.seek(0)


def _xlsx_lines(file: IO[bytes]) -> Iterator[list[str]]:
    """The rows of the first sheet; a formula comes as its own text, never as what it gives."""
    book = None
    try:
        _check_parts(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)
        for row in rows:
            yield [_cell_text(cell) for cell in row]
    except FileProblem:
        raise
    except Exception as error:
        raise FileProblem(_("This XLSX file can't be read. Save it again, or as CSV.")) from error
    finally:
        if book is not None:
            with suppress(Exception):
                book.close()


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = getattr(value, "text", value)  # an array formula keeps its text inside
    return str(text)[:LONGEST_CELL]


def template_csv() -> str:
    """An empty file with the right heading, as Dutch spreadsheets read it."""
    return "".join(safe_csv.lines([[column.heading for column in COLUMNS]]))


def template_xlsx() -> bytes:
    """An empty sheet with the right heading, and a second one that says what belongs in each column."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = _("Collectives")
    sheet.append([column.heading for column in COLUMNS])
    sheet.freeze_panes = "A2"
    explained = book.create_sheet(_("Explanation"))
    explained.append([_("Column"), _("Needed"), _("What belongs in it"), _("Example")])
    for column in COLUMNS:
        needed = _("yes") if column.required else ""
        explained.append([column.heading, needed, str(column.help), column.example])
    for one in (sheet, explained):
        for cell in one[1]:
            cell.font = Font(bold=True)
    for row in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[sheet.cell(1, row).column_letter].width = 20
    for letter, width in (("A", 22), ("B", 10), ("C", 90), ("D", 40)):
        explained.column_dimensions[letter].width = width
    for line in explained.iter_rows(min_row=2, min_col=3, max_col=3):
        line[0].alignment = Alignment(wrap_text=True, vertical="top")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def report_lines(lines: Iterable[tuple[int, str, str, str]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a report file: number, name, outcome and remarks, below a heading."""
    yield (_("Row"), _("Collective"), _("Result"), _("Remarks"))
    yield from lines
