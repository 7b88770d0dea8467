"""The partner labs."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.rich_text import SafeHtmlField
from members.choices import Country


class LabQuerySet(models.QuerySet["Lab"]):
    """Sets of labs; all of them are public."""

    def published(self) -> Self:
        """What stands on the site, in order."""
        return self.order_by("position", "code")


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
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = LabQuerySet.as_manager()

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
    def is_for_flanders(self) -> bool:
        """Whether collectives from Flanders are pointed to this lab."""
        return Country.FLANDERS in self.countries
