"""Erase again who was erased after a backup was made that was put back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from members.services import erasing


class Command(BaseCommand):
    help = (
        "After an older backup of the database was put back: erase again everybody who was erased since. Who they were "
        "stands as keyed hashes in the private store. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"erased again {erasing.reapply()}")
