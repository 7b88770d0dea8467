"""Codes that code branches on."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Pages at an address of their own: their code, and the name of their URL.
FIXED_PAGES = {
    "over": "about",
    "contact": "contact",
    "veelgestelde-vragen": "faq",
    "privacy": "privacy",
    "cookies": "cookies",
    "gebruiksvoorwaarden": "terms",
    "toegankelijkheid": "accessibility",
}


class FaqGroup(models.TextChoices):
    """The parts of the page of questions, in order."""

    COLLECTIVES = "collectives", _("Citizen collectives")
    TAKING_PART = "taking_part", _("Taking part")
    SCAN = "scan", _("The self-scan and your page")
    DATA = "data", _("Data and science")
    PARTNERS = "partners", _("Partners and companies")


# The end of a short address, easy to read out, to type and to print; also that of a text.
PLAIN_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CampaignTarget(models.TextChoices):
    """Where a campaign's address leads."""

    CHOICE = "choice", _("The choice: self-scan, profile, lab or newsletter")
    SCAN = "scan", _("The self-scan")
    DIRECTORY = "directory", _("The directory")
    MAP = "map", _("The map")
    HOME = "home", _("The home page")


class InvitationKind(models.TextChoices):
    """As what somebody is invited."""

    COLLECTIVE = "collective", _("A collective")
    LAB = "lab", _("An expert for a lab")


class LetterSubject(models.TextChoices):
    """What somebody writes to the team about."""

    TAKING_PART = "taking_part", _("A question about taking part")
    DATA = "data", _("My data or privacy")
    MISTAKE = "mistake", _("A mistake on a page")
    PRESS = "press", _("Press")
    OTHER = "other", pgettext_lazy("subject of a letter", "Something else")
