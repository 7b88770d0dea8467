"""Write down by what collectives are alike, of the scans that are here already."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from selfscan.services.traits import refresh_traits


class Command(BaseCommand):
    help = (
        "Write down by what collectives are alike: of those of whom it isn't known yet, or of all. Every night "
        "it is done too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="write it anew for every collective")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{refresh_traits(every=options['all'])} collectives")
