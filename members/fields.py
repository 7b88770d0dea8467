"""Column types that Django doesn't bring."""

from __future__ import annotations

from typing import Any

from django.db import models


class BitStringField(models.Field):
    """PostgreSQL's `bit varying`; written and read by SQL in `queries.py`, not by the ORM."""

    def db_type(self, connection: Any) -> str:
        """The column type."""
        return "bit varying"
