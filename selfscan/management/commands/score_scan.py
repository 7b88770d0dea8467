"""Score one scan from a file, without a database."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from selfscan.answers import check_answers
from selfscan.instrument import INSTRUMENTS, Definition, InstrumentError, instrument_file, parse_instrument
from selfscan.problems import Problem
from selfscan.scoring import score

KEYS = {"instrument", "answers", "completed_year", "active_seconds"}
LATEST_YEAR = 9999


class Command(BaseCommand):
    help = (
        'Score {"instrument": "2026.1", "answers": {code: value}, "completed_year": 2026} and print the scores as '
        "JSON. Nothing is saved. Wrong answers are listed on standard error, one a line, and the exit status is 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        scan = self._read(options["file"])
        definition = self._definition(scan.get("instrument"))
        year = self._number(scan, "completed_year", 1000, LATEST_YEAR)
        year = timezone.localdate().year if year is None else year
        active_seconds = self._number(scan, "active_seconds", 0, 10**9)
        answers = scan.get("answers")
        if not isinstance(answers, dict):
            self._refuse("answers", _("This must be an object of codes and answers."))
        checked = check_answers(definition, answers, year=year)
        if not checked.ok:
            for problem in checked.problems:
                self.stderr.write(line_of(problem))
            sys.exit(1)
        scores = score(definition, checked.answers, completed_year=year, active_seconds=active_seconds)
        self.stdout.write(json.dumps(scores.as_dict(), indent=2, ensure_ascii=False))

    def _read(self, name: str) -> dict[str, Any]:
        try:
            content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            scan = json.loads(content.decode("utf-8-sig"))
        except OSError as error:
            self._refuse("file", error.strerror or str(error))
        except (ValueError, RecursionError) as error:
            self._refuse("file", _("This is not JSON: %(reason)s") % {"reason": str(error)[:200]})
        if not isinstance(scan, dict):
            self._refuse("file", _("This must be an object with instrument and answers."))
        for key in scan:
            if key not in KEYS:
                self._refuse(_printable(key), _("This does not belong here."))
        return scan

    def _definition(self, version: Any) -> Definition:
        if not isinstance(version, str) or not re.fullmatch(r"[0-9]{4}\.[0-9]{1,3}", version):
            known = sorted(
                file.stem.removeprefix("zelfscan-") for file in INSTRUMENTS.glob("zelfscan-*.yaml")
            )
            self._refuse("instrument", _("Choose a version: %(versions)s.") % {"versions": ", ".join(known)})
        try:
            return parse_instrument(instrument_file(version).read_text(encoding="utf-8"))
        except OSError:
            self._refuse("instrument", _("There is no version %(version)s.") % {"version": version})
        except InstrumentError as error:
            self._refuse("instrument", str(error))

    def _number(self, scan: dict[str, Any], key: str, low: int, high: int) -> int | None:
        value = scan.get(key)
        if value is not None and (type(value) is not int or not low <= value <= high):
            message = _("Fill in a whole number from {min} to {max}.").format(min=low, max=high)
            self._refuse(key, message)
        return value

    def _refuse(self, code: str, reason: str) -> NoReturn:
        self.stderr.write(f"{code}: {reason}")
        sys.exit(1)


def line_of(problem: Problem) -> str:
    """`code: reason`; where a question has several rows, the reason begins with the row."""
    code, _dot, row = problem.field.partition(".")
    if not code.startswith(f"{problem.question}__"):
        code = problem.question or code or "answers"
    reason = f"{row}: {problem.message}" if row else str(problem.message)
    return f"{_printable(code)}: {_printable(reason)}"


def _printable(value: str) -> str:
    """On one line, whatever was in the file."""
    return "".join(character if character.isprintable() else "?" for character in value)
