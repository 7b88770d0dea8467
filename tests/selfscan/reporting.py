"""Report views for tests, without a database."""

from datetime import date

from selfscan.benchmark import Comparison, Entry, Facts, compare, entry_facts, tabulate
from selfscan.feedback import suggestions
from selfscan.report.build import LabTip, Source, build_view
from selfscan.scoring import score
from tests.factories.scans import example

COMPLETED = date(2026, 11, 21)


def source_of(definition, answers, language="nl", comparison=None, **changes):
    scores = score(definition, answers, completed_year=2026)
    suggested = suggestions(definition, scores, answers)
    facts = {
        "definition": definition,
        "answers": answers,
        "scores": scores,
        "language": language,
        "completed_on": COMPLETED,
        "reference": "CK-7F3K-9PQM",
        "comparison": comparison or Comparison(missing=("shared_culture",)),
        "suggestions": suggested,
        "labs": [LabTip(code, f"Lab {code}", f"Doel van {code}.") for code in suggested.labs],
    }
    return Source(**facts | changes)


def view_of(definition, code="example_energy", language="nl", comparison=None, **changes):
    return build_view(source_of(definition, example(code, **changes), language, comparison))


def compared_with(definition, code="example_energy", count=120):
    """The comparison of an example with a crowd like itself, whose scores go up by fives."""
    answers = example(code)
    scores = score(definition, answers, completed_year=2026)
    facts = entry_facts(scores.as_dict(), answers)
    mine = {each.code: each.score for each in scores.indicators.values()}
    mine |= {each.code: each.combined for each in scores.pressure.values()}
    others = [
        Entry(
            Facts(facts.main_sector_final, facts.size_class, facts.country),
            dict.fromkeys(mine, 30.0 + 5 * (place % 11))
            | {
                "reserves_months": ("lt1", "m3_6", "gt12")[place % 3],
                "annual_budget": ("lt5k", "gt2m")[place % 2],
            },
        )
        for place in range(count)
    ]
    return compare(
        definition,
        facts=facts,
        scores=mine,
        figures=tabulate(definition.benchmark, others),
        own=None,
        taken_on=date(2026, 10, 1),
    )
