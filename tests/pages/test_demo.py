"""The demonstration: one command fills the platform."""

import stat
from importlib import import_module
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import CommandError, call_command

from labs.demo import USUAL, make_lab_members
from labs.models import Lab, LabMembership
from members.choices import WorkKind
from members.models import Collective, User, WorkItem

pytestmark = pytest.mark.django_db
LABS = ["science", "finance", "government", "network", "supporters"]
ROLES = ["admin", "admin2", "representative", "colleague", *LABS, "researcher", "newcomer"]


@pytest.fixture
def accounts(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "accounts.txt"


def test_demo_makes_collectives_and_a_sign_in_for_every_role(accounts, instrument, first_labs, client):
    out = StringIO()
    call_command("demo", collectives=12, lab_members=9, seed=4, stdout=out)
    assert Collective.objects.published().count() == 12
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    lines = [line.split(" ") for line in accounts.read_text().splitlines()]
    assert [line[0] for line in lines] == ROLES
    for role, email, password, *secret in lines:
        user = User.objects.get(email=email)
        assert user.check_password(password)
        assert user.emailaddress_set.get().verified
        assert user.is_staff == role.startswith("admin")
        assert bool(secret) == (user.is_staff or role == "researcher")
        labs = {"researcher": ["science"]}.get(role, [role] if role in LABS else [])
        assert (
            list(LabMembership.objects.in_force().filter(user=user).values_list("lab__code", flat=True))
            == labs
        )
        if secret:
            assert TOTP(user.authenticator_set.get()).instance.data["secret"]
        assert user.memberships.count() == (role in ("representative", "colleague"))


def test_demo_twice_adds_collectives_and_gives_new_passwords(accounts, instrument, first_labs):
    call_command("demo", collectives=3, lab_members=4, seed=4, stdout=StringIO())
    before = accounts.read_text()
    call_command("demo", collectives=3, lab_members=4, seed=4, stdout=StringIO())
    assert Collective.objects.published().count() == 6
    assert User.objects.count() == len(ROLES) + 2 * 4 + 2  # and two who applied
    assert LabMembership.objects.in_force().count() == len(LABS) + 1 + 2 * 4
    assert WorkItem.objects.open().filter(kind=WorkKind.APPLICATION).count() == 2
    assert accounts.read_text() != before
    assert all(
        word not in accounts.read_text() for line in before.splitlines() for word in line.split(" ")[2:]
    )


def test_demo_refuses_a_number_that_is_none(accounts):
    for wrong in ({"collectives": -1}, {"lab_members": -1}):
        with pytest.raises(CommandError):
            call_command("demo", **wrong, stdout=StringIO())


@pytest.fixture
def first_labs(db):
    """The labs as a new platform has them, also where another test emptied the tables."""
    import_module("labs.migrations.0002_first_labs").add_labs(apps, None)


def test_lab_members_are_spread_as_they_are_today(first_labs, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert make_lab_members() == USUAL
    counts = {lab.code: lab.memberships.in_force().count() for lab in Lab.objects.all()}
    assert counts == {"science": 62, "finance": 28, "government": 47, "network": 31, "supporters": 12}
