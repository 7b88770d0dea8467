"""Made-up collectives."""

import pytest

from members import demo
from members.models import Collective, Consent, DirectoryEntry, MapPin

pytestmark = pytest.mark.django_db


def test_made_up_collectives_are_public_and_consented():
    ids = demo.make_collectives(60, seed=3)
    assert len(set(ids)) == 60
    assert Collective.objects.published().count() == DirectoryEntry.objects.count() == 60
    assert Consent.objects.in_force().filter(kind="profile").count() == 60
    assert 40 < MapPin.objects.count() < 60
    assert not Collective.objects.exclude(contact_email__endswith=".example").exists()
    assert not DirectoryEntry.objects.filter(summary="").exists()


def test_same_seed_makes_the_same():
    first = [
        c.name for c in Collective.objects.filter(pk__in=demo.make_collectives(20, seed=5)).order_by("pk")
    ]
    again = [
        c.name for c in Collective.objects.filter(pk__in=demo.make_collectives(20, seed=5)).order_by("pk")
    ]
    assert first == again
