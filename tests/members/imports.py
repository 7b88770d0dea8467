"""Files for the tests of imports."""

import csv
import io

import openpyxl

GOOD = {
    "key": "CK-1",
    "name": "Zonnig Dorp",
    "country": "Nederland",
    "place": "Zwolle",
    "description": "Samen wekken wij stroom op.",
    "website": "https://zonnig.example/",
    "contact_email": "bestuur@zonnig.example",
    "activity": "actief",
    "founding_year": "2014",
    "sectors": "energy|care",
    "legal_form": "nl_cooperative",
    "geo_scale": "village",
    "consent_page": "ja",
    "consent_map": "ja",
    "consent_date": "2024-05-31",
    "consent_source": "mail van het bestuur",
}


def csv_bytes(*rows, delimiter=";", encoding="utf-8-sig", heading=None):
    """A CSV file of these rows."""
    heading = heading or list(GOOD)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(heading)
    writer.writerows([row.get(name, "") for name in heading] for row in rows)
    return text.getvalue().encode(encoding)


def csv_file(*rows, **how):
    return io.BytesIO(csv_bytes(*rows, **how))


def xlsx_bytes(*rows, heading=None):
    """An XLSX file of these rows."""
    heading = heading or list(GOOD)
    book = openpyxl.Workbook()
    book.active.append(heading)
    for row in rows:
        book.active.append([row.get(name) for name in heading])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
