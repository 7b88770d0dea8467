"""The comparison of one scan with a quarterly snapshot of 10,000 collectives."""

import os

from members.demo import make_collectives
from selfscan.definitions import definition_of
from selfscan.demo import make_scans
from selfscan.instrument import INSTRUMENTS
from selfscan.models import BenchmarkEntry, BenchmarkSnapshot, Response
from selfscan.reports import comparison_of
from selfscan.scoring import score
from selfscan.services import load_instrument
from tests.bench.harness import Line, in_database, limit_line, queries

COLLECTIVES = int(os.environ.get("BENCH_COLLECTIVES", "10000"))


def lines() -> list[Line]:
    """Measure the comparison."""
    load_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
    missing = COLLECTIVES - Response.objects.completed().count()
    if missing > 0:
        make_scans(make_collectives(missing, seed=11), seed=11)
    response = Response.objects.completed().select_related("instrument").order_by("pk").first()
    definition = definition_of(response.instrument)
    scores = score(definition, response.answers, completed_year=2026)
    compared = comparison_of(response, definition, scores)
    assert compared.rows
    size = BenchmarkEntry.objects.filter(snapshot=BenchmarkSnapshot.objects.latest("quarter")).count()

    def ask() -> object:
        return comparison_of(response, definition, scores)

    return [
        limit_line(f"comparison with {size:,} collectives, in the database", in_database(ask), 3, "ms"),
        limit_line("comparison, queries", queries(ask), 1, "queries"),
    ]
