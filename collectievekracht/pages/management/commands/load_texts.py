"""`manage.py load_texts`: the pages and questions that the platform starts with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from collectievekracht.pages.texts import load_starter


class Command(BaseCommand):
    help = "Load the texts that the platform starts with; what the team changed or threw away stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load them, and say what was done."""
        done = load_starter()
        self.stdout.write(
            f"texts: {done['made']} made, {done['renewed']} renewed, {done['left']} left as they are"
        )
