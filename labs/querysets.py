"""Which labs anyone may see."""

from typing import Any, Self

from django.db import models


class LabQuerySet(models.QuerySet[Any]):
    """Partner labs; all of them are public."""

    def published(self) -> Self:
        """What stands on the site, in order."""
        return self.order_by("position", "code")
