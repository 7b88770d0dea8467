"""One platform for all lines, on a scratch DATA; each line finds it whole and leaves it so."""

import pytest

from tests.trust.platform import Platform, services_are_given


@pytest.fixture(scope="session")
def _platform(request):
    """The one of the journeys, unless that lives on servers that must not be killed."""
    if not services_are_given():
        yield request.getfixturevalue("live_platform")
        return
    with Platform() as platform:
        yield platform


@pytest.fixture
def platform(_platform):
    """PostgreSQL, Redis, web, workers and scheduler that run and are idle."""
    _platform.make_whole()
    yield _platform
    _platform.make_whole()
