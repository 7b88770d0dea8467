"""What a person tells of themselves, and who may read it."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from members import choices, querysets
from members.models.people import User


def new_handle() -> str:
    """A name for a person's page that tells nothing, and can't be guessed from another one's."""
    return secrets.token_urlsafe(9)


class PersonalProfile(models.Model):
    """A person's own page. Each field has its own audience in `audiences`; what has none is for nobody."""

    user = models.OneToOneField(
        User, models.CASCADE, related_name="profile", verbose_name=_("person"), primary_key=True
    )
    handle = models.CharField(max_length=20, unique=True, default=new_handle, editable=False)
    function = models.CharField(_("what I do"), max_length=120, blank=True)
    about = models.TextField(_("about me"), max_length=1000, blank=True)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages I speak"), default=list, blank=True
    )
    topics = ArrayField(
        models.CharField(max_length=40), verbose_name=_("topics I follow"), default=list, blank=True
    )
    photo = models.CharField(max_length=120, blank=True, editable=False)
    audiences = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = querysets.PersonalProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal profile")
        verbose_name_plural = _("personal profiles")

    def __str__(self) -> str:
        return str(self.user)

    def audience_of(self, field: str) -> choices.Audience:
        """Who may read this field."""
        return choices.Audience(self.audiences.get(field, choices.Audience.NOBODY))


class Notification(models.Model):
    """Something a person is told, once: a second one with the same key is none."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = querysets.NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-made_at", "-pk")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-made_at"], name="notification_newest"),
            models.Index(
                fields=["user", "made_at"], condition=models.Q(mailed_at=None), name="notification_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NotificationChoice(models.Model):
    """When a person wants to be mailed about one kind; without a row, the kind's own default holds."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=40)
    pace = models.CharField(max_length=8, choices=choices.Pace)

    class Meta:
        verbose_name = _("notification choice")
        verbose_name_plural = _("notification choices")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.pace}"


class DataExport(models.Model):
    """Everything that is held about a person, as a file in the private store with a link that expires."""

    user = models.ForeignKey(User, models.CASCADE, related_name="data_exports", verbose_name=_("person"))
    token = models.CharField(max_length=40, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ExportState, default=choices.ExportState.BUSY
    )
    file = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    ready_at = models.DateTimeField(_("ready"), null=True)
    expires_at = models.DateTimeField(_("until"), null=True)

    objects = querysets.DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of my data")
        verbose_name_plural = _("copies of people's data")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="busy"), name="data_export_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.asked_at:%Y-%m-%d}"


class Erasure(models.Model):
    """A person asked to be erased; until `due_at` they may change their mind. No person stands in a done one."""

    user = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="erasures", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("on"))
    cancelled_at = models.DateTimeField(_("taken back"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(cancelled_at=None, done_at=None),
                name="erasure_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
