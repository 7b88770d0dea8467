"""Whom the doors take for an admin: a platform admin who showed a second factor in this session, and nobody else."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectievekracht.pages.second_factor import SignedInMiddleware
from members.models import Collective
from selfscan.models import Response
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import give_factor, sign_in

pytestmark = pytest.mark.django_db
# Role: whether it is an admin's account, has a second factor, and showed it.
ROLES = {
    "stranger": (False, False, False),
    "stranger who showed a factor": (False, True, True),
    "admin without a factor": (True, False, False),
    "admin who didn't show it": (True, True, False),
    "admin whose factor was removed": (True, False, True),
    "admin": (True, True, True),
}
ADMINS = {"admin"}


def signed_in(role):
    """A client of somebody with this role."""
    is_admin, has_factor, shown = ROLES[role]
    person = UserFactory(admin=is_admin)
    if has_factor:
        give_factor(person)
    return sign_in(Client(), person, second_factor=shown)


@pytest.fixture
def draft_page():
    return CollectiveFactory(proposed=True).get_absolute_url()


@pytest.fixture
def old_draft(instrument):
    scan = ResponseFactory(draft=True)
    Response.objects.filter(pk=scan.pk).update(saved_at=timezone.now() - timedelta(days=91))
    return f"/zelfscan/{scan.token}/"


@pytest.fixture
def old_report(instrument):
    scan = ResponseFactory(complete=True)
    Response.objects.filter(pk=scan.pk).update(completed_at=timezone.now() - timedelta(days=31))
    return f"/zelfscan/{scan.token}/klaar/"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("thing", ["draft_page", "old_draft", "old_report"])
def test_only_an_admin_who_showed_a_factor_sees_what_others_may_not(role, thing, request):
    address = request.getfixturevalue(thing)
    assert signed_in(role).get(address).status_code == (200 if role in ADMINS else 404)


def test_an_admin_without_a_factor_is_still_a_representative():
    collective, person = CollectiveFactory(proposed=True), UserFactory(admin=True)
    MembershipFactory(user=person, collective=collective)
    client = sign_in(Client(), person, second_factor=False)
    assert client.get(collective.get_absolute_url()).status_code == 200


def test_outside_a_request_nobody_is_an_admin():
    CollectiveFactory(proposed=True)
    admin = give_factor(UserFactory(admin=True))
    assert (admin.is_admin, Collective.objects.visible_to(admin).count()) == (False, 0)


def test_removing_the_factor_counts_at_the_next_request(draft_page):
    client = signed_in("admin")
    assert client.get(draft_page).status_code == 200
    Authenticator.objects.all().delete()
    assert client.get(draft_page).status_code == 404


def test_who_asks_nothing_about_the_person_pays_nothing():
    request = RequestFactory().get("/")
    request.session = sign_in(Client(), give_factor(UserFactory(admin=True))).session
    request.session.get("read")
    with CaptureQueriesContext(connection) as queries:
        SignedInMiddleware(lambda request: None)(request)
        asked = [len(queries)]
        assert request.user.is_staff
        asked.append(len(queries))
        assert (request.user.is_admin, request.user.is_admin) == (True, True)
        asked.append(len(queries))
    assert asked == [0, 1, 2]


def test_a_visitor_is_a_visitor():
    request = RequestFactory().get("/")
    request.session = Client().session
    SignedInMiddleware(lambda request: None)(request)
    assert request.user == AnonymousUser()


DOORS = {"visible_to", "open_to", "behind"}


def test_doors_ask_who_is_an_admin_and_not_who_is_staff():
    root = Path(settings.BASE_DIR)
    doors = [
        node
        for app in (
            "collectievekracht",
            "events",
            "forums",
            "labs",
            "library",
            "members",
            "newsletter",
            "selfscan",
        )
        for file in (root / app).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in DOORS
    ]
    assert {"visible_to", "open_to"} <= {door.name for door in doors}
    asked = {each.attr for door in doors for each in ast.walk(door) if isinstance(each, ast.Attribute)}
    assert asked & {"is_staff", "is_superuser", "is_admin"} == {"is_admin"}
