"""The quarterly snapshot: what collectives are compared with, frozen so that one new scan can't be read off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from members.choices import ConsentKind, Decision, ReviewState, WorkKind
from members.models import Consent, WorkItem
from selfscan.benchmark import Entry, entry_facts, entry_values, tabulate
from selfscan.definitions import definition_of
from selfscan.models import BenchmarkEntry, BenchmarkGroup, BenchmarkSnapshot, Instrument, Response
from selfscan.queries import all_refused_scans
from selfscan.querysets import ResponseQuerySet
from selfscan.services.instruments import current_instrument

OLDEST_YEARS = 2
FITS = "fits"
BATCH = 2000


def quarter_of(moment: datetime) -> str:
    """The name of the quarter in which this moment lies, such as 2026Q4."""
    local = timezone.localtime(moment)
    return f"{local.year}Q{(local.month + 2) // 3}"


def newest_snapshot(instrument: Instrument) -> BenchmarkSnapshot | None:
    """What a scan with this instrument that is sent now will be compared with; None as long as there is nothing."""
    snapshots = BenchmarkSnapshot.objects.filter(scoring_version=instrument.scoring_version)
    return snapshots.order_by("-quarter").first()


@transaction.atomic
def freeze_quarter(moment: datetime) -> BenchmarkSnapshot | None:
    """The snapshot of the quarter of this moment: taken now if there is none yet, else as it was taken.

    None, and nothing kept, as long as too few collectives may be in it; so the first one comes as soon as it can.
    """
    quarter = quarter_of(moment)
    if existing := BenchmarkSnapshot.objects.filter(quarter=quarter).first():
        return existing
    definition = definition_of(current_instrument())
    population = benchmark_population(moment, definition.scoring_version)
    if population.count() < definition.benchmark.min_n_show:
        return None
    snapshot, mine = BenchmarkSnapshot.objects.get_or_create(
        quarter=quarter, defaults={"scoring_version": definition.scoring_version, "taken_at": moment}
    )
    if not mine:
        return snapshot
    entries: list[Entry] = []
    rows = _rows(snapshot, population, entries)
    while batch := list(islice(rows, BATCH)):
        BenchmarkEntry.objects.bulk_create(batch)
    figures: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for each in tabulate(definition.benchmark, entries):
        figures[each.code, each.key][each.indicator] = each.counts
    BenchmarkGroup.objects.bulk_create(
        BenchmarkGroup(snapshot=snapshot, code=code, key=key, figures=cells)
        for (code, key), cells in figures.items()
    )
    return snapshot


def benchmark_population(moment: datetime, scoring_version: str) -> ResponseQuerySet:
    """Whose scans count: of every approved collective the latest, not older than two years, with consent to research.

    A scan that doesn't plainly fit the definition counts once an admin approved it.
    """
    consent = Consent.objects.in_force().filter(
        collective=OuterRef("collective"), kind=ConsentKind.RESEARCH, given_at__lte=moment
    )
    approved = WorkItem.objects.filter(
        kind=WorkKind.SCAN, target_id=OuterRef("pk"), decision=Decision.APPROVED
    )
    # A scan can join a collective later: then its own answer counts beside the collective's consent.
    agreed = Response.objects.filter(completed_at__lte=moment, answers__consent_research=True)
    agreed = agreed.exclude(pk__in=all_refused_scans())  # of a repeat that was refused, the one before counts
    latest = agreed.latest_per_collective()
    return Response.objects.filter(
        Q(eligibility=FITS) | Exists(approved),
        Exists(consent),
        pk__in=latest.values("pk"),
        completed_at__gte=_years_before(moment, OLDEST_YEARS),
        collective__state=ReviewState.APPROVED,
        scoring_version=scoring_version,
        scores__isnull=False,
    )


def _rows(
    snapshot: BenchmarkSnapshot, population: ResponseQuerySet, entries: list[Entry]
) -> Iterator[BenchmarkEntry]:
    """A row per collective; what it brings is added to `entries` too, to be counted."""
    responses = population.order_by("collective_id")
    instruments = {each.pk: definition_of(each) for each in Instrument.objects.all()}
    for response in responses.iterator(chunk_size=BATCH):
        entry = Entry(
            entry_facts(response.scores, response.answers),
            entry_values(instruments[response.instrument_id], response.scores, response.answers),
        )
        entries.append(entry)
        yield BenchmarkEntry(
            snapshot=snapshot,
            collective_id=response.collective_id,
            sector=entry.facts.main_sector_final or "",
            size_class=entry.facts.size_class or "",
            country=entry.facts.country or "",
            values=entry.values,
        )


def _years_before(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:  # 29 February
        return moment.replace(year=moment.year - years, day=28)
