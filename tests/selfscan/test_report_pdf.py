"""The report on paper: tagged, embedded, with nothing from outside, and within bounds whatever was typed."""

import io
import json
import logging
import socket
import subprocess
import sys
import urllib.request

import pypdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from selfscan.report.pdf import FONT_FOLDER, FONTS, LONGEST_HTML, TooLong, write_pdf
from selfscan.reports import questionnaire_pdf, render_report, report_html, report_view
from tests.factories.scans import example
from tests.factories.selfscan import ResponseFactory
from tests.selfscan.reporting import compared_with, view_of
from tests.trust.figures import FULL


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def structure(pdf):
    """Every tag in the structure tree."""
    found, todo = [], [read(pdf).trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node:
                todo.append(node["/K"])
    return found


@pytest.fixture(scope="module")
def drawn(definition):
    """One report, drawn once, with what was logged."""
    write_pdf("<html lang='nl'><title>x</title>")
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    try:
        pdf = write_pdf(report_html(view_of(definition, comparison=compared_with(definition))))
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.ERROR)
    return pdf, records


def test_the_report_is_tagged_and_says_its_language_and_title(drawn):
    pdf, _records = drawn
    root = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Energiecoöperatie Voorbeeldstroom" in read(pdf).metadata.title
    assert read(pdf).pages[0].mediabox[2:] == pytest.approx([595.28, 841.89], abs=0.1)


def test_headings_tables_and_pictures_stand_in_the_structure(drawn):
    pdf, _records = drawn
    nodes = structure(pdf)
    tags = [node.get("/S") for node in nodes]
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 11
    assert {"/Table", "/TH", "/TD", "/L", "/LI", "/P", "/Figure", "/Link"} <= set(tags)
    pictures = [node for node in nodes if node.get("/S") == "/Figure"]
    assert pictures
    assert all(node.get("/Alt") for node in pictures)


def test_the_text_can_be_read(drawn):
    text = words(drawn[0])
    for part in (
        "Energiecoöperatie Voorbeeldstroom (verzonnen)",
        "CK-7F3K-9PQM",
        "21 november 2026",
        "Welk deel van deze combinatie is bij ons het kwetsbaarst?",
        "Regels die ons werk in de weg zitten",
        "Hoe kunnen we ondanks een vol stroomnet toch groeien?",
        "doi.org/10.1080/14719037.2021.1999669",
    ):
        assert part in text


def test_nothing_goes_wrong_while_drawing(drawn):
    assert [record.getMessage() for record in drawn[1] if record.levelno >= logging.WARNING] == []


def test_the_fonts_are_in_it(drawn):
    fonts = {
        font["/BaseFont"]: font["/DescendantFonts"][0]["/FontDescriptor"]
        for page in read(drawn[0]).pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }
    assert all("/FontFile2" in descriptor or "/FontFile3" in descriptor for descriptor in fonts.values())
    if all((FONT_FOLDER / file).exists() for _family, _weight, file in FONTS):
        assert {name.partition("+")[2].rstrip(",") for name in fonts} == {
            "Bricolage-Grotesque-Bold",
            "Source-Sans-3",
            "Source-Sans-3-Semi-Bold",
        }


def test_a_drawing_is_the_same_each_time(definition):
    html = report_html(view_of(definition))
    assert write_pdf(html) == write_pdf(html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_sent_scan_becomes_a_report_in_its_language(instrument, language, django_assert_num_queries):
    response = ResponseFactory(complete=True, language=language)
    with django_assert_num_queries(1):  # the labs; without a snapshot there is nothing to ask
        view = report_view(response)
    assert view.language == language
    pdf = render_report(response)
    assert read(pdf).trailer["/Root"]["/Lang"] == language
    assert response.reference in words(pdf)
    assert (
        "How is leadership organised" if language == "en" else "Hoe is de leiding bij jullie geregeld"
    ) in words(pdf)


@pytest.mark.django_db
def test_a_scan_that_was_not_sent_has_no_report(instrument):
    with pytest.raises(ValueError, match="sent"):
        render_report(ResponseFactory(draft=True))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_questionnaire_holds_every_question_with_its_options(definition, language):
    pdf = questionnaire_pdf(definition, language)
    text = words(pdf)
    assert read(pdf).trailer["/Root"]["/Lang"] == language
    for question in definition.questions:
        assert question.text[language] in text
        for option in question.options if not question.options_from else ():
            assert option.label[language] in text
        for item in question.items:
            assert item.text[language] in text


# D5: whatever gets into the HTML, nothing is fetched and nothing is attached.

OUTSIDE = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<img src="https://example.org/x.png">',
    '<img src="//example.org/x.png">',
    '<img src="ftp://example.org/x.png">',
    '<img src="file:///etc/passwd">',
    '<img src="/etc/passwd">',
    '<img src="../../../etc/passwd">',
    '<img src="http://169.254.169.254/latest/meta-data/">',
    '<img src="http://[::1]/x.png">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<img src="data:text/html,<script>1</script>">',
    '<img src="bundled:/../settings.py">',
    '<img src="bundled:/source-sans-3-400.ttf/../../x">',
    '<img src="gopher://example.org/">',
    '<img src="x.png">',
    '<object data="http://example.org/x.svg"></object>',
    '<embed src="http://example.org/x.svg">',
    '<link rel="stylesheet" href="http://example.org/x.css">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    "<style>@import url(http://example.org/x.css);</style>",
    "<style>@import 'file:///etc/passwd';</style>",
    "<style>@font-face{font-family:x;src:url(http://example.org/x.ttf)}</style>",
    '<p style="background:url(http://example.org/x.png)">x</p>',
    '<p style="list-style-image:url(file:///etc/passwd);display:list-item">x</p>',
    "<style>p::before{content:url(http://example.org/x.png)}</style><p>x</p>",
    '<svg><image href="http://example.org/x.png" width="9" height="9"/></svg>',
    '<svg><use href="http://example.org/x.svg#a"/></svg>',
    '<svg><image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<base href="http://example.org/"><img src="x.png">',
]

