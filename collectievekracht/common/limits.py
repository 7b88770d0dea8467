"""How often one person may do a thing, and the one place that knows who a request comes from."""

import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import queries

UNKNOWN = "unknown"  # who asks from an address that can't be read


def hit(scope: str, ident: str, limit: int, seconds: int) -> bool:
    """Count one try of `ident` at `scope`; False when it is over `limit` tries in the last `seconds`.

    Tries that were refused don't count, so waiting always helps. Exact under any number of requests at once. Counts
    live in the database cache; an address stands there as a hash only.
    """
    key = f"limit:{salted_hmac('limits', f'{scope} {ident}', algorithm='sha256').hexdigest()[:40]}"
    with transaction.atomic():
        queries.lock(key)
        now = time.time()
        tries = [moment for moment in cache.get(key, ()) if moment > now - seconds]
        if len(tries) >= limit:
            return False
        cache.set(key, [*tries, now], seconds)
        return True


def client_ip(request: HttpRequest) -> str:
    """The address a request comes from; an IPv6 one by its /64, which is one household.

    Behind TRUSTED_PROXY_COUNT proxies it is what the first of ours wrote in X-Forwarded-For; what the visitor wrote
    there themselves is never believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if count := settings.TRUSTED_PROXY_COUNT:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(hops) >= count:
            address = hops[-count]
    try:
        ip = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)


class HoneypotField(forms.CharField):
    """A field that people don't see and robots fill in. Draw it with the class `honeypot`."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "tabindex": "-1", "class": "honeypot"}
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("Leave this field empty"))
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        if value:
            raise ValidationError(_("Leave this field empty."), code="honeypot")
        return ""
