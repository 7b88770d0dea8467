"""Codes of the self-scan that the code branches on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResponseState(models.TextChoices):
    """A scan is being filled in, or it was sent."""

    DRAFT = "draft", _("being filled in")
    COMPLETED = "completed", _("sent")


class Step(models.TextChoices):
    """What is built once a scan is sent; the values are the names of the promised tasks."""

    PUBLISH = "selfscan.publish_response", _("page and place on the map")
    REPORT = "selfscan.build_report", _("report")
    MAIL = "selfscan.mail_report", _("e-mail with the link")
