"""The partner labs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Lab(models.Model):
    """A circle of experts of one kind."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    nl = models.CharField(_("Dutch name"), max_length=80)
    en = models.CharField(_("English name"), max_length=80)
    purpose_nl = models.CharField(_("purpose in Dutch"), max_length=300)
    purpose_en = models.CharField(_("purpose in English"), max_length=300)
    countries = ArrayField(models.CharField(max_length=6), verbose_name=_("for collectives in"), default=list)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("lab")
        verbose_name_plural = _("labs")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.nl

    @property
    def purpose(self) -> str:
        """What the lab is for, in the current language."""
        return self.purpose_en if get_language() == "en" else self.purpose_nl
