"""The quarterly snapshot: who is in it, and that it is taken once."""

from datetime import datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from members.choices import ConsentKind, ReviewState
from members.demo import make_collectives
from members.models import Collective, Consent, WorkItem
from selfscan.demo import make_scans
from selfscan.models import (
    BenchmarkEntry,
    BenchmarkGroup,
    BenchmarkSnapshot,
    IndicatorScore,
    Report,
    Response,
)
from selfscan.reports import comparison_of, definition_of, report_view
from selfscan.scoring import score
from selfscan.services import complete_response
from selfscan.services.benchmark import benchmark_population, freeze_quarter, quarter_of
from tests.factories.members import CollectiveFactory, ConsentFactory
from tests.factories.selfscan import ResponseFactory
from tests.selfscan.test_services_responses import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def scan(instrument):
    """A scan that counts."""
    return scored(CollectiveFactory(state=ReviewState.APPROVED))


def scored(collective, **changes):
    ConsentFactory(collective=collective, kind=ConsentKind.RESEARCH)
    response = ResponseFactory(complete=True, collective=collective, **changes)
    scores = score(definition_of(response.instrument), response.answers, completed_year=2026)
    Response.objects.filter(pk=response.pk).update(
        scores=scores.as_dict(), scoring_version="2026.1", eligibility=scores.eligibility
    )
    return response


def counted(scan):
    return benchmark_population(timezone.now(), "2026.1").filter(pk=scan.pk).exists()


def test_a_complete_scan_with_consent_counts(scan):
    assert counted(scan)


@pytest.mark.parametrize(
    "leave",
    [
        lambda scan: Consent.objects.update(withdrawn_at=timezone.now()),
        lambda scan: Consent.objects.update(kind=ConsentKind.PROFILE),
        lambda scan: Collective.objects.update(state=ReviewState.PENDING),
        lambda scan: Collective.objects.update(state=ReviewState.REFUSED),
        lambda scan: Response.objects.update(eligibility="review"),
        lambda scan: Response.objects.update(scoring_version="2025.1"),
        lambda scan: Response.objects.update(completed_at=timezone.now() - timedelta(days=735)),
        lambda scan: Response.objects.update(completed_at=timezone.now() + timedelta(days=1)),
        lambda scan: Response.objects.update(collective=None),
    ],
)
def test_what_does_not_count(scan, leave):
    leave(scan)
    assert not counted(scan)


def test_a_doubtful_scan_counts_once_an_admin_approved_it(scan):
    Response.objects.update(eligibility="review")
    WorkItem.objects.create(
        kind="scan",
        target_id=scan.pk,
        title="x",
        due_at=timezone.now(),
        decision="approved",
        decided_at=timezone.now(),
    )
    assert counted(scan)


def test_only_the_latest_scan_of_a_collective_counts(scan):
    newer = scored_again(scan)
    assert (counted(scan), counted(newer)) == (False, True)


def scored_again(scan):
    response = ResponseFactory(complete=True, collective=scan.collective)
    Response.objects.filter(pk=response.pk).update(
        scores=Response.objects.get(pk=scan.pk).scores, scoring_version="2026.1", eligibility="fits"
    )
    return response


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        ((2026, 1, 1, 0, 0), "2026Q1"),
        ((2026, 3, 31, 23, 59), "2026Q1"),
        ((2026, 4, 1, 0, 0), "2026Q2"),
        ((2026, 12, 31, 23, 59), "2026Q4"),
    ],
)
def test_a_quarter_begins_at_midnight_in_the_netherlands(moment, quarter):
    assert quarter_of(datetime(*moment, tzinfo=ZoneInfo("Europe/Amsterdam"))) == quarter


def test_nothing_is_frozen_while_too_few_count(scan):
    assert freeze_quarter(timezone.now()) is None
    assert not BenchmarkSnapshot.objects.exists()


def test_a_quarter_is_frozen_once(instrument):
    make_scans(make_collectives(40, seed=3), seed=3)
    before = list(BenchmarkGroup.objects.values_list("code", "key", "figures"))
    Response.objects.first().delete()
    assert freeze_quarter(timezone.now()) == BenchmarkSnapshot.objects.get()
    assert list(BenchmarkGroup.objects.values_list("code", "key", "figures")) == before


def test_withdrawn_consent_leaves_the_next_quarter(instrument):
    make_scans(make_collectives(30, seed=3), seed=3)
    gone = Consent.objects.filter(kind=ConsentKind.RESEARCH).first()
    Consent.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    snapshot = freeze_quarter(timezone.now() + timedelta(days=95))
    assert BenchmarkSnapshot.objects.count() == 2
    assert not snapshot.entries.filter(collective=gone.collective_id).exists()
    assert snapshot.entries.count() == 29


