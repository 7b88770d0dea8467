"""What collectives and people give and get, what they offer, and what makes collectives alike."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import choices, querysets
from members.models.collectives import Collective
from members.models.people import User


class Contribution(models.Model):
    """One line of the ledger: a collective or a person gave or received something. Written once, never a ranking."""

    collective = models.ForeignKey(
        Collective,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("collective"),
    )
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="contributions", verbose_name=_("person")
    )
    kind = models.CharField(_("what"), max_length=40)
    direction = models.CharField(_("direction"), max_length=8, choices=choices.Direction)
    key = models.CharField(max_length=120, unique=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = querysets.ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="contribution_of_somebody", condition=Q(collective__isnull=False) | Q(user__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["collective", "-at"], name="contribution_collective"),
            models.Index(fields=["user", "-at"], name="contribution_user"),
        ]

    def __str__(self) -> str:
        return self.key


class ServiceOffer(models.Model):
    """Something that a collective offers for hire; the platform's team looks here first when it needs one."""

    collective = models.ForeignKey(
        Collective, models.CASCADE, related_name="offers", verbose_name=_("collective")
    )
    kind = models.CharField(_("what"), max_length=16, choices=choices.OfferKind)
    title = models.CharField(_("in a few words"), max_length=120)
    details = models.TextField(_("what exactly"), max_length=1000, blank=True)
    regions = ArrayField(
        models.CharField(max_length=6, choices=choices.Region), verbose_name=_("where"), default=list
    )
    capacity = models.PositiveIntegerField(_("for how many people"), null=True, blank=True)
    email = models.EmailField(_("address to ask"), max_length=200, blank=True)
    is_open = models.BooleanField(_("on offer now"), default=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = querysets.ServiceOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("service on offer")
        verbose_name_plural = _("services on offer")
        ordering = ("kind", "title", "pk")

    def __str__(self) -> str:
        return self.title


class CollectiveTraits(models.Model):
    """By what collectives are alike: plain facts that the scan pushes down, shown to nobody as they stand.

    The codes are the instrument's; an empty one was not answered.
    """

    collective = models.OneToOneField(
        Collective, models.CASCADE, related_name="traits", primary_key=True, verbose_name=_("collective")
    )
    founding_year = models.PositiveSmallIntegerField(null=True)
    size_class = models.CharField(max_length=20, blank=True)
    legal_form_group = models.CharField(max_length=20, blank=True)
    phase = models.CharField(max_length=20, blank=True)
    geo_scale = models.CharField(max_length=40, blank=True)
    challenges = ArrayField(models.CharField(max_length=40), default=list)
    sectors = ArrayField(models.CharField(max_length=40), default=list)
    region = models.CharField(max_length=6, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("traits of a collective")
        verbose_name_plural = _("traits of collectives")

    def __str__(self) -> str:
        return str(self.collective_id)
