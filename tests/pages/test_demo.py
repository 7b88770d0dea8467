"""The demonstration: one command fills the platform."""

import stat
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command

from members.models import Collective, User

pytestmark = pytest.mark.django_db
ROLES = ["admin", "admin2", "representative", "colleague", "newcomer"]


@pytest.fixture
def accounts(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "accounts.txt"


def test_demo_makes_collectives_and_a_sign_in_for_every_role(accounts, instrument, client):
    out = StringIO()
    call_command("demo", collectives=12, seed=4, stdout=out)
    assert Collective.objects.published().count() == 12
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    lines = [line.split(" ") for line in accounts.read_text().splitlines()]
    assert [line[0] for line in lines] == ROLES
    for role, email, password, *secret in lines:
        user = User.objects.get(email=email)
        assert user.check_password(password)
        assert user.emailaddress_set.get().verified
        assert user.is_staff == bool(secret) == role.startswith("admin")
        if secret:
            assert TOTP(user.authenticator_set.get()).instance.data["secret"]
        assert user.memberships.count() == (role in ("representative", "colleague"))


def test_demo_twice_adds_collectives_and_gives_new_passwords(accounts, instrument):
    call_command("demo", collectives=3, seed=4, stdout=StringIO())
    before = accounts.read_text()
    call_command("demo", collectives=3, seed=4, stdout=StringIO())
    assert Collective.objects.published().count() == 6
    assert User.objects.count() == len(ROLES)
    assert accounts.read_text() != before
    assert all(
        word not in accounts.read_text() for line in before.splitlines() for word in line.split(" ")[2:]
    )


def test_demo_refuses_a_number_that_is_none(accounts):
    with pytest.raises(CommandError):
        call_command("demo", collectives=-1, stdout=StringIO())
