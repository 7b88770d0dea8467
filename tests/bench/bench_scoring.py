"""Scoring on one core."""

from selfscan.instrument import INSTRUMENTS, parse_instrument
from selfscan.scoring import score
from tests.bench.harness import Line, cpu
from tests.factories.scans import EXAMPLES, example


def lines() -> list[Line]:
    """Measure scoring."""
    definition = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
    scans = [example(code) for code in EXAMPLES]

    def score_all() -> None:
        for answers in scans:
            score(definition, answers, completed_year=2026, active_seconds=600).as_dict()

    spent = cpu({"ours": score_all}, times=50)["ours"] / len(scans)
    per_minute = 60_000 / spent
    return [
        Line(
            "scoring: scans a minute on one core",
            f"{per_minute:,.0f}",
            "–",
            "–",
            "≥ 10,000",
            per_minute >= 10_000,
        )
    ]
