"""Which rows anyone may see."""

from typing import Any, Self

from django.db import models


class PageQuerySet(models.QuerySet[Any]):
    """Pages; all of them are public."""

    def published(self) -> Self:
        """What stands on the site."""
        return self.all()


class FaqEntryQuerySet(models.QuerySet[Any]):
    """Questions with answers."""

    def published(self) -> Self:
        """What stands on the site."""
        return self.filter(is_shown=True)
