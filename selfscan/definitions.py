"""Instruments as they are stored, read once per process."""

from __future__ import annotations

from selfscan.instrument import Definition, parse_instrument
from selfscan.models import Instrument

_definitions: dict[str, Definition] = {}


def definition_of(instrument: Instrument) -> Definition:
    """The instrument, read: once per process and content."""
    if instrument.sha256 not in _definitions:
        _definitions[instrument.sha256] = parse_instrument(instrument.text)
    return _definitions[instrument.sha256]