def test_made_up_scans_are_whole(instrument):
    from selfscan.answers import check_answers

    assert make_scans(make_collectives(25, seed=5), seed=5) == 25
    assert IndicatorScore.objects.count() == 25 * 9
    assert BenchmarkEntry.objects.count() == 25
    for response in Response.objects.select_related("instrument", "collective"):
        checked = check_answers(
            definition_of(response.instrument), response.answers, year=timezone.localdate().year
        )
        assert not checked.problems
        assert checked.answers == response.answers


def test_a_comparison_is_one_query_and_leaves_the_own_collective_out(instrument, django_assert_num_queries):
    make_scans(make_collectives(60, seed=7), seed=7)
    response = Response.objects.select_related("instrument").first()
    definition = definition_of(response.instrument)
    scores = score(definition, response.answers, completed_year=2026)
    with django_assert_num_queries(1):
        comparison = comparison_of(response, definition, scores)
    sizes = {row.summary.size for row in comparison.rows if row.group == "all"}
    assert comparison.rows
    assert all(size <= 55 for size in sizes)


@pytest.mark.parametrize("missing", ["snapshot", "scoring"])
def test_a_report_without_a_snapshot_says_why(instrument, missing):
    if missing == "scoring":
        make_scans(make_collectives(30, seed=7), seed=7)
        BenchmarkSnapshot.objects.update(scoring_version="2025.1")
    response = ResponseFactory(complete=True)
    definition = definition_of(response.instrument)
    comparison = comparison_of(response, definition, score(definition, response.answers, completed_year=2026))
    assert comparison.taken_on is None
    assert not comparison.rows


def sent():
    """A scan that is sent now."""
    response = filled("example_energy")
    assert complete_response(response).done
    return again(response)


def again(response):
    return Response.objects.select_related("instrument").get(pk=response.pk)


def test_a_report_that_is_built_again_compares_with_the_snapshot_of_the_first(instrument):
    make_scans(make_collectives(40, seed=3), seed=3)
    first = BenchmarkSnapshot.objects.get()
    scan = sent()
    before = report_view(scan)
    assert (scan.benchmark, bool(before.comparison)) == (first, True)

    make_collectives(30, seed=8)
    later = timezone.now() + timedelta(days=95)
    Response.objects.exclude(pk=scan.pk).filter(pk__lt=Response.objects.order_by("pk")[5].pk).delete()
    second = freeze_quarter(later)
    assert list(second.groups.values("figures")) != list(first.groups.values("figures"))
    assert report_view(again(scan)) == before
    assert sent().benchmark == second


def test_a_scan_that_is_sent_again_compares_with_the_newest_snapshot(instrument):
    scan = sent()
    assert scan.benchmark is None
    make_scans(make_collectives(30, seed=3), seed=3)
    Response.objects.filter(pk=scan.pk).update(state="draft", benchmark=None)
    assert complete_response(again(scan)).done
    assert again(scan).benchmark == BenchmarkSnapshot.objects.get()


def test_a_report_without_a_comparison_gets_none_later(instrument):
    scan = sent()
    snapshot = BenchmarkSnapshot.objects.create(quarter="2099Q4", scoring_version="2026.1")
    definition = definition_of(scan.instrument)
    scores = score(definition, scan.answers, completed_year=2026)
    assert comparison_of(again(scan), definition, scores).taken_on is None
    assert sent().benchmark == snapshot


def test_scans_of_before_remember_what_their_first_report_was_compared_with(instrument):
    scans = [ResponseFactory(complete=True) for _ in range(3)]
    draft = ResponseFactory(draft=True)
    now = timezone.now()
    old, new, _other = (
        BenchmarkSnapshot.objects.create(
            quarter=quarter, scoring_version=scoring, taken_at=now - timedelta(days=days)
        )
        for quarter, scoring, days in (
            ("2026Q1", "2026.1", 100),
            ("2026Q2", "2026.1", 10),
            ("2026Q3", "2025.1", 5),
        )
    )
    for scan, days in ((scans[0], 50), (scans[0], 2), (scans[1], 200)):
        Report.objects.create(
            response=scan,
            version=f"{scan.version}-{days}",
            language="nl",
            size=1,
            built_at=now - timedelta(days=days),
        )
    with connection.cursor() as cursor:
        cursor.execute(import_module("selfscan.migrations.0004_scan_remembers_snapshot").REMEMBER)
    found = [Response.objects.get(pk=scan.pk).benchmark for scan in (*scans, draft)]
    assert found == [old, None, new, None]
