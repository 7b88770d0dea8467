"""What the attacks share: a small platform, its people, and what they type."""

import pytest
from django.core.cache import cache, caches
from django.test import Client

from collectievekracht.common import outbox
from collectievekracht.common.storage import PrivateFiles, private_storage
from tests.conftest import INSTRUMENT_TEXT
from tests.factories.signing_in import enter_admin, sign_in
from tests.security.asking import Undone
from tests.security.standing import stand
from tests.security.world import make_world


@pytest.fixture(scope="session")
def _files(tmp_path_factory):
    """A private store of the tests' own, for all of them: the questionnaire is drawn once."""
    return PrivateFiles(location=str(tmp_path_factory.mktemp("private")))


@pytest.fixture(autouse=True)
def _apart(settings, _files, monkeypatch):
    """Nothing is left by another test, nothing goes to a broker, no file lands among the real ones."""
    settings.OUTBOX_PUBLISH = False
    monkeypatch.setattr(private_storage, "_wrapped", _files)
    outbox.broker_breaker.reset()
    caches["pages"].clear()


@pytest.fixture
def world(instrument, monkeypatch):
    return make_world(monkeypatch)


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker, _files):
    """The platform with somebody of every role, made once for all tests of a module, which is marked `django_db`."""
    with django_db_blocker.unblock(), stand(_files, INSTRUMENT_TEXT) as found:
        yield found


@pytest.fixture
def people(world):
    """A client for each kind of person."""
    clients = {name: Client(raise_request_exception=False) for name in ("visitor", "representative", "admin")}
    sign_in(clients["representative"], world.representative)
    enter_admin(clients["admin"], world.admin)
    return clients


@pytest.fixture
def by_itself(people):
    """Does a request as if nothing was asked before, and as if it never happened afterwards."""
    cookies = {name: person.cookies.copy() for name, person in people.items()}
    cache.clear()

    def run(act):
        with Undone():
            found = act()
        for name, person in people.items():
            person.cookies = cookies[name].copy()
        return found

    return run


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    options = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
    return browser_type_launch_args | options
