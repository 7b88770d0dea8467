"""Bring in existing collectives from a spreadsheet."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from members.choices import ImportOutcome
from members.import_problems import FileProblem
from members.models import User
from members.services.import_plans import Plan
from members.services.imports import import_file, plan_file


class Command(BaseCommand):
    help = (
        "Bring in existing collectives from a CSV or XLSX file. Says of each row whether it was made, updated, unchanged "
        "or refused, and why. The same file again changes nothing; nobody gets a mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX with the columns of the template")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and write nothing"
        )
        parser.add_argument(
            "--by", default="", metavar="EMAIL",
            help="the platform admin who decides that the texts may be public where the collectives agreed; without one "
            "every text waits in the work queue",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        by = self._admin(options["by"])
        counts: Counter[ImportOutcome] = Counter()

        def tell(plan: Plan) -> None:
            counts[plan.outcome] += 1
            remarks = "".join(f"; {problem}" for problem in plan.problems)
            self.stdout.write(f"{plan.number} {plan.outcome.label} {plan.name}{remarks}")

        try:
            with path.open("rb") as file:
                if options["dry_run"]:
                    for plan in plan_file(file):
                        tell(plan)
                else:
                    import_file(file, name=path.name, by=by, told=tell)
        except (OSError, FileProblem) as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(", ".join(f"{outcome.label}: {counts[outcome]}" for outcome in SHOWN))
        if options["dry_run"]:
            self.stdout.write(_("This was a dry run: nothing was written."))

    def _admin(self, email: str) -> User | None:
        if not email:
            return None
        found = User.objects.filter(email__iexact=email, is_staff=True, is_active=True).first()
        if found is None:
            raise CommandError(_("%(email)s is no platform admin.") % {"email": email})
        return found


SHOWN = (ImportOutcome.MADE, ImportOutcome.UPDATED, ImportOutcome.UNCHANGED, ImportOutcome.REFUSED)
