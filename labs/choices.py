"""Codes that the code itself branches on; which labs there are is rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MembershipEvent(models.TextChoices):
    """What happened to an application or a membership."""

    APPLIED = "applied", _("applied")
    ASKED = "asked", _("was asked something")
    ANSWERED = "answered", _("answered")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    CONFIRMED = "confirmed", _("confirmed")
    CHANGED = "changed", _("changed")
    ENDED = "ended", _("ended")
