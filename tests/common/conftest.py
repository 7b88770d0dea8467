"""What the machinery's tests share."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from collectievekracht.common import outbox
from collectievekracht.common.registry import admin_addresses


@pytest.fixture(autouse=True)
def _quiet(settings):
    """No message to the broker but where a test is about that; two admins who are told."""
    settings.OUTBOX_PUBLISH = False
    settings.ADMINS_NOTIFY = ["admin@example.org", "second@example.org"]
    source, admin_addresses.source = admin_addresses.source, None
    outbox.broker_breaker.reset()
    yield
    admin_addresses.source = source
    outbox.broker_breaker.reset()


@pytest.fixture
def step():
    """Registers steps under names of their own and forgets them afterwards."""
    autodiscover_modules("tasks")  # they register once, when they are imported
    before = dict(outbox._steps)

    def make(act, name="test.step", **options):
        outbox.task(name, **{"backoff": (0,)} | options)(act)
        return name

    yield make
    outbox._steps.clear()
    outbox._steps.update(before)


@pytest.fixture
def at_once():
    """Run a function in many threads at the same time, each with a database connection of its own."""

    def run(act, times, threads=20):
        def one(number):
            try:
                return act(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(times)))

    return run
