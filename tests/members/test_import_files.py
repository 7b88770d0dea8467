"""Files with collectives: every way in which spreadsheets write them, and those that were made to break."""

import io
import zipfile

import openpyxl
import pytest
from django.utils import translation

from members.import_columns import COLUMNS
from members.import_files import MOST_ROWS, read_rows, template_csv, template_xlsx
from members.import_problems import FileProblem
from tests.members.imports import GOOD, csv_bytes, csv_file, xlsx_bytes


def cells(file):
    return [(row.number, row.cells) for row in read_rows(file)]


def refusal(content):
    with pytest.raises(FileProblem) as refused:
        list(read_rows(io.BytesIO(content)))
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_as_spreadsheets_write_it(encoding, delimiter):
    row = GOOD | {"name": "Coöperatie ‘Het Café’; nr 1, \tx", "description": "Eén regel.\nNog een."}
    assert cells(csv_file(row, GOOD, encoding=encoding, delimiter=delimiter)) == [(2, row), (3, GOOD)]


def test_xlsx_with_numbers_dates_and_yes():
    import datetime

    row = GOOD | {
        "founding_year": 2014.0,
        "consent_page": True,
        "consent_date": datetime.datetime(2024, 5, 31),
        "key": 17,
    }
    expected = GOOD | {
        "founding_year": "2014",
        "consent_page": "1",
        "consent_date": "2024-05-31",
        "key": "17",
    }
    found = cells(io.BytesIO(xlsx_bytes(row)))
    assert found == [(2, expected)]


def test_a_formula_is_never_worked_out():
    assert cells(io.BytesIO(xlsx_bytes(GOOD | {"name": "=1+1"})))[0][1]["name"] == "=1+1"


def test_headings_in_both_languages_and_the_template_itself():
    for language in ("nl", "en"):
        with translation.override(language):
            heading = [column.heading for column in COLUMNS]
            assert template_csv() == "\ufeff" + ";".join(heading) + "\r\n"
            book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
            assert [cell.value for cell in book.worksheets[0][1]] == heading
            assert [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)] == heading
            assert cells(io.BytesIO(template_xlsx())) == []
        row = dict(zip(heading, [column.example for column in COLUMNS], strict=True))
        found = cells(csv_file(row, heading=heading))
        assert found == [(2, {column.code: column.example for column in COLUMNS})]


def test_empty_rows_are_counted_and_left_out():
    assert [number for number, _ in cells(csv_file(GOOD, {}, GOOD))] == [2, 4]


def test_a_row_with_too_many_cells_says_so():
    content = csv_bytes(GOOD) + b";".join([b"x"] * 200_000) + b"\r\n"
    assert [[one.code for one in row.problems] for row in read_rows(io.BytesIO(content))] == [
        [],
        ["too_many_cells"],
    ]


def test_files_that_can_not_be_read_say_why():
    with translation.override("en"):
        assert refusal(b"") == "This file is empty."
        assert refusal(b"naam;plaats;telefoon\nx;y;z").startswith("We don't know the column “telefoon”.")
        assert refusal(b"naam;name;plaats\n") == "The column “name” is there twice."
        assert refusal(b"naam\nx") == "The column “place” is missing in the first row."
        assert refusal(b"x;" * 200_000) == "This file has too many columns: 60 is the most. Use the template."
        assert refusal(csv_bytes(GOOD) + b'"' + b"x" * 200_000).startswith("Row 3 can't be read.")
        assert refusal(b"naam;plaats\n\x81\x8d;Zwolle").startswith("We can't read the letters")
        assert refusal(b"\0" * 20_000_001) == "This file is too large: 20 MB is the most."
        assert refusal(b"naam;plaats\n" + b"a;b\n" * (MOST_ROWS + 1)).startswith(
            "This file has more than 20,000 rows"
        )
        assert refusal(b"\xff\xfe\x00").startswith("Row 1 can't be read")


def rezipped(content, changes):
    """The XLSX with other parts in it."""
    old, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, part in changes.items():
            new.writestr(name, part)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"xl/media/bomb.bin": b"\0" * 70_000_000}, "This XLSX file unpacks to too much."),
        ({f"xl/{number}.bin": b"x" for number in range(300)}, "This XLSX file unpacks to too much."),
        ({SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'}, "This XLSX file can't be read."),
        ({SHEET: "<!DOCTYPE x><worksheet/>".encode("utf-16")}, "This XLSX file can't be read."),
        ({SHEET: b"<worksheet><sheetData><row><c r='A1'"}, "This XLSX file can't be read."),
        ({"xl/workbook.xml": b"<x/>"}, "This XLSX file can't be read."),
    ],
)
def test_xlsx_that_was_made_to_break(changes, start):
    with translation.override("en"):
        assert refusal(rezipped(xlsx_bytes(GOOD), dict(changes))).startswith(start)
        assert refusal(b"PK\x03\x04" + b"\0" * 100).startswith("This XLSX file can't be read.")


def test_xlsx_with_a_far_column_or_a_lying_size_stays_within_limits():
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    far = (
        f'<worksheet {main}><dimension ref="A1:XFD1048576"/><sheetData>'
        f'<row r="1">{cell.format("A1", "naam")}{cell.format("XFD1", "x")}</row>'
        f'<row r="1048576">{cell.format("A1048576", "x")}</row></sheetData></worksheet>'
    )
    with translation.override("en"):
        assert refusal(rezipped(xlsx_bytes(GOOD), {SHEET: far.encode()})) == (
            "The column “place” is missing in the first row."
        )
