"""The directory's copy, which the database keeps by itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from members.choices import ConsentKind, PinPrecision, ReviewState
from members.models import Collective, CollectiveProfile, DirectoryEntry, MapPin
from members.services.collectives import place_pin
from members.services.consents import withdraw_consent
from tests.factories.members import CollectiveFactory, ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_entries_hold_published_collectives_only(count):
    shown = CollectiveFactory.create_batch(count, published=True)
    CollectiveFactory(proposed=True)
    CollectiveFactory(state=ReviewState.APPROVED)  # without consent to a page
    assert set(DirectoryEntry.objects.values_list("pk", flat=True)) == {one.pk for one in shown}


def test_entry_follows_text_pin_and_name():
    collective = CollectiveFactory(published=True)
    CollectiveProfile.objects.update(description="Wij doen iets met Ünïcode.", place_name="Apeldoorn")
    MapPin.objects.update(latitude=52.2)
    Collective.objects.update(slug="anders")
    entry = DirectoryEntry.objects.get()
    assert "unicode" in entry.search
    assert (entry.place_name, entry.latitude, entry.slug) == ("Apeldoorn", 52.2, "anders")
    MapPin.objects.all().delete()
    entry.refresh_from_db()
    assert entry.latitude is None
    place_pin(collective, latitude=52.0, longitude=5.0, precision=PinPrecision.EXACT)
    entry.refresh_from_db()
    assert (entry.latitude, entry.longitude) == (52.0, 5.0)


def test_entry_keeps_the_public_text_while_a_newer_one_waits():
    collective = CollectiveFactory(published=True)
    ProfileFactory(collective=collective, revision=99, description="Nieuw en nog niet gelezen door het team.")
    assert "nieuw" not in DirectoryEntry.objects.get().search


@pytest.mark.parametrize(
    "hide",
    [
        lambda collective: Collective.objects.filter(pk=collective.pk).update(state=ReviewState.REFUSED),
        lambda collective: withdraw_consent(collective, ConsentKind.PROFILE),
        lambda collective: collective.published_profile.delete(),
        lambda collective: collective.delete(),
    ],
    ids=["state", "consent", "text", "collective"],
)
def test_entry_goes_in_the_transaction_that_hides_its_collective(hide):
    collective, other = CollectiveFactory.create_batch(2, published=True)
    hide(collective)
    assert list(DirectoryEntry.objects.values_list("pk", flat=True)) == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_entry_has_both_of_two_changes_at_once():
    def change(pk, step):
        try:
            with transaction.atomic():
                step(pk)
        finally:
            connection.close()

    for _ in range(5):
        collective = CollectiveFactory(published=True, pin=None, state=ReviewState.APPROVED)
        Collective.objects.filter(pk=collective.pk).update(state=ReviewState.PENDING)
        with ThreadPoolExecutor(2) as pool:
            steps = (
                lambda pk: Collective.objects.filter(pk=pk).update(state=ReviewState.APPROVED),
                lambda pk: MapPin.objects.create(
                    collective_id=pk, latitude=52, longitude=5, precision="exact"
                ),
            )
            list(pool.map(change, [collective.pk] * 2, steps))
        assert DirectoryEntry.objects.get(pk=collective.pk).latitude == 52
