"""Who may come: a person of every role on the small platform, each with a browser in which they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from labs.models import Lab, LabMembership
from members.choices import ReviewState, Role
from members.models import User
from tests.factories.members import PASSWORD, CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in
from tests.security.world import World

LABS = ("science", "finance", "government", "network", "supporters")
ROLES = (
    "anonymous", "unverified", "newcomer", "colleague", "representative", "other representative", *LABS,
    "researcher", "expired researcher", "admin", "suspended",
)  # fmt: skip
# A platform admin who didn't show a second factor: asked at every address too, beside the fifteen.
WITHOUT_FACTOR = "admin without factor"


@dataclass(frozen=True)
class Someone:
    """A person of a role, and their browser; who never signed in is nobody."""

    role: str
    client: Client
    user: User | None


def _browser(number: int) -> Client:
    """A browser at an address of its own, so that no limit of one counts for another."""
    return Client(raise_request_exception=False, REMOTE_ADDR=f"198.51.100.{number}")


def in_lab(user: User, code: str, **fields: object) -> LabMembership:
    """The person, accepted in this lab."""
    now = timezone.now()
    given: dict[str, object] = {
        "state": ReviewState.APPROVED,
        "organisation": "Hogeschool Voorbeeld",
        "expertise": "Coöperaties en geld.",
        "themes": ["financing"],
        "brings": "Tijd en kennis.",
        "declaration": "Ik verkoop hier niets.",
        "decided_at": now,
        "confirmed_at": now,
        "confirm_by": timezone.localdate() + timedelta(days=365),
    }
    return LabMembership.objects.create(lab=Lab.objects.get(code=code), user=user, **(given | fields))


def make_people(world: World) -> dict[str, Someone]:
    """Someone of each role."""
    for code in LABS:
        Lab.objects.get_or_create(code=code, defaults={"nl": code, "en": code})
    Lab.objects.filter(code="science").update(does_research=True)

    def person(role: str) -> User:
        return UserFactory(email=f"{role.replace(' ', '-')}@rollen.example", name=f"Rol {role}")

    users: dict[str, User] = {"representative": world.representative, "admin": world.admin}
    for role in ROLES[2:]:
        users.setdefault(role, person(role))
    MembershipFactory(user=users["colleague"], collective=world.published, role=Role.COLLEAGUE)
    elsewhere = CollectiveFactory(published=True, name="Ander Dorp", slug="ander-dorp")
    MembershipFactory(user=users["other representative"], collective=elsewhere)
    for code in LABS:
        in_lab(users[code], code)
    in_lab(users["researcher"], "science")
    in_lab(users["expired researcher"], "science", ended_at=timezone.now() - timedelta(days=1))
    MembershipFactory(user=users["suspended"], collective=world.published)

    found = {"anonymous": Someone("anonymous", _browser(1), None)}
    for number, (role, user) in enumerate(users.items(), start=10):
        browser = _browser(number)
        if role in ("admin", "researcher", "expired researcher"):
            enter_admin(browser, user)
        else:
            sign_in(browser, user, second_factor=False)
        found[role] = Someone(role, browser, user)
    User.objects.filter(pk=users["suspended"].pk).update(is_active=False)

    unproven = UserFactory(email="onbevestigd@rollen.example", verified=False)
    browser = _browser(2)
    browser.post("/account/login/", {"login": unproven.email, "password": PASSWORD})
    found["unverified"] = Someone("unverified", browser, unproven)

    boss = give_factor(UserFactory(admin=True, email="half@rollen.example", name="Half Beheer"))
    browser = _browser(3)
    sign_in(browser, boss, second_factor=False)
    found[WITHOUT_FACTOR] = Someone(WITHOUT_FACTOR, browser, boss)
    return {role: found[role] for role in (*ROLES, WITHOUT_FACTOR)}
