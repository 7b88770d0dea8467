"""Made-up lab members in bulk, for demonstrations and benchmarks. Names and texts come from word lists; nobody is meant."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from labs.choices import MembershipEvent
from labs.confirming import a_year_after
from labs.models import Lab, LabMembership, LabMembershipChange
from labs.services.applications import Application, apply
from labs.services.labs import lab_was_changed
from members.choices import Audience, ReviewState
from members.models import PersonalProfile, User

WORDS = json.loads(Path(__file__).with_name("demo_words.json").read_text(encoding="utf-8"))
USUAL = sum(words["share"] for words in WORDS["labs"].values())
DECLARATION = "[demo] Verzonnen verklaring van een verzonnen lid."
DOMAIN = "lableden.example"


@transaction.atomic
def make_lab_members(number: int = USUAL, *, seed: int = 1) -> int:
    """Make accepted members, spread over the labs as they are today; gives how many. The same seed makes the same ones."""
    chance = random.Random(f"labs-{seed}")  # noqa: S311 -- made-up data
    labs = {lab.code: lab for lab in Lab.objects.filter(code__in=WORDS["labs"])}
    codes = list(labs)
    shares = [WORDS["labs"][code]["share"] for code in codes]
    if not codes or number < 1:
        return 0
    chosen = sorted(
        chance.choices(codes, shares, k=number) if number != USUAL else _exactly(codes), key=codes.index
    )
    now, password = timezone.now(), make_password(None)
    taken = set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    addresses = (email for email in (f"lid{serial}@{DOMAIN}" for serial in count(1)) if email not in taken)
    made = [_person(chance, email, password, now) for email, _code in zip(addresses, chosen, strict=False)]
    users = User.objects.bulk_create(made, batch_size=2000)
    memberships = [_member(chance, user, labs[code], now) for user, code in zip(users, chosen, strict=True)]
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users),
        batch_size=2000,
    )
    PersonalProfile.objects.bulk_create((_profile(chance, one) for one in memberships), batch_size=2000)
    LabMembership.objects.bulk_create(memberships, batch_size=2000)
    LabMembershipChange.objects.bulk_create(
        (
            LabMembershipChange(membership=one, event=event, at=at)
            for one in memberships
            for event, at in (
                (MembershipEvent.APPLIED, one.applied_at),
                (MembershipEvent.ACCEPTED, one.decided_at or now),
            )
        ),
        batch_size=2000,
    )
    lab_was_changed()
    return len(memberships)


def _exactly(codes: list[str]) -> list[str]:
    return [code for code in codes for _one in range(WORDS["labs"][code]["share"])]


def _person(chance: random.Random, email: str, password: str, now: datetime) -> User:
    name = f"{chance.choice(WORDS['first'])} {chance.choice(WORDS['last'])}"
    joined = now - timedelta(days=chance.randint(20, 1500))
    return User(email=email, name=name, password=password, date_joined=joined)


def _profile(chance: random.Random, membership: LabMembership) -> PersonalProfile:
    audience = chance.choices([Audience.EVERYONE, Audience.MEMBERS, Audience.NOBODY], [60, 30, 10])[0]
    audiences = {"name": str(audience), "function": str(audience)}
    if chance.random() < 0.3:
        audiences["email"] = str(Audience.MEMBERS)
    return PersonalProfile(user=membership.user, function=membership.function, audiences=audiences)


def _member(chance: random.Random, user: User, lab: Lab, now: datetime) -> LabMembership:
    words = WORDS["labs"][lab.code]
    decided = min(user.date_joined + timedelta(days=2), now)
    confirmed = now - timedelta(days=chance.randint(0, min(330, (now - decided).days)))
    if chance.random() < 0.05:  # a few are late with it
        confirmed = max(now - timedelta(days=chance.randint(366, 500)), decided)
    membership = LabMembership(
        lab=lab,
        user=user,
        state=ReviewState.APPROVED,
        declaration=DECLARATION,
        declared_at=user.date_joined,
        applied_at=user.date_joined,
        decided_at=decided,
        confirmed_at=confirmed,
        confirm_by=a_year_after(timezone.localdate(confirmed)),
        **_what_they_know(chance, lab.code, words),
    )
    if chance.random() < 0.06:
        today = timezone.localdate(now)
        membership.absent_from = today - timedelta(days=chance.randint(0, 10))
        membership.absent_until = today + timedelta(days=chance.randint(1, 30))
    return membership


def _what_they_know(chance: random.Random, code: str, words: dict[str, Any]) -> dict[str, Any]:
    dutch = [place for place, region in WORDS["places"].items() if region.startswith("NL")]
    place = chance.choice(dutch if code in ("finance", "government") else list(WORDS["places"]))
    fields = chance.sample(list(WORDS["fields"]), chance.choice((1, 1, 2, 3)))
    named = " en ".join(WORDS["fields"][field] for field in fields[:2])
    years = chance.randint(3, 28)
    return {
        "organisation": chance.choice(words["organisations"]).format(place=place),
        "function": chance.choice(words["functions"]),
        "expertise": f"Al {years} jaar {words['knows']} collectieven die zich bezighouden met {named}.",
        "themes": chance.sample(words["themes"], chance.choice((1, 2, 2, 3))),
        "sectors": fields,
        "regions": [WORDS["places"][place]] if chance.random() < 0.5 else [],
        "brings": chance.choice(words["brings"]),
        "website": "https://organisatie.example/" if chance.random() < 0.6 else "",
        "capacity": chance.choice((1, 1, 1, 2, 2, 4)),
    }


def join_lab(user: User, lab: Lab) -> None:
    """This person is an accepted member of this lab, with made-up expertise; nothing happens when they are already."""
    if LabMembership.objects.running().filter(user=user, lab=lab).exists():
        return
    membership = _member(random.Random(f"{user.email}"), user, lab, timezone.now())  # noqa: S311 -- made-up data
    membership.absent_from = membership.absent_until = None
    membership.confirm_by = a_year_after(timezone.localdate())
    membership.save()
    names = {"name": str(Audience.EVERYONE)}
    PersonalProfile.objects.get_or_create(user=user, defaults={"audiences": names})
    membership.history.create(event=MembershipEvent.ACCEPTED, at=membership.decided_at or timezone.now())


def make_applications() -> None:
    """Two applications that came in just now, by the way that every one takes: the team's queue has work."""
    for code, email, name in (("network", "sam", "Sam Sollicitant"), ("finance", "kim", "Kim Kandidaat")):
        lab = Lab.objects.filter(code=code).first()
        if lab is None:
            continue
        address = f"{email}@{DOMAIN}"
        user = User.objects.filter(email=address).first() or User.objects.create_user(address, name=name)
        EmailAddress.objects.get_or_create(
            user=user, email=address, defaults={"verified": True, "primary": True}
        )
        chance = random.Random(address)  # noqa: S311 -- made-up data
        apply(user, lab, Application(**_what_they_know(chance, code, WORDS["labs"][code])))
