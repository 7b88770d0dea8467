"""What a researcher without a second step sees on their own page, until they showed one."""

import pytest
from django.core.cache import cache
from django.test import Client

from labs.models import Lab
from tests.factories.members import UserFactory
from tests.factories.signing_in import give_factor, sign_in
from tests.security.roles import in_lab

WORDS = "Gebruik een tweede stap voordat je onderzoek doet"


@pytest.fixture
def researcher(instrument):
    lab = Lab.objects.get(code="science")
    Lab.objects.filter(pk=lab.pk).update(does_research=True)
    person = UserFactory()
    in_lab(person, "science")
    cache.clear()
    return person


def page(person, **how):
    return sign_in(Client(), person, **how).get("/mijn/").content.decode()


def test_a_researcher_is_told_the_way_until_a_factor_was_shown(researcher):
    html = page(researcher, second_factor=False)
    assert WORDS in html
    assert 'href="/account/2fa/"' in html
    assert "research/weg/" not in html, "it can't be put away"
    give_factor(researcher)
    assert 'href="/account/2fa/reauthenticate/?next=/mijn/"' in page(researcher, second_factor=False)
    assert WORDS not in page(researcher)


def test_nobody_else_is_told(researcher):
    Lab.objects.update(does_research=False)
    assert WORDS not in page(researcher, second_factor=False)
    assert WORDS not in page(UserFactory(), second_factor=False)