# Of a picture in the page itself WeasyPrint leaves out what it may not open, and goes on.
LEFT_OUT = [vector for vector in OUTSIDE if vector.startswith("<svg")]


def test_d5_nothing_is_fetched_from_outside(monkeypatch, table):
    """An address that isn't bundled stops the work; at the least, nothing was opened and nothing is attached."""
    opened, attached, went_on = [], [], []
    connect, open_address = socket.socket.connect, urllib.request.OpenerDirector.open
    monkeypatch.setattr(socket.socket, "connect", lambda *a, **k: opened.append(a[1]) or connect(*a, **k))
    monkeypatch.setattr(
        urllib.request.OpenerDirector, "open", lambda *a, **k: opened.append(a[1]) or open_address(*a, **k)
    )
    for vector in OUTSIDE:
        try:
            pdf = write_pdf(
                f"<!doctype html><html lang='nl'><title>x</title><body><p>tekst</p>{vector}</body></html>"
            )
        except FatalURLFetchingError:
            continue
        went_on.append(vector)
        attached += [vector] if read(pdf).attachments or "root:" in words(pdf) else []
    table.add(
        "D5",
        f"{len(OUTSIDE)} ways to make the PDF fetch something",
        seen=f"{len(opened)} connections, {len(attached)} attached, {len(OUTSIDE) - len(went_on)} stopped the work",
        must=f"0 connections, 0 attached; all but {len(LEFT_OUT)} in inline SVG, which are left out, stop the work",
        holds=not opened and not attached and went_on == LEFT_OUT,
    )


@pytest.mark.parametrize("vector", OUTSIDE[::6])
def test_what_somebody_types_is_text(definition, vector):
    view = view_of(definition, org_name=vector[:110], short_description=vector * 3, offer_details=vector)
    assert "".join(vector.split())[:60] in "".join(words(write_pdf(report_html(view))).split())


# D6: bombs.

BOMBS = {
    "long_word": {"org_name": "W" * 10_000, "short_description": "x" * 10_000},
    "long_text": {
        "short_description": "Een zin over ons collectief. " * 7_000,
        "lab_question": "regel\n" * 30_000,
    },
    "accents": {"org_name": "e" + "\u0301" * 50_000},
    "tags": {"short_description": "<div>" * 20_000},
    "many_choices": {"sectors": ["energy"] * 3_000, "sectors__other": "y" * 100_000},
    "directions": {"org_name": "\u202e\u2066a" * 5_000},
}


DRAW = """
import json, os, re, sys, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collectievekracht.settings")
import django
django.setup()
from selfscan.instrument import INSTRUMENTS, parse_instrument
from selfscan.report.build import build_view
from selfscan.report.pdf import write_pdf
from selfscan.reports import report_html
from tests.selfscan.reporting import source_of
definition = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
started = time.process_time()
pdf = write_pdf(report_html(build_view(source_of(definition, json.load(sys.stdin)))))
# Not ru_maxrss: that keeps the size of the process it was forked from.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(time.process_time() - started, peak, len(pdf))
"""


def test_d6_bombs_are_drawn_small(table):
    """Each in a process of its own, so that its memory can be told."""
    bombs = list(BOMBS) if FULL else list(BOMBS)[:3]
    seen = {}
    for bomb in bombs:
        done = subprocess.run(
            [sys.executable, "-c", DRAW],
            input=json.dumps(example(**BOMBS[bomb])),
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen[bomb] = tuple(map(float, done.stdout.split()))
    slowest, largest, longest = (max(values) for values in zip(*seen.values(), strict=True))
    table.add(
        "D6",
        f"{len(bombs)} reports with far too much in them ({', '.join(bombs)})",
        seen=f"slowest {slowest:.1f} s of processor, largest {largest:.0f} MB of memory and {longest / 1e6:.1f} MB of PDF",
        must="30 s, 512 MB, 2 MB of PDF; longer HTML is refused",
        holds=slowest <= 30 and largest <= 512 and longest < 2_000_000,
    )


def test_a_document_that_is_far_too_long_is_refused():
    with pytest.raises(TooLong):
        write_pdf("x" * (LONGEST_HTML + 1))
