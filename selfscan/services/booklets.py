"""The questionnaire to read beforehand, as a file that is drawn once per instrument and language."""

from __future__ import annotations

from django.conf import settings

from collectievekracht.common import outbox, storage
from selfscan.definitions import definition_of
from selfscan.models import Instrument
from selfscan.reports import REPORT_VERSION, questionnaire_pdf

TASK = "selfscan.draw_questionnaire"


def promise_questionnaire(instrument: Instrument) -> None:
    """Promise that the files are drawn, so that nobody who asks for one has to wait for it."""
    outbox.promise(TASK, instrument.pk, version=REPORT_VERSION)


def draw_questionnaire(pk: int, version: str) -> None:
    """Draw the files of an instrument, in every language."""
    instrument = Instrument.objects.get(pk=pk)
    for language, _name in settings.LANGUAGES:
        questionnaire_file(instrument, language)


def questionnaire_file(instrument: Instrument, language: str) -> str:
    """The name of the file in the private store; it is drawn now if nobody did so before."""
    name = f"questionnaires/{instrument.sha256[:16]}-{language}-{REPORT_VERSION}.pdf"
    if not storage.exists(name):
        storage.write_atomically(name, questionnaire_pdf(definition_of(instrument), language))
    return name
