"""`manage.py demo`: a platform full of made-up collectives and people."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from collectievekracht.pages.demo import make_accounts
from members.demo import make_collectives
from selfscan.demo import make_scans, make_waiting

LARGEST = 2_000_000


class Command(BaseCommand):
    """Makes collectives with pages, pins and scores in bulk, some work for the team, and an account for every role."""

    help = "Fill the platform with made-up collectives; DATA/accounts.txt gets a sign-in for every role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and which."""
        parser.add_argument("--collectives", type=int, default=250, help="how many collectives (250)")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed makes the same collectives (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, and say what was made."""
        count, seed = options["collectives"], options["seed"]
        if not 0 <= count <= LARGEST:
            raise CommandError(f"--collectives must be from 0 to {LARGEST}.")
        begun = time.monotonic()
        accounts = settings.DATA_DIR / "accounts.txt"
        with transaction.atomic():  # all of it or nothing: half a demonstration would never be completed
            make_scans(make_collectives(count, seed=seed), seed=seed)
            make_waiting()
            make_accounts(accounts)
        self.stdout.write(f"{count} collectives in {time.monotonic() - begun:.0f} s; sign-ins in {accounts}")
