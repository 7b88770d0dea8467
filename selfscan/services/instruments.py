"""Instruments: loaded from a file, stored once, never changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from members import vocabulary
from members.choices import TermKind
from members.models import Term
from selfscan.definitions import definition_of
from selfscan.instrument import Definition, instrument_hash, parse_instrument
from selfscan.models import Instrument

__all__ = ["current_instrument", "definition_of", "load_instrument"]

QUESTION_TERMS = {
    TermKind.SECTOR: "sectors",
    TermKind.LEGAL_FORM: "legal_form",
    TermKind.PHASE: "phase",
    TermKind.SCALE: "geo_scale",
    TermKind.TARGET_GROUP: "target_groups",
    TermKind.IMPACT: "impact_areas",
    TermKind.OFFER: "offer_types",
}


@transaction.atomic
def load_instrument(text: str) -> Instrument:
    """Store this instrument and its vocabulary; the same file again changes nothing.

    Raises `InstrumentError` with the place and the reason when the file is wrong, and `ValueError` when another
    file was published under the same version.
    """
    definition = parse_instrument(text)
    sha256 = instrument_hash(text)
    instrument = Instrument.objects.filter(sha256=sha256).first()
    if not instrument:
        if Instrument.objects.filter(code=definition.instrument.code, version=definition.version).exists():
            raise ValueError(f"Version {definition.version} was published with another content.")
        instrument = Instrument.objects.create(
            code=definition.instrument.code,
            version=definition.version,
            scoring_version=definition.scoring_version,
            sha256=sha256,
            text=text,
        )
    _write_terms(definition)
    return instrument


def current_instrument() -> Instrument:
    """The instrument that a new scan begins with; raises `Instrument.DoesNotExist` before any is loaded."""
    return Instrument.objects.defer("text").latest("loaded_at", "pk")


def _write_terms(definition: Definition) -> None:
    """Write down the vocabulary; words that this instrument no longer has stay as they are."""
    terms = [
        Term(
            kind=kind,
            code=code,
            nl=label["nl"],
            en=label.get("en", label["nl"]),
            group=group,
            position=position,
        )
        for position, (kind, code, label, group) in enumerate(_terms(definition))
    ]
    Term.objects.bulk_create(
        terms,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=["nl", "en", "group", "position"],
    )
    transaction.on_commit(vocabulary.forget)


def _terms(definition: Definition) -> Iterator[tuple[TermKind, str, dict[str, str], str]]:
    for kind, code in QUESTION_TERMS.items():
        for option in definition.question(code).options:
            yield kind, option.code, dict(option.label), option.group or ""
    for tag, label in definition.vocabularies.tags.items():
        yield TermKind.THEME, tag, dict(label), ""
    for pressure in definition.scoring.pressure_indicators.list:
        for item in definition.question(pressure.question).items:
            yield TermKind.CHALLENGE, item.code, dict(item.text), pressure.code
    for indicator in definition.scoring.indicators:
        if indicator.lens == "durability":
            yield (
                TermKind.CONDITION,
                indicator.code,
                dict(definition.constructs[indicator.construct_].label),
                "",
            )
