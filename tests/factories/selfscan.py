"""Scans in every state, made from the published examples."""

import factory
from django.utils import timezone

from selfscan.choices import ResponseState
from selfscan.models import Instrument, Response
from selfscan.services import load_instrument
from selfscan.services.responses import new_reference
from tests.factories.members import CollectiveFactory
from tests.factories.scans import example
from tests.journeys.filling import REAL_PLACES


def shipped_instrument():
    """The first instrument, loaded once per database."""
    from tests.conftest import INSTRUMENT_TEXT

    return Instrument.objects.first() or load_instrument(INSTRUMENT_TEXT)


def answers_of(code):
    """The answers of an example, its invented place replaced by a real one."""
    return example(code, place={"name": REAL_PLACES[code]})


class ResponseFactory(factory.django.DjangoModelFactory):
    """A scan that was just begun; `draft` has every answer, `complete` was sent too. `code` names the example."""

    class Meta:
        model = Response
        skip_postgeneration_save = True

    class Params:
        code = "example_energy"
        draft = factory.Trait(
            answers=factory.LazyAttribute(lambda scan: answers_of(scan.code)),
            version=9,
            seen_sections=["about", "members"],
        )
        complete = factory.Trait(
            draft=True,
            state=ResponseState.COMPLETED,
            completed_at=factory.LazyFunction(timezone.now),
            reference=factory.LazyFunction(new_reference),
            collective=factory.SubFactory(CollectiveFactory),
        )

    instrument = factory.LazyFunction(shipped_instrument)
