"""The platform's settings, with the probe's addresses and steps beside the real ones."""

from collectievekracht.settings import *  # noqa: F403
from collectievekracht.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.trust.probe"]
ROOT_URLCONF = "tests.trust.probe.urls"
ADMINS_NOTIFY = ["alarm@example.org"]
