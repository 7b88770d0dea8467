"""Whether every text of the platform has its Dutch: none missing, none fuzzy, none that was never extracted."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from collectievekracht.local import paths

LANGUAGES = ("nl",)
NOT_EXTRACTED = shutil.ignore_patterns(
    ".*", "staticfiles", "static", "tests", "docs", "node_modules", "__pycache__", "*.mo", "*.lock"
)


def problems() -> list[str]:
    """A line for each text that is not in order."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(paths.CHECKOUT, copy, ignore=NOT_EXTRACTED)
        (copy / "locale").mkdir(exist_ok=True)
        extract(copy)
        for language in LANGUAGES:
            place = Path("locale", language, "LC_MESSAGES", "django.po")
            found += _compare(polib.pofile(str(copy / place)), paths.CHECKOUT / place)
    return found


def extract(checkout: Path) -> None:
    """Bring the files under `locale` of a checkout up to date with its code and templates."""
    command = [sys.executable, "-m", "django", "makemessages", "--no-wrap", "--add-location", "file"]
    for language in LANGUAGES:
        command += ["--locale", language]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=checkout, env=environment, check=True, stdout=subprocess.DEVNULL)


def _compare(extracted: polib.POFile, committed: Path) -> list[str]:
    known = {}
    if committed.exists():
        known = {
            (entry.msgctxt, entry.msgid): entry
            for entry in polib.pofile(str(committed))
            if not entry.obsolete
        }
    found = []
    for needed in extracted:
        if needed.obsolete or not needed.msgid:
            continue
        entry = known.get((needed.msgctxt, needed.msgid))
        where = ", ".join(sorted({place for place, _ in needed.occurrences}))
        if entry is None:
            found.append(f"not in {committed.name}: {needed.msgid!r} ({where})")
        elif entry.fuzzy:
            found.append(f"fuzzy: {needed.msgid!r} ({where})")
        elif not entry.translated():
            found.append(f"not translated: {needed.msgid!r} ({where})")
    return found


if __name__ == "__main__":
    lines = problems()
    print("\n".join(lines))
    sys.exit(min(len(lines), 1))
