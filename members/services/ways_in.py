"""What opens an account, while nobody has proven its address yet."""

from __future__ import annotations

from collections.abc import Collection

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from members.models import User


@transaction.atomic
def keep_only_shown(user: User, *, by_code: bool, shown: Collection[str]) -> None:
    """Take away the ways in that may be somebody else's, who made an account with this address before its owner did.

    A connection with SURFconext stays if this session came by it. A password stays unless the owner proved the address
    by a sign-in code: then whoever chose the password is somebody that this session knows nothing of.
    """
    SocialAccount.objects.filter(user_id=user.pk).exclude(uid__in=shown).delete()
    if by_code and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
