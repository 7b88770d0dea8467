"""Sign-in through SURFconext: by the stable `sub` that the institution gives, never by an e-mail address alone."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

PROVIDER = "surfconext"
AFFILIATIONS = ("eduperson_affiliation", "eduperson_scoped_affiliation")
# What is kept of all that the institution says: what a suggestion of a lab is made of.
KEPT = (*AFFILIATIONS, "schac_home_organization")
MOST_KEPT = 20  # of a list, and ten times as many characters


def is_given() -> bool:
    """Whether the platform was told how to reach SURFconext."""
    return bool(
        settings.SURFCONEXT_SERVER_URL and settings.SURFCONEXT_CLIENT_ID and settings.SURFCONEXT_SECRET
    )


def kept(claims: dict[str, Any]) -> dict[str, Any]:
    """The few claims that are written down, cut to size."""
    found: dict[str, Any] = {}
    for name in KEPT:
        value = claims.get(name)
        if isinstance(value, str):
            found[name] = value[: 10 * MOST_KEPT]
        elif isinstance(value, list):
            found[name] = [one[: 10 * MOST_KEPT] for one in value[:MOST_KEPT] if isinstance(one, str)]
    return found


class SurfconextAdapter(DefaultSocialAccountAdapter):
    """One provider, from the settings alone; it proves no address and keeps little."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one provider, if it is set up; nothing is read from the database."""
        known = is_given() and provider in (None, PROVIDER, "openid_connect")
        if not known or client_id not in (None, settings.SURFCONEXT_CLIENT_ID):
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name="SURFconext",
                client_id=settings.SURFCONEXT_CLIENT_ID,
                secret=settings.SURFCONEXT_SECRET,
                settings={"server_url": settings.SURFCONEXT_SERVER_URL, "oauth_pkce_enabled": True},
            )
        ]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """A person with the name that the institution gave; what it said besides is forgotten before it is written.

        The two answers of the provider must be about one person, and an address is proven the platform's own way.
        """
        said = sociallogin.account.extra_data
        person, token = said.get("userinfo") or {}, said.get("id_token") or {}
        if not token.get("sub") or person.get("sub", token["sub"]) != token["sub"]:
            raise OAuth2Error("The answers of the provider are about two people.")
        sociallogin.account.extra_data = kept(token | person)
        for address in sociallogin.email_addresses:
            address.verified = False
        user: Any = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:120].replace("\0", "")
        user.language = get_language() or settings.LANGUAGE_CODE
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider's token has done its work: it is kept nowhere, not even in a session."""
        sociallogin.token = None
