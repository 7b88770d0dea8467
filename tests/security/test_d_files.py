"""D7 and D8: no file of ours runs in a spreadsheet, and nobody writes a header of a mail."""

import csv
import io
import re
import zipfile
from functools import partial

import openpyxl
import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import models

from collectievekracht.common import mail
from collectievekracht.common.models import MailState, SentMail
from collectievekracht.common.safe_csv import TRIGGERS
from collectievekracht.pages.models import Campaign
from members.models import (
    Collective,
    CollectiveProfile,
    DirectoryEntry,
    ImportLine,
    PersonalProfile,
    ServiceOffer,
    User,
)
from tests.security.addresses import addresses
from tests.security.surface import SURFACES

PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMULA = "{prefix}HYPERLINK(1;2)"
# Whose texts stand in files; codes, slugs and addresses are checked where they are typed.
TYPED = (
    Collective,
    CollectiveProfile,
    ServiceOffer,
    User,
    ImportLine,
    Campaign,
    PersonalProfile,
    DirectoryEntry,
)
NO_TEXT = (models.EmailField, models.SlugField, models.URLField)
NOT_TYPED = {
    "password",
    "code",
    "country",
    "region",
    "language",
    "handle",
    "photo",
    "search",
    "state",
    "sort_name",
}


def fields_of(model):
    """The fields of free text."""
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.CharField | models.TextField) and not isinstance(field, NO_TEXT)
        if free and not field.choices and not field.unique and field.name not in NOT_TYPED:
            yield field


def poison(prefix):
    """Put a formula in every text that people type."""
    text, done = FORMULA.format(prefix=prefix), 0
    for model in TYPED:
        names = [field.name for field in fields_of(model) if (field.max_length or 999) >= len(text)]
        done += len(names)
        model._base_manager.update(**dict.fromkeys(names, text))
    return done


def sheets(name, content):
    """Every table of a file, as rows of cells; also those inside a zip."""
    if name.endswith(".xlsx"):
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            yield from (
                [("=" if cell.data_type == "f" else "") + str(cell.value or "") for cell in row]
                for row in sheet
            )
    elif name.endswith(".csv"):
        yield from csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                yield from sheets(inside, archive.read(inside))


def live(cell):
    """Whether a spreadsheet would take this for a formula."""
    return (
        bool(cell)
        and (cell.startswith(TRIGGERS) or cell.lstrip(" ").startswith(TRIGGERS))
        and not number(cell)
    )


def number(cell):
    return re.fullmatch(r"-?\d+([.,]\d+)?", cell) is not None


def test_d7_no_file_of_ours_holds_a_formula(world, people, by_itself, table):
    files = [one for one in addresses(world) if one.path.endswith((".csv", ".xlsx"))]
    cells, wrong, with_text, fields = 0, [], set(), 0

    def read(prefix):
        nonlocal cells, fields
        fields = poison(prefix)
        for address in files:
            answer = people["admin"].get(address.path)
            assert answer.status_code == 200, address.path
            for row in sheets(address.path, answer.getvalue()):
                cells += len(row)
                with_text.update({address.route} if any("HYPERLINK" in cell for cell in row) else ())
                wrong.extend(f"{address.path}: {cell!r}" for cell in row if live(cell))

    for prefix in PREFIXES:
        by_itself(partial(read, prefix))
    expected = {
        one.route
        for one in files
        if not one.path.endswith(("sjabloon.csv", "sjabloon.xlsx", "aankomsten.csv"))
    }
    assert with_text >= expected, f"no typed text reached {expected - with_text}"
    table.add(
        "D7",
        f"{len(PREFIXES)} prefixes in {fields} fields of text, read back from {len(files)} files, {cells} cells",
        seen=f"{len(wrong)} live formulas {wrong[:10] or ''}",
        must="0",
        holds=not wrong,
    )


# --- D8

LETTERS = (
    "name",
    "subject",
    "email",
    "message",
    "organisation",
    "reason",
    "title",
    "text",
    "reply_to",
    "answer",
)
BREAKS = ("\r\n", "\n", "\r", "\u2028", "%0d%0a", "\x0b")
HEADERS = {"Subject", "From", "To", "Reply-To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
           "List-Unsubscribe", "List-Unsubscribe-Post"}  # fmt: skip


def headers_of(letter):
    """The headers of a mail as it would leave; each must stand there once."""
    message = mail._message(letter)
    assert isinstance(message, EmailMultiAlternatives)
    return [name for name, _value in message.message().items()], message.recipients()


def test_d8_nobody_writes_a_header_of_a_mail(world, people, by_itself, table):
    sent, wrong, asked, refused = 0, [], 0, 0
    surfaces = [one for one in SURFACES if one.method == "post" and set(LETTERS) & {*one.fields}]
    fields = {name for one in surfaces for name in one.fields if name in LETTERS}

    def send(surface, name, mark):
        nonlocal sent, refused
        newest = SentMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        typed = surface.fields[name] + f"{mark}Bcc: x@elders.example{mark}{mark}Hallo"
        answer = surface.send(world, people, surface.fields | {name: typed})
        refused += answer.status_code == 200
        if answer.status_code >= 500:
            return [f"{surface.name}.{name}: {answer.status_code}"]
        found = []
        for letter in SentMail.objects.filter(pk__gt=newest, state=MailState.QUEUED):
            sent += 1
            names, to = headers_of(letter)
            if (
                set(names) - HEADERS
                or len(names) != len(set(names))
                or to != [letter.to]
                or "elders" in letter.to
            ):
                found.append(f"{surface.name}.{name}: {names} to {to}")
        return found

    for surface in surfaces:
        for name in surface.fields:
            for mark in BREAKS if name in LETTERS else ():
                asked += 1
                wrong += by_itself(partial(send, surface, name, mark))
    assert sent
    assert len(fields) >= 6
    table.add(
        "D8",
        f"{len(BREAKS)} kinds of line ends with a header in {len(fields)} fields ({', '.join(sorted(fields))}) of "
        f"{len(surfaces)} forms: {asked} times, {sent} mails",
        seen=f"{len(wrong)} with a header of somebody else's or an error {wrong[:8] or ''}; {refused} told in the form",
        must="0",
        holds=not wrong,
    )


@pytest.mark.parametrize("cell", ["-5", "12,5", "", "gewoon"])
def test_what_is_no_formula_is_left_alone(cell):
    assert not live(cell)
