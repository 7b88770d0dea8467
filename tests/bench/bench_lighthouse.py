"""Lighthouse on a phone with a slow line, the median of three runs, on the pages by which people come in.

The scores are from 0 to 100. The yardstick of the weight is what the page may weigh: 150 kB, with a map 300.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from django.core.management import call_command

from members.models import Collective
from tests.bench.harness import Line, Server, limit_line

RUNS = 3
LIGHTHOUSE = Path(__file__).parents[1] / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
SETTINGS = "tests.bench.lighthouse_settings"
LEAST = {"performance": 90, "accessibility": 95, "best-practices": 95, "seo": 95}
WITH_MAP = ("map", "directory")
KB = 1000


def pages() -> dict[str, str]:
    """The name and the path of each page."""
    collective = Collective.objects.published().order_by("pk").first()
    assert collective
    return {
        "home": "/",
        "directory": "/collectieven/",
        "profile": collective.get_absolute_url(),
        "map": "/kaart/",
        "scan's start": "/zelfscan/",
    }


def visit(url: str, folder: Path) -> dict:
    """What Lighthouse reports of one visit."""
    report = folder / "report.json"
    options = ["--quiet", "--output=json", f"--output-path={report}", f"--only-categories={','.join(LEAST)}"]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    subprocess.run(
        ["node", str(LIGHTHOUSE), url, *options, flags],
        env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return json.loads(report.read_text(encoding="utf-8"))


def lines() -> list[Line]:
    """A line for each score of each page, and one for its weight and its shifts."""
    assert LIGHTHOUSE.exists(), "Lighthouse is installed by ./setup.sh bench"
    call_command("load_instrument", verbosity=0)
    call_command("load_texts", verbosity=0)
    with tempfile.TemporaryDirectory(prefix="collectievekracht-lighthouse-", dir="/var/tmp") as temporary:
        folder = Path(temporary)
        os.environ["DATA"] = str(folder)
        call_command("demo", collectives=250, seed=1, verbosity=0)
        environment = {"BENCH_STATIC": str(folder / "static")}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
            env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": SETTINGS},
            check=True,
        )
        found = []
        with Server(SETTINGS, environment) as server:
            for name, path in pages().items():
                print(f"  {name}", file=sys.stderr, flush=True)
                url = f"http://127.0.0.1:{server.port}{path}"
                reports = [visit(url, folder) for _run in range(RUNS)]
                found += lines_of(name, reports)
                complain(name, reports[0])
        return found


def lines_of(name: str, reports: list[dict]) -> list[Line]:
    """The medians beside what they must be."""
    made = []
    for category, least in LEAST.items():
        scores = [round(100 * report["categories"][category]["score"]) for report in reports]
        score = median(scores)
        made.append(
            Line(
                f"{name}: {category}",
                f"{score:g} of 100 ({min(scores)}–{max(scores)})",
                "–",
                "–",
                f"≥ {least}",
                score >= least,
            )
        )
    weight = median(report["audits"]["total-byte-weight"]["numericValue"] for report in reports) / KB
    shift = median(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports)
    made.append(limit_line(f"{name}: first visit", weight, 300 if name in WITH_MAP else 150, "kB"))
    made.append(limit_line(f"{name}: layout shift", shift, 0.02, ""))
    return made


def complain(name: str, report: dict) -> None:
    """Name on standard error what costs points."""
    for category in LEAST:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                value = audit.get("displayValue", "")
                print(f"    {name}, {category}: {audit['id']} {value}", file=sys.stderr, flush=True)
