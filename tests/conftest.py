"""What tests of several apps share."""

import os
import re

import pytest
from django.utils import translation

from selfscan.instrument import INSTRUMENTS, parse_instrument
from tests.trust.figures import TABLE

# Playwright's loop stays in this thread once a browser was started; the tests after it talk to the database all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PAGES = {"labs", "pages", "security"}
# What a test needs decides with what it may run at once; `tests/__main__.py` starts these parts.
PARTS = ("beside", "journeys", "trust", "drawn", "alone")
# What measures time, starts processes of its own or looks into the broker has the machine to itself.
ALONE_FOLDERS = {"bench", "lighthouse", "local"}
ALONE_FILES = {
    "test_caches.py",
    "test_e_accounts.py",
    "test_health.py",
    "test_outbox.py",
    "test_surfconext.py",
}
# Guessing is as hard as on the platform where a test is about that (`tests/security/test_e_accounts.py`), else quick.
QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
INSTRUMENT_TEXT = (INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def definition():
    """The first instrument, read; needs no database."""
    return parse_instrument(INSTRUMENT_TEXT)


@pytest.fixture
def instrument(db):
    """The first instrument, loaded, with its vocabulary."""
    from members import vocabulary
    from selfscan.services import load_instrument

    vocabulary.forget()
    yield load_instrument(INSTRUMENT_TEXT)
    vocabulary.forget()


@pytest.fixture(autouse=True)
def in_dutch():
    """Every test begins in Dutch, whatever language a page before it was drawn in."""
    translation.activate("nl")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Django's own; and tests whose database commits may empty its tables, which the audit trail refuses of itself."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'audit_not_emptied') THEN "
            "ALTER TABLE common_auditevent DISABLE TRIGGER audit_not_emptied; END IF; END $$"
        )


@pytest.fixture(scope="session")
def live_platform():
    """Web, workers, scheduler, PostgreSQL and Redis as live processes, for journeys and faults alike."""
    from tests.trust.platform import Platform, services_are_given

    with Platform(own_services=not services_are_given()) as platform:
        yield platform


@pytest.fixture(scope="session")
def table():
    """What was seen beside what it must be; printed at the end, and by `make trust`."""
    return TABLE


def pytest_addoption(parser):
    parser.addoption("--part", choices=PARTS, help="only the tests of this part")


def pytest_configure(config):
    """Workers beside each other have a database each; of the cache in Redis, each gets the keys of its own."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = [QUICK_HASHER]
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        settings.CACHES["pages"]["KEY_PREFIX"] += worker


def _part_of(item):
    """Live processes, a browser that is handed every page, the machine for itself, or nothing of these."""
    for folder in ("journeys", "trust"):
        if folder in item.path.parts:
            return folder
    # A test whose database commits empties it afterwards, of what migrations wrote too: it comes after all others.
    database = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"}.intersection(item.fixturenames) or (
        database and database.kwargs.get("transaction")
    )
    if commits or ALONE_FOLDERS.intersection(item.path.parts) or item.path.name in ALONE_FILES:
        return "alone"
    return "drawn" if "quality" in item.path.parts or "browser" in item.fixturenames else "beside"


def pytest_collection_modifyitems(config, items):
    """A test named after a line of `docs/trust.md` belongs to `make trust`, wherever it stands.

    What needs a database or a broker runs a second time in CI, on those of the machine, and with it the journeys that
    need every process (they are marked); trust lines bring their own, and what is asked of pages (`PAGES`) has the same
    answer on any server.
    """
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
        has_database = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
            item.fixturenames
        )
        if has_database and PAGES.isdisjoint(item.path.parts):
            item.add_marker(pytest.mark.external)
        if re.match(r"test_[a-z]\d+_", item.name):
            item.add_marker(pytest.mark.trust)
    if part := config.getoption("--part"):
        left_out = [item for item in items if _part_of(item) != part]
        items[:] = [item for item in items if _part_of(item) == part]
        config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["trust"] = TABLE.rows


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    TABLE.rows += map(tuple, getattr(node, "workeroutput", {}).get("trust", ()))


def pytest_terminal_summary(terminalreporter):
    if TABLE.rows:
        terminalreporter.write_line("")
        terminalreporter.write_line(TABLE.text())
