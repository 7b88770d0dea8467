"""Subscribers of the monthly newsletter."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """An unguessable name for a subscriber's links."""
    return secrets.token_urlsafe(24)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Sets of subscribers."""

    def open_to(self, token: str) -> Self:
        """The one subscriber behind this link."""
        return self.filter(token=token)


class Subscriber(models.Model):
    """An address that asked for the newsletter; nothing is sent before it is confirmed."""

    email = models.EmailField(_("e-mail address"), max_length=200)
    language = models.CharField(_("language"), max_length=2, default="nl")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    channel = models.CharField(_("asked by"), max_length=40)
    text_version = models.CharField(_("version of the consent text"), max_length=80)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [models.UniqueConstraint(Lower("email"), name="subscriber_once")]

    def __str__(self) -> str:
        return self.email
