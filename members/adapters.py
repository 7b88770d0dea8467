"""How allauth is bent to this platform."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as here
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from collectievekracht.common import limits
from members import emails

BY_SURFCONEXT = ("openid_connect_callback", "socialaccount_signup")
NOWHERE = "0.0.0.0"  # noqa: S104 -- no address to listen on: what stands in the place of one that can't be read


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, with our one answer to who a request comes from, and nothing that tells who is known."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address as our own limits count by, of a household its first: it is also kept with a session."""
        ip = limits.client_ip(request).partition("/")[0]
        return ip if ip != limits.UNKNOWN else NOWHERE

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent on to this address: on this host only; one that can't be read is not."""
        request = here.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of the address; and take as long as making an account would, which hashes a password.

        Somebody who came through SURFconext makes an account without one, and reads how to connect it.
        """
        match = here.request.resolver_match
        if match is None or match.url_name not in BY_SURFCONEXT:
            make_password("as slow as a new account")
            super().send_account_already_exists_mail(email)
            return
        links = {"login_url": here.request.build_absolute_uri(reverse("account_login"))}
        self.send_mail("account/email/surfconext_known", email, links)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send by the one mailer, so that a mail server that is away stops no sign-in."""
        message = self.render_mail(
            template_prefix, email, {"request": here.request, "email": email} | context
        )
        emails.send_account(
            to=email,
            occasion=uuid4().hex,
            subject=str(message.subject),
            body=str(message.body),
            language=get_language() or "nl",
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's behaviour, under the platform's name."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """How a browser names the site that a passkey is for."""
        return super().get_public_key_credential_rp_entity() | {"name": "CollectieveKracht"}
