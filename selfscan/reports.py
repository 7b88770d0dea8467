"""The feedback report of a scan, and the questionnaire to read beforehand, as documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from labs.services import suggested_labs
from selfscan.benchmark import Comparison, Entry, Facts, Figures, compare, entry_facts, group_keys
from selfscan.definitions import definition_of
from selfscan.feedback import suggestions
from selfscan.instrument import Definition
from selfscan.models import Response
from selfscan.past import development_of
from selfscan.queries import frozen_figures
from selfscan.report.build import LabTip, Source, build_view
from selfscan.report.model import ReportView
from selfscan.report.pdf import write_pdf
from selfscan.report.questionnaire import questionnaire_view
from selfscan.scoring import Scores, score

# Goes up with every change that readers would see; a report is kept per version.
REPORT_VERSION = "1"


def render_report(response: Response) -> bytes:
    """The report of a sent scan as a tagged PDF, in the scan's language."""
    return write_pdf(report_html(report_view(response)))


def report_html(view: ReportView) -> str:
    """The report as one HTML document; everything in it that a person typed is escaped."""
    with override(view.language):
        return render_to_string("selfscan/report/report.html", {"report": view})


def report_view(response: Response) -> ReportView:
    """Everything that the report of this sent scan says and shows."""
    if response.completed_at is None:
        raise ValueError("Only a sent scan has a report.")
    definition, answers = definition_of(response.instrument), response.answers
    completed_on = timezone.localtime(response.completed_at).date()
    scores = score(definition, answers, completed_year=completed_on.year)
    suggested = suggestions(definition, scores, answers)
    language = response.language[:2]
    with override(language):
        labs = [
            LabTip(lab.code, str(lab), lab.purpose)
            for lab in suggested_labs(suggested.labs, answers.get("country", ""))
        ]
    return build_view(
        Source(
            definition=definition,
            answers=answers,
            scores=scores,
            language=language,
            completed_on=completed_on,
            reference=response.reference or "",
            comparison=comparison_of(response, definition, scores),
            suggestions=suggested,
            labs=labs,
            development=development_of(response.collective_id, definition, until=response)
            if response.previous_id and response.collective_id
            else None,
        )
    )


def comparison_of(response: Response, definition: Definition, scores: Scores) -> Comparison:
    """This scan beside the snapshot that it was sent under, its own collective left out: one query."""
    kept = scores.as_dict()
    facts = entry_facts(kept, response.answers)
    frozen = frozen_figures(
        response.benchmark_id,
        scoring_version=definition.scoring_version,
        collective_id=response.collective_id,
        groups=group_keys(definition.benchmark, facts),
    )
    if frozen is None:
        figures, own, taken_on = [], None, None
    else:
        figures = [
            Figures(code, key, indicator, tuple(tuple(pair) for pair in counts))  # type: ignore[misc]
            for code, key, cells in frozen.figures
            for indicator, counts in cells.items()
        ]
        own = _own_entry(frozen.own) if frozen.own else None
        taken_on = timezone.localtime(frozen.taken_at).date()
    values = {code: each.score for code, each in scores.indicators.items()}
    values |= {code: each.combined for code, each in scores.pressure.items()}
    return compare(definition, facts=facts, scores=values, figures=figures, own=own, taken_on=taken_on)


def _own_entry(kept: Mapping[str, Any]) -> Entry:
    facts = Facts(kept["sector"] or None, kept["size_class"] or None, kept["country"] or None)
    return Entry(facts, kept["values"])


def questionnaire_pdf(definition: Definition, language: str) -> bytes:
    """The whole questionnaire to read beforehand, as a tagged PDF; the caller keeps it per file and language."""
    with override(language):
        html = render_to_string(
            "selfscan/report/questionnaire.html",
            {"questionnaire": questionnaire_view(definition, language[:2])},
        )
    return write_pdf(html)
