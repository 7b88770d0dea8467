"""The scans that a collective sent before, in plain values, to be laid side by side."""

from __future__ import annotations

from django.utils import timezone

from selfscan import queries
from selfscan.definitions import definition_of
from selfscan.development import Development, SentScan, develop
from selfscan.instrument import Definition
from selfscan.models import Instrument, Response
from selfscan.schema.after_the_scan import Migration
from selfscan.scores import rounded

ROLE_QUESTION = "respondent_role"


def all_migrations() -> list[Migration]:
    """What every version says of the one before it, the oldest version first: one query."""
    known = Instrument.objects.defer("text").order_by("loaded_at", "pk")
    return [entry for instrument in known for entry in definition_of(instrument).versioning.migrations]


def _feeds(definition: Definition) -> dict[str, frozenset[str]]:
    """By indicator the codes that feed it: statements, and the questions that hold them."""
    holders = {item.code: question.code for question in definition.questions for item in question.items}
    return {
        each.code: frozenset(
            code for one in each.items for code in (one.item, holders.get(one.item, one.item))
        )
        for each in definition.scoring.indicators
    }


def sent_scans(collective_id: int, *, until: Response | None = None) -> list[SentScan]:
    """The collective's sent and scored scans that the team did not refuse, in plain values: two queries.

    `until` is the last one of interest; what was sent after it is left out.
    """
    rows = (
        Response.objects.completed()
        .filter(collective=collective_id, scores__isnull=False)
        .exclude(pk__in=queries.refused_scans(collective_id))
        .select_related("instrument")
        .defer("instrument__text")
        .order_by("completed_at", "pk")
    )
    if until is not None:
        rows = rows.filter(completed_at__lte=until.completed_at)
    found = []
    for row in rows:
        indicators = (row.scores or {}).get("indicators") or {}
        definition = definition_of(row.instrument)
        found.append(
            SentScan(
                key=row.pk,
                on=timezone.localdate(row.completed_at),
                version=row.instrument.version,
                scoring_version=row.scoring_version,
                role=str(row.answers.get(ROLE_QUESTION) or ""),
                scores={code: rounded(each.get("score")) for code, each in indicators.items()},
                feeds=_feeds(definition),
            )
        )
    return found


def development_of(
    collective_id: int, definition: Definition, *, until: Response | None = None
) -> Development:
    """How the indicators of this collective developed, by the rules of this questionnaire: four queries."""
    rules = definition.versioning.repeat_scan
    return develop(
        sent_scans(collective_id, until=until),
        [each.code for each in definition.scoring.indicators],
        all_migrations(),
        threshold=rules.change_threshold,
        months=rules.interval_months.minimum_for_trend,
    )
