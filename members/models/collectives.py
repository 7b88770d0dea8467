"""Collectives: their public text, pin and consents, and the history of what was decided."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import WebAddressField
from members import choices, querysets


class Term(models.Model):
    """A word of the vocabulary that the instrument brings; never deleted, at most retired."""

    kind = models.CharField(_("kind"), max_length=20, choices=choices.TermKind)
    code = models.SlugField(_("code"), max_length=40)
    nl = models.CharField(_("Dutch"), max_length=200)
    en = models.CharField(_("English"), max_length=200)
    group = models.SlugField(_("group"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("kind", "position", "code")
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="term_once")]

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.nl


class Collective(models.Model):
    """A citizen collective, from its first finished scan on."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_name = models.CharField(max_length=120, editable=False, db_index=True)
    country = models.CharField(_("country"), max_length=6, choices=choices.Country)
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ReviewState, default=choices.ReviewState.PENDING
    )
    activity = models.CharField(
        _("activity"), max_length=10, choices=choices.Activity, default=choices.Activity.ACTIVE
    )
    contact_email = models.EmailField(_("contact address"), max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nl")
    focus_themes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    published_profile = models.OneToOneField(
        "CollectiveProfile", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    onboarded_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(_("last confirmed"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = querysets.CollectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("collective")
        verbose_name_plural = _("collectives")
        ordering = ("sort_name", "pk")
        indexes = [
            models.Index(
                fields=["sort_name", "id"],
                name="collective_published",
                condition=Q(state="approved", published_profile__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The profile page."""
        return reverse("members:profile", args=[self.slug])


class CollectiveProfile(models.Model):
    """One revision of a collective's public text: exactly what the instrument calls public."""

    collective = models.ForeignKey(
        Collective, models.CASCADE, related_name="profiles", verbose_name=_("collective")
    )
    revision = models.PositiveIntegerField(_("revision"))
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ReviewState, default=choices.ReviewState.PENDING
    )
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), max_length=2000)
    summary = models.CharField(_("summary"), max_length=220, editable=False)
    website = WebAddressField(_("website"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=6, choices=choices.Country)
    place_name = models.CharField(_("place"), max_length=80)
    place_id = models.BigIntegerField(_("GeoNames id"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=6, choices=choices.Region, blank=True)
    founding_year = models.PositiveSmallIntegerField(_("started in"), null=True, blank=True)
    sectors = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"), default=list)
    main_sector = models.CharField(_("main field"), max_length=40, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=40, blank=True)
    legal_form_group = models.CharField(
        max_length=20, choices=choices.LegalFormGroup, blank=True, editable=False
    )
    geo_scale = models.CharField(_("area of work"), max_length=40, blank=True)
    target_groups = ArrayField(
        models.CharField(max_length=40), verbose_name=_("for whom"), default=list, blank=True
    )
    impact_areas = ArrayField(
        models.CharField(max_length=40), verbose_name=_("what people notice"), default=list, blank=True
    )
    offer_types = ArrayField(
        models.CharField(max_length=40), verbose_name=_("what they offer"), default=list, blank=True
    )
    offer_details = models.CharField(_("what exactly"), max_length=200, blank=True)
    other_texts = models.JSONField(_("own words"), default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    proposed_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ("collective", "-revision")
        constraints = [
            models.UniqueConstraint(fields=["collective", "revision"], name="profile_revision_once"),
            models.UniqueConstraint(
                fields=["collective"], condition=Q(state="pending"), name="profile_one_waiting"
            ),
        ]
        indexes = [
            GinIndex(fields=["sectors"], name="profile_sectors"),
            models.Index(fields=["region"], name="profile_region"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.revision})"


class MapPin(models.Model):
    """Where a collective stands on the map; exists with consent to the map only."""

    collective = models.OneToOneField(
        Collective, models.CASCADE, related_name="pin", verbose_name=_("collective")
    )
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    precision = models.CharField(_("precision"), max_length=12, choices=choices.PinPrecision)

    objects = querysets.MapPinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = [
            models.CheckConstraint(
                name="pin_in_low_countries",
                condition=Q(latitude__range=(49.4, 53.7), longitude__range=(2.5, 7.3)),
                violation_error_message=_("The pin must lie in the Netherlands, Flanders or Brussels."),
            )
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="pin_box", include=["collective"])]

    def __str__(self) -> str:
        return f"{self.latitude:.4f}, {self.longitude:.4f}"


class Consent(models.Model):
    """A yes to one thing, with the text and version it was given on; withdrawn, never changed."""

    collective = models.ForeignKey(
        Collective, models.CASCADE, related_name="consents", verbose_name=_("collective")
    )
    kind = models.CharField(_("what"), max_length=12, choices=choices.ConsentKind)
    detail = models.CharField(_("how"), max_length=20, blank=True)
    text = models.TextField(_("text"))
    text_version = models.CharField(_("version"), max_length=80)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = querysets.ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "kind"], condition=Q(withdrawn_at=None), name="consent_once_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ContactMessage(models.Model):
    """A message to a collective, kept until it is mailed on; the collective's address stays hidden."""

    collective = models.ForeignKey(Collective, models.CASCADE, related_name="contact_messages")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=200)
    message = models.TextField(_("message"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.name} · {self.collective}"


class StateChange(models.Model):
    """The history of a collective's state, written by the service that changed it."""

    collective = models.ForeignKey(
        Collective, models.CASCADE, related_name="history", verbose_name=_("collective")
    )
    from_state = models.CharField(_("from"), max_length=10, choices=choices.ReviewState, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=choices.ReviewState)
    decision = models.CharField(_("decision"), max_length=10, choices=choices.Decision, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    actor = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("history")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"
