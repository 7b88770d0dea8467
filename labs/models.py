"""The partner labs."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.rich_text import SafeHtmlField
from labs import choices, querysets
from labs.confirming import Standing, is_away, standing
from members.choices import Country, ReviewState
from members.models import User


class Lab(models.Model):
    """A circle of experts of one kind."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    nl = models.CharField(_("Dutch name"), max_length=80)
    en = models.CharField(_("English name"), max_length=80)
    purpose_nl = models.CharField(_("purpose in Dutch"), max_length=300)
    purpose_en = models.CharField(_("purpose in English"), max_length=300)
    meets_nl = SafeHtmlField(_("whom you meet there, in Dutch"), blank=True)
    meets_en = SafeHtmlField(_("whom you meet there, in English"), blank=True)
    gives_nl = SafeHtmlField(_("what it gives collectives, in Dutch"), blank=True)
    gives_en = SafeHtmlField(_("what it gives collectives, in English"), blank=True)
    asks_nl = SafeHtmlField(_("what it asks of its members, in Dutch"), blank=True)
    asks_en = SafeHtmlField(_("what it asks of its members, in English"), blank=True)
    countries = ArrayField(models.CharField(max_length=6), verbose_name=_("for collectives in"), default=list)
    rules_nl = SafeHtmlField(_("rules of entry, in Dutch"), blank=True)
    rules_en = SafeHtmlField(_("rules of entry, in English"), blank=True)
    does_research = models.BooleanField(_("its members may do research with the data"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = querysets.LabQuerySet.as_manager()

    class Meta:
        verbose_name = _("lab")
        verbose_name_plural = _("labs")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.nl

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("labs:lab", args=[self.code])

    @property
    def purpose(self) -> str:
        """What the lab is for, in the current language."""
        return self.purpose_en if get_language() == "en" else self.purpose_nl

    @property
    def meets(self) -> str:
        """Whom you meet there, in the current language, as clean HTML; may be empty."""
        return self.meets_en if get_language() == "en" else self.meets_nl

    @property
    def gives(self) -> str:
        """What it gives collectives, in the current language, as clean HTML; may be empty."""
        return self.gives_en if get_language() == "en" else self.gives_nl

    @property
    def asks(self) -> str:
        """What it asks of its members, in the current language, as clean HTML; may be empty."""
        return self.asks_en if get_language() == "en" else self.asks_nl

    @property
    def rules(self) -> str:
        """Who may join, in the current language, as clean HTML; may be empty."""
        return self.rules_en if get_language() == "en" else self.rules_nl

    @property
    def is_for_flanders(self) -> bool:
        """Whether collectives from Flanders are pointed to this lab."""
        return Country.FLANDERS in self.countries


class LabMembership(models.Model):
    """A person's application for a lab, and what became of it: one at a time per person and lab.

    `state` is the screening; a membership is in force while it is approved and not ended. `confirm_by` is the day by
    which the member says that it is still right; long after it, research is closed to them until they do.
    """

    lab = models.ForeignKey(Lab, models.PROTECT, related_name="memberships", verbose_name=_("lab"))
    user = models.ForeignKey(User, models.CASCADE, related_name="lab_memberships", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.PENDING)
    organisation = models.CharField(_("organisation"), max_length=160)
    function = models.CharField(_("function"), max_length=120, blank=True)
    expertise = models.TextField(_("expertise"), max_length=1000)
    themes = ArrayField(models.CharField(max_length=40), verbose_name=_("themes"), default=list)
    sectors = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=6), verbose_name=_("regions"), default=list, blank=True)
    brings = models.TextField(_("what I bring"), max_length=1000)
    website = models.URLField(_("website"), max_length=200, blank=True)
    declaration = models.TextField(
        _("declaration"), help_text="The words of no sales, as they were agreed to."
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    suggested_by = models.CharField(
        max_length=40, blank=True, help_text="An affiliation that points to this lab."
    )
    capacity = models.PositiveSmallIntegerField(_("questions a month"), default=1)
    absent_from = models.DateField(_("away from"), null=True, blank=True)
    absent_until = models.DateField(_("away until"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True)
    confirm_by = models.DateField(_("to be confirmed by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = querysets.LabMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a lab")
        verbose_name_plural = _("memberships of labs")
        ordering = ("lab", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["lab", "user"],
                condition=Q(ended_at=None) & ~Q(state="refused"),
                name="lab_membership_once",
            ),
            models.CheckConstraint(
                name="lab_absence_in_order",
                condition=Q(absent_from=None)
                | Q(absent_until=None)
                | Q(absent_until__gte=models.F("absent_from")),
                violation_error_message=_("The last day can't be before the first."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["lab", "user"],
                condition=Q(state="approved", ended_at=None),
                name="lab_membership_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.lab}"

    @property
    def is_in_force(self) -> bool:
        """Whether the person was accepted and has not left."""
        return self.state == ReviewState.APPROVED and self.ended_at is None

    def standing(self, today: date) -> Standing:
        """How it stands to its yearly confirmation; only of one that was accepted."""
        return standing(self.confirm_by or today, today)

    def is_away(self, today: date) -> bool:
        """Whether the member said to be away on this day."""
        return is_away(self.absent_from, self.absent_until, today)


class LabMembershipChange(models.Model):
    """The history of an application and a membership, written by the service that changed it."""

    membership = models.ForeignKey(
        LabMembership, models.CASCADE, related_name="history", verbose_name=_("membership")
    )
    event = models.CharField(_("what"), max_length=12, choices=choices.MembershipEvent)
    reason = models.TextField(_("reason"), blank=True)
    actor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of a membership")
        verbose_name_plural = _("history")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.get_event_display()
