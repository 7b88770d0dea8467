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


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations: seen by who sent them, and by who holds the link."""

    def visible_to(self, user: Any) -> Self:
        """The person's own."""
        return self.filter(inviter_id=user.pk) if user.is_authenticated else self.none()

    def open_to(self, token: str) -> Self:
        """The one of this link, with who sent it; who may not sign in any more is left unnamed by its page."""
        return self.filter(token=token).select_related("inviter", "collective")
