"""`manage.py demo`: a platform full of made-up collectives and people."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from collectievekracht.pages.demo import make_accounts
from labs.demo import USUAL, make_applications, make_lab_members
from members.demo import make_collectives
from selfscan.demo import make_earlier_scans, make_scans, make_waiting
from selfscan.services.ledger import fill_ledger

LARGEST = 2_000_000


class Command(BaseCommand):
    """Makes collectives with pages, pins and scores and lab members in bulk, some work for the team, and an account for
    every role."""

    help = "Fill the platform with made-up collectives and lab members; DATA/accounts.txt gets a sign-in for every role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and which."""
        parser.add_argument("--collectives", type=int, default=250, help="how many collectives (250)")
        parser.add_argument("--lab-members", type=int, default=USUAL, help=f"how many lab members ({USUAL})")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed makes the same collectives (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, and say what was made."""
        count, seed, experts = options["collectives"], options["seed"], options["lab_members"]
        if not 0 <= count <= LARGEST:
            raise CommandError(f"--collectives must be from 0 to {LARGEST}.")
        if not 0 <= experts <= LARGEST:
            raise CommandError(f"--lab-members must be from 0 to {LARGEST}.")
        begun = time.monotonic()
        accounts = settings.DATA_DIR / "accounts.txt"
        with transaction.atomic():  # all of it or nothing: half a demonstration would never be completed
            made = make_collectives(count, seed=seed)
            make_scans(made, seed=seed)
            make_earlier_scans(made, seed=seed)
            make_lab_members(experts, seed=seed)
            make_waiting()
            fill_ledger()
            make_applications()
            make_accounts(accounts)
        took = time.monotonic() - begun
        self.stdout.write(
            f"{count} collectives and {experts} lab members in {took:.0f} s; sign-ins in {accounts}"
        )
