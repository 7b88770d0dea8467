"""People, and how they belong to a collective."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import choices, querysets


class UserManager(BaseUserManager["User"]):
    """Makes people; an address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        """A person with this address; without a password they sign in by a code."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: object) -> User:
        """A platform admin with every right."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this address, whatever its case."""
        return self.get(email__iexact=username)


def _no_session() -> bool:
    return False


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the name they sign in with."""

    # Asked when a door needs it; the middleware puts the answer of the session here, for the person of a request only.
    showed_factor: Callable[[], bool] = staticmethod(_no_session)

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    is_staff = models.BooleanField(_("platform admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # Sessions of an earlier round are over: raised by what ends all of somebody's sessions.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_admin(self) -> bool:
        """Whether this is a platform admin who showed a second factor in this session; nobody is one outside a request.

        Doors ask this and never `is_staff`: a stolen password alone opens no more than an ordinary account does.
        """
        return self.is_active and self.is_staff and self.showed_factor()

    def get_session_auth_hash(self) -> str:
        """What a session must know to be this person's: it changes with the password and with the round."""
        return self._of_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by the earlier keys."""
        for known in super().get_session_auth_fallback_hash():
            yield self._of_this_round(known)

    def _of_this_round(self, known: str) -> str:
        return f"{known}.{self.session_round}" if self.session_round else known

    def get_short_name(self) -> str:
        """How the person is greeted."""
        return self.name or self.email


class Membership(models.Model):
    """A person in a collective."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    collective = models.ForeignKey(
        "members.Collective", models.CASCADE, related_name="memberships", verbose_name=_("collective")
    )
    role = models.CharField(_("role"), max_length=16, choices=choices.Role)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "collective"], condition=Q(left_at=None), name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.collective}"


class JoinRequest(models.Model):
    """Somebody asks for access to a collective that is here already."""

    collective = models.ForeignKey(
        "members.Collective", models.CASCADE, related_name="join_requests", verbose_name=_("collective")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=200)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        _("state"), max_length=10, choices=choices.ReviewState, default=choices.ReviewState.PENDING
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="join_requests", verbose_name=_("person")
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = querysets.JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        constraints = [
            models.UniqueConstraint(
                F("collective"), Lower("email"), condition=Q(state="pending"), name="join_request_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.collective}"
