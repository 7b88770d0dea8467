"""Load a questionnaire: the app's newest, or the given file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from selfscan.errors import InstrumentError
from selfscan.instrument import INSTRUMENTS
from selfscan.services import load_instrument
from selfscan.services.booklets import promise_questionnaire


class Command(BaseCommand):
    help = (
        "Load a questionnaire; the same file again changes nothing, a wrong one is refused with the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="the instrument; the app's newest when left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"] or max(INSTRUMENTS.glob("*.yaml"))
        try:
            instrument = load_instrument(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, InstrumentError, ValueError) as error:
            raise CommandError(f"{file.name}: {error}") from error
        promise_questionnaire(instrument)
        self.stdout.write(f"{instrument.code} {instrument.version} {instrument.sha256[:12]}")
