"""What the labs' tests share."""

import pytest
from django.core.cache import caches

from members import vocabulary
from tests.factories.labs import make_themes


@pytest.fixture
def words(db):
    """The themes and fields that the factories use, and no kept pages."""
    make_themes()
    caches["pages"].clear()
    yield
    caches["pages"].clear()
    vocabulary.forget()
