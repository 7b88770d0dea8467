"""The report beside one as anyone would draw it, and what a worker holds in memory until another follows it."""

import io
import json
import os
import re
import subprocess
import sys

from django.db import connection
from pypdf import PdfReader

from collectievekracht.local.processes import PROCESSES
from members.demo import make_collectives
from selfscan.demo import make_scans
from selfscan.instrument import INSTRUMENTS
from selfscan.models import Response
from selfscan.report.pdf import FONT_FOLDER
from selfscan.reports import render_report
from selfscan.services import load_instrument
from tests.bench.harness import Line, cpu, limit_line, ratio_line

PAGES = 6
REPORT_WORKER = next(process for process in PROCESSES if process.name == "report")
WORKER = """
import json, os, sys
sys.modules["rich"] = None  # a tool that only developers have, which the logs take where they find it
import django
django.setup()
from selfscan.models import Response
from selfscan.reports import render_report
pks, told = list(Response.objects.order_by("pk").values_list("pk", flat=True)[:25]), {}
for number in range(1, int(sys.argv[1]) + 1):
    render_report(Response.objects.select_related("instrument").get(pk=pks[number % len(pks)]))
    pages = int(open("/proc/self/statm").read().split()[1])
    told[number] = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
print(json.dumps(told))
"""
# So many a worker's child draws before a new one follows it.
REPORTS = int(
    os.environ.get("BENCH_REPORTS") or re.search(r"--max-tasks-per-child (\d+)", REPORT_WORKER.command)[1]
)
INDICATORS = (
    "Gedeelde koers", "Samen leidinggeven", "Netwerk met partners", "Verdienmodel", "Omgeving", "Leden", "Afspraken", "Middelen",
)  # fmt: skip
STYLES = """
@font-face { font-family: text; src: url(source-sans-3-400.ttf); font-weight: 400 }
@font-face { font-family: text; src: url(source-sans-3-600.ttf); font-weight: 600 }
@font-face { font-family: display; src: url(bricolage-grotesque-700.ttf) }
@page { size: A4; margin: 25mm; @bottom-right { content: counter(page) " / " counter(pages) } @top-left { content: "Rapport" } }
body { font: 10.5pt/1.42 text } h1, h2 { font-family: display } section { break-before: page }
table { width: 100%; border-collapse: collapse } td, th { border-bottom: 1px solid #ccc; padding: 1.5mm; text-align: left }
.note { background: #fdf1d6; padding: 3mm } svg { width: 130mm }
"""


def chart(seed: int) -> str:
    """A bar chart as libraries draw it: a grid, an axis, and every label as text in the picture."""
    grid = "".join(
        f'<line x1="{150.5 + step * 30}" x2="{150.5 + step * 30}" y1="4" y2="196" stroke="#ddd"/>'
        f'<text x="{146.2 + step * 30}" y="208.4" font-size="8">{step * 10}</text>'
        for step in range(11)
    )
    bars = "".join(
        f'<text x="0" y="{18.3 + row * 23.7:.1f}" font-size="9">{name}</text>'
        f'<rect x="150.5" y="{8.3 + row * 23.7:.1f}" width="{(seed * 37 + row * 53) % 240 + 50.7:.1f}" height="14.2"'
        ' rx="2" fill="#0b6353"/>'
        f'<text x="456" y="{18.3 + row * 23.7:.1f}" font-size="9">{(seed * 37 + row * 53) % 100}</text>'
        for row, name in enumerate(INDICATORS)
    )
    return f'<svg viewBox="0 0 480 212" role="img"><title>Grafiek {seed}</title>{grid}{bars}</svg>'


def plain_report() -> bytes:
    """Six A4 pages with eight inline charts and five tables, with new font and style objects each time."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    sentence = "Jullie antwoorden passen bij een combinatie uit een Engels onderzoek. Het is geen garantie. "
    text = f"<p>{sentence * 3}</p><div class='note'><p><b>Bespreek dit samen</b></p><p>{sentence}</p></div>"
    rows = "".join(
        f"<tr><th>Hoe vaak komen alle leden samen om te beslissen? ({row})</th><td>Twee of drie keer per jaar</td>"
        f"<td>{row}</td></tr>"
        for row in range(9)
    )
    table = f"<table><tr><th>Vraag</th><th>Antwoord</th><th>Score</th></tr>{rows}</table>"
    pages = []
    for page in range(PAGES):
        charts = chart(page) if page else chart(6) + chart(7) + chart(8)
        body = f"<h1>Hoofdstuk {page}</h1>{text}{charts}{table if page else ''}"
        pages.append(f"<section>{body}</section>" if page else f"<div>{body}</div>")
    fonts = FontConfiguration()
    base = f"{FONT_FOLDER.as_uri()}/"
    html = f"<!doctype html><html lang='nl'><head><title>Rapport</title></head><body>{''.join(pages)}</body></html>"
    styles = CSS(string=STYLES, font_config=fonts, base_url=base)
    return HTML(string=html, base_url=base).write_pdf(
        stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1"
    )


def memory() -> list[float]:
    """Megabytes, of a million bytes, of a process that draws reports as a warm worker does, after each of them."""
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(REPORTS)],
        env=os.environ | {"BENCH_DATABASE": connection.settings_dict["NAME"]},
        capture_output=True,
        check=True,
        text=True,
    )
    return list(json.loads(done.stdout).values())


def lines() -> list[Line]:
    """Measure the report."""
    if not Response.objects.exists():
        load_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
        make_scans(make_collectives(250))
    response = Response.objects.select_related("instrument").order_by("pk")[3]
    ours, plain = len(PdfReader(io.BytesIO(render_report(response))).pages), plain_report()
    assert len(PdfReader(io.BytesIO(plain)).pages) == PAGES
    spent = cpu({"plain": plain_report, "ours": lambda: render_report(response)}, times=1, rounds=9)
    held = memory()
    return [
        ratio_line(
            f"report: six of its {ours} pages, warm",
            spent["ours"] * PAGES / ours,
            spent["plain"],
            "plain report",
            0.67,
            note=f" (all: {spent['ours']:.0f})",
        ),
        limit_line(f"report: a worker's memory over its {REPORTS} reports, the most", max(held), 150, "MB"),
        limit_line(
            f"report: growth from the 20th to the {REPORTS}th", 100 * (held[-1] / held[19] - 1), 5, "%"
        ),
    ]
