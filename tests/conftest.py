"""What tests of several apps share."""

import os
import re

import pytest

from selfscan.instrument import INSTRUMENTS, parse_instrument
from tests.trust.figures import TABLE

# Playwright's loop stays in this thread once a browser was started; the tests after it talk to the database all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PAGES = {"labs", "pages", "security"}
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


def pytest_collection_modifyitems(items):
    """A test named after a line of `docs/trust.md` belongs to `make trust`, wherever it stands.

    What needs a database or a broker runs a second time in CI, on those of the machine; trust lines bring their own,
    and what is asked of pages (`PAGES`) has the same answer on any server.
    """
    for item in items:
        journey = "journeys" in item.path.parts
        if journey:
            item.add_marker(pytest.mark.journey)
        has_database = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
            item.fixturenames
        )
        if journey or (has_database and PAGES.isdisjoint(item.path.parts)):
            item.add_marker(pytest.mark.external)
        if re.match(r"test_[a-z]\d+_", item.name):
            item.add_marker(pytest.mark.trust)


def pytest_terminal_summary(terminalreporter):
    if TABLE.rows:
        terminalreporter.write_line("")
        terminalreporter.write_line(TABLE.text())
