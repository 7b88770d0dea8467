"""What tests of members share."""

import pytest
from django.core.cache import caches
from django.utils import translation

from members import vocabulary
from members.choices import TermKind
from tests.factories.members import make_terms


@pytest.fixture(autouse=True)
def clean_start():
    """No test sees what another left in the cache of pages, or its language."""
    caches["pages"].clear()
    with translation.override("nl"):
        yield


@pytest.fixture
def terms(db):
    """A small vocabulary, read already."""
    make_terms()
    vocabulary.labels(TermKind.SECTOR, "nl")
    yield
    vocabulary.forget()
