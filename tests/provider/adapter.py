"""What the provider says of its people; some of them lie."""

import json
import os

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

PEOPLE = json.loads(os.environ["PROVIDER_PEOPLE"])


class Adapter(DefaultOIDCAdapter):
    """Every person is named by the `sub` that stands for them."""

    def get_user_sub(self, client, user):
        return user.username

    def get_user_by_sub(self, client, sub):
        return type(self)._people().filter(username=sub).first()

    @staticmethod
    def _people():
        from django.contrib.auth import get_user_model

        return get_user_model().objects

    def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
        claims = {"sub": user.username} | {
            name: value for name, value in PEOPLE[user.username].items() if name[0] != "_"
        }
        if purpose == "userinfo":
            claims |= PEOPLE[user.username].get("_userinfo", {})
        return {name: value for name, value in claims.items() if value is not None}

    def populate_id_token(self, id_token, client, scopes, **kwargs):
        id_token.update(PEOPLE[id_token["sub"]].get("_id_token", {}))
