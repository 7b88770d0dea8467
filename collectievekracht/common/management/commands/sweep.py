from typing import Any

from django.core.management.base import BaseCommand

from collectievekracht.common import outbox


class Command(BaseCommand):
    help = "Find every piece of work that was promised but not done, and do it here and now."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--send", action="store_true", help="send it to the workers instead of doing it here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["send"]:
            counts = outbox.sweep()
            self.stdout.write(f"sent {counts.sent}, not sent {counts.unsent}, given up {counts.failed}")
        else:
            self.stdout.write(f"done {outbox.run_due()}")
