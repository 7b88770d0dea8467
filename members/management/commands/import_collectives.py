"""Bring in existing collectives from a spreadsheet, or undo that."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from members.choices import ImportOutcome
from members.import_problems import FileProblem
from members.models import ImportBatch, User
from members.services.import_plans import Plan
from members.services.import_undo import undo_batch
from members.services.imports import import_file, plan_file


class Command(BaseCommand):
    help = (
        "Bring in existing collectives from a CSV or XLSX file. Says of each row whether it was made, updated, unchanged "
        "or refused, and why. The same file again changes nothing; nobody gets a mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX with the columns of the template")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and write nothing"
        )
        parser.add_argument(
            "--by", default="", metavar="EMAIL",
            help="the platform admin who decides that the texts may be public where the collectives agreed; without one "
            "every text waits in the work queue",
        )  # fmt: skip
        parser.add_argument(
            "--undo",
            type=int,
            metavar="BATCH",
            help="undo the import with this number instead of bringing in a file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["file"]
        by = self._admin(options["by"])
        if options["undo"] is not None:
            if path or options["dry_run"]:
                raise CommandError(_("--undo takes no file and no --dry-run."))
            return self._undo(options["undo"], by)
        if path is None:
            raise CommandError(_("Which file?"))
        counts: Counter[ImportOutcome] = Counter()
        made: ImportBatch | None = None

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
                    made = import_file(file, name=path.name, by=by, told=tell)
        except (OSError, FileProblem) as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(", ".join(f"{outcome.label}: {counts[outcome]}" for outcome in SHOWN))
        if made:  # beside the output, which scripts read
            hint = _("This is import %(number)s: --undo %(number)s takes it back.") % {"number": made.pk}
            self.stderr.write(hint, style_func=str)
        else:
            self.stdout.write(_("This was a dry run: nothing was written."))
        return None

    def _undo(self, number: int, by: User | None) -> None:
        batch = ImportBatch.objects.defer("content").filter(pk=number).first()
        if batch is None:
            raise CommandError(_("There is no import %(number)s.") % {"number": number})
        if not undo_batch(batch, by):
            raise CommandError(
                _(
                    "Import %(number)s can't be undone: it wasn't brought in, was undone, or is older than 90 days."
                )
                % {"number": number}
            )
        self.stdout.write(
            ", ".join(f"{ImportOutcome(code).label}: {n}" for code, n in sorted(batch.counts.items()))
        )

    def _admin(self, email: str) -> User | None:
        if not email:
            return None
        found = User.objects.filter(email__iexact=email, is_staff=True, is_active=True).first()
        if found is None:
            raise CommandError(_("%(email)s is no platform admin.") % {"email": email})
        return found


SHOWN = (ImportOutcome.MADE, ImportOutcome.UPDATED, ImportOutcome.UNCHANGED, ImportOutcome.REFUSED)
