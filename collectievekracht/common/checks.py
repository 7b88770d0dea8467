"""What must hold on a real server and only the settings can show; `check --deploy` tells."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Concern

_SECRETS = ("SECRET_KEY", "UNSUBSCRIBE_KEY", "SUPPRESSION_KEY")


@register(Tags.security, deploy=True)
def settings_of_a_real_server(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Secrets apart, links by https, and a proxy in front that tells who a visitor is."""
    found = []
    if len({getattr(settings, name) for name in _SECRETS}) < len(_SECRETS):
        found.append(
            Concern(
                "Each of SECRET_KEY, UNSUBSCRIBE_KEY and SUPPRESSION_KEY needs a value of its own.",
                id="common.W001",
            )
        )
    if not settings.SITE_URL.startswith("https://"):
        found.append(Concern("SITE_URL must begin with https://: it stands in mails.", id="common.W002"))
    if settings.TRUSTED_PROXY_COUNT < 1:
        found.append(
            Concern(
                "TRUSTED_PROXY_COUNT is 0: behind a proxy all visitors then share one limit.",
                hint="Set it to the number of proxies that add to X-Forwarded-For.",
                id="common.W003",
            )
        )
    return found
