"""Which rows anyone may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Sum
from django.db.models.functions import Coalesce

from collectievekracht.pages.choices import PLAIN_CODE


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


class CampaignQuerySet(models.QuerySet[Any]):
    """Campaigns; visitors know of one by its code only."""

    def behind(self, code: str) -> Self:
        """The one campaign with this code, typed in small or large letters; of an impossible code none."""
        code = code.strip().lower()
        return self.filter(code=code) if PLAIN_CODE.fullmatch(code) else self.none()

    def with_arrivals(self) -> Self:
        """Each with its number of arrivals so far."""
        return self.annotate(arrivals=Coalesce(Sum("days__arrivals"), 0))


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations: seen by who sent them, and by who holds the link."""

    def visible_to(self, user: Any) -> Self:
        """The person's own."""
        return self.filter(inviter_id=user.pk) if user.is_authenticated else self.none()

    def open_to(self, token: str) -> Self:
        """The one of this link, with who sent it; who may not sign in any more is left unnamed by its page."""
        return self.filter(token=token).select_related("inviter", "collective")
