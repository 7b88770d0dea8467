"""What an institution says about somebody, as a suggestion of a lab: it gives nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialAccount

from members.models import User
from members.surfconext import AFFILIATIONS, PROVIDER

# In the words of eduPerson; a student or an alumnus is none of these.
WORKS_THERE = frozenset({"employee", "faculty", "staff"})


def lab_of(claims: Mapping[str, Any]) -> str:
    """The code of the lab that fits what was said: of somebody who works at an institution, the Sciencelab; else none."""
    said: set[str] = set()
    for name in AFFILIATIONS:
        value = claims.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                said.add(one.partition("@")[0].strip().lower())
    return "science" if said & WORKS_THERE else ""


def suggested_lab(user: User) -> str:
    """The lab that the person's institution makes likely, or nothing; an admin decides."""
    known = SocialAccount.objects.filter(user_id=user.pk, provider=PROVIDER)
    return next((lab for claims in known.values_list("extra_data", flat=True) if (lab := lab_of(claims))), "")
