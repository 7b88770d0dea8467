"""The machinery's tables. None has a foreign key: an actor is an id, so every app may use them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.audit_words import action_words, kind_words


class PromiseState(models.TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Promise(models.Model):
    """Work that must happen after a commit, written in the same transaction; `outbox` is its only user."""

    task = models.CharField(max_length=100)
    target = models.BigIntegerField()
    version = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(max_length=10, choices=PromiseState.choices, default=PromiseState.OPEN)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    due_at = models.DateTimeField(db_default=Now())
    queued_at = models.DateTimeField(null=True, db_default=Now())
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=200, blank=True, default="")
    last_error = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(fields=["task", "target", "version"], name="promise_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="promise_open", condition=models.Q(state="open")),
            models.Index(fields=["finished_at"], name="promise_finished", condition=~models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.target}"


class MailState(models.TextChoices):
    QUEUED = "queued", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    WITHHELD = "withheld", _("not wanted any more")
    BOUNCED = "bounced", _("refused by the mail server")


class SentMail(models.Model):
    """One mail to one person on one occasion. Its context is emptied once it has left."""

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=100)
    kind = models.CharField(max_length=50)
    to = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=5)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    message_id = models.CharField(max_length=200, blank=True, default="")
    answer = models.CharField(max_length=200, blank=True, default="")
    unclear = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [models.Index(fields=["to"], name="sentmail_to")]

    def __str__(self) -> str:
        return self.key


class AuditEvent(models.Model):
    """Who did what to which thing, when. The database refuses to change or delete a row."""

    at = models.DateTimeField(db_default=Now())
    actor = models.BigIntegerField(null=True)
    action = models.CharField(max_length=100)
    target_type = models.CharField(max_length=100)
    target = models.BigIntegerField()
    before = models.CharField(max_length=64, blank=True, default="")
    after = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["target_type", "target", "at"], name="audit_target"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{kind_words(self.target_type)} {self.target}: {action_words(self.action)}"


class ReleasedFigure(models.Model):
    """A figure as it left through the disclosure gate, so that a later one can be held against it."""

    figure = models.CharField(max_length=200)
    release = models.CharField(max_length=50)
    group_size = models.PositiveIntegerField()
    shown = models.JSONField(default=dict)
    released_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("released figure")
        verbose_name_plural = _("released figures")
        constraints = [
            models.UniqueConstraint(fields=["figure", "release"], name="figure_once_per_release"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.release}"


class FormKey(models.Model):
    """A rendered form's key and the answer that it got, so that a repeat gets the same one."""

    key = models.UUIDField(primary_key=True)
    scope = models.CharField(max_length=100)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        verbose_name = _("form key")
        verbose_name_plural = _("form keys")

    def __str__(self) -> str:
        return self.scope


class Suppression(models.Model):
    """The keyed hash of an address that must not get mail, or that must be erased again after a restore."""

    digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [models.UniqueConstraint(fields=["digest", "purpose"], name="suppressed_once")]

    def __str__(self) -> str:
        return self.purpose


class Heartbeat(models.Model):
    """The last sign of life of a process (worker, beat)."""

    name = models.CharField(max_length=50, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name
