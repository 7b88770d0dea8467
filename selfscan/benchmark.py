"""Comparing one scan with fixed groups, from narrow to wide, out of a frozen snapshot; pure.

Every figure leaves through the disclosure gate. Nothing here knows a name: it takes counts per score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from typing import Any

from collectievekracht.common import disclosure
from selfscan.schema import BenchmarkRules, Definition

MONEY_QUESTIONS = ("annual_budget", "reserves_months")

Value = float | str


@dataclass(frozen=True, slots=True)
class Facts:
    """What groups are made by; a fact that is not known (None) keeps the scan out of the groups by it."""

    main_sector_final: str | None
    size_class: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one collective brings to a snapshot: scores by indicator, answers by question about money."""

    facts: Facts
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Figures:
    """One indicator in one group: how many collectives have each score, or gave each answer."""

    code: str
    key: str
    indicator: str
    counts: tuple[tuple[Value, int], ...]

    @property
    def n(self) -> int:
        """How many collectives are in it."""
        return sum(count for _value, count in self.counts)


@dataclass(frozen=True, slots=True)
class Compared:
    """One score beside the narrowest group that may be shown."""

    indicator: str
    group: str
    summary: disclosure.Summary


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the narrowest group that may be shown answered a question about money."""

    question: str
    group: str
    size: int
    shares: tuple[disclosure.Share, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What may be shown to one collective; for the indicators in `missing` every group is too small."""

    taken_on: date | None = None
    rows: tuple[Compared, ...] = ()
    money: tuple[Distribution, ...] = ()
    missing: tuple[str, ...] = ()


def group_keys(rules: BenchmarkRules, facts: Facts) -> tuple[tuple[str, str], ...]:
    """This collective's groups from narrow to wide, by code and key, such as `energy|middle|nl`."""
    keys = []
    for group in rules.groups_in_order:
        values = [getattr(facts, name) for name in group.by]
        if None not in values:
            keys.append((group.code, "|".join(values)))
    return tuple(keys)


def entry_values(
    definition: Definition, scores: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Value]:
    """What a scan brings to a snapshot, of its scores as kept (`Scores.as_dict`) and its answers."""
    values: dict[str, Value] = {
        code: each["score"] for code, each in scores["indicators"].items() if each["score"] is not None
    }
    values |= {
        code: each["combined"] for code, each in scores["pressure"].items() if each["combined"] is not None
    }
    for code in MONEY_QUESTIONS:
        option = definition.question(code).options_by_code.get(str(answers.get(code)))
        if option and not option.missing:
            values[code] = option.code
    return values


def entry_facts(scores: Mapping[str, Any], answers: Mapping[str, Any]) -> Facts:
    """What this scan's groups are made by."""
    derived = scores["derived"]
    return Facts(derived["main_sector_final"], derived["size_class"], answers.get("country"))


# --- freezing


def tabulate(rules: BenchmarkRules, entries: Iterable[Entry]) -> tuple[Figures, ...]:
    """The figures of every group that may be shown to somebody; the others are not even kept."""
    counts: dict[str, dict[tuple[str, str], Counter[Value]]] = defaultdict(lambda: defaultdict(Counter))
    for entry in entries:
        keys = group_keys(rules, entry.facts)
        for indicator, value in entry.values.items():
            cells = counts[indicator]
            for group in keys:
                cells[group][value] += 1
    figures = []
    for indicator, cells in sorted(counts.items()):
        verdicts = disclosure.judge(
            (
                disclosure.Cell("/".join(group), counter.total(), _parents(rules, *group), family=group[0])
                for group, counter in cells.items()
            ),
            least=_least(rules, indicator),
        )
        figures += [
            Figures(*group, indicator, tuple(sorted(counter.items(), key=lambda pair: pair[0])))
            for group, counter in sorted(cells.items())
            if verdicts["/".join(group)] is None
        ]
    return tuple(figures)


def _parents(rules: BenchmarkRules, code: str, key: str) -> tuple[str, ...]:
    by = {group.code: group.by for group in rules.groups_in_order}
    values = dict(zip(by[code], key.split("|"), strict=False))
    return tuple(
        f"{wider}/{'|'.join(values[name] for name in names)}"
        for wider, names in by.items()
        if set(names) < set(by[code])
    )


def _least(rules: BenchmarkRules, indicator: str) -> int:
    return rules.min_n_sensitive if indicator in MONEY_QUESTIONS else rules.min_n_show


# --- comparing


def compare(
    definition: Definition,
    *,
    facts: Facts,
    scores: Mapping[str, float | None],
    figures: Iterable[Figures],
    own: Entry | None,
    taken_on: date | None,
) -> Comparison:
    """What this collective may see: for each indicator the narrowest group with enough others in it."""
    rules = definition.benchmark
    groups = group_keys(rules, facts)
    holds_own = set(group_keys(rules, own.facts)) if own else set()
    found = {(each.code, each.key, each.indicator): each for each in figures}

    def others(group: tuple[str, str], indicator: str) -> list[tuple[Value, int]]:
        cell = found.get((*group, indicator))
        left_out = own.values.get(indicator) if own and group in holds_own else None
        return [(value, count - (value == left_out)) for value, count in cell.counts] if cell else []

    rows, money, missing = [], [], []
    for indicator, score in scores.items():
        if score is None:
            continue
        summaries = ((code, _summary(rules, others((code, key), indicator), score)) for code, key in groups)
        code, summary = next(((code, each) for code, each in summaries if each), ("", None))
        if summary:
            rows.append(Compared(indicator, code, summary))
        else:
            missing.append(indicator)
    for question in MONEY_QUESTIONS:
        distributions = (
            _distribution(definition, question, code, others((code, key), question)) for code, key in groups
        )
        money += [next((each for each in distributions if each), None)]
    return Comparison(taken_on, tuple(rows), tuple(each for each in money if each), tuple(missing))


def _summary(
    rules: BenchmarkRules, counts: Sequence[tuple[Value, int]], score: float
) -> disclosure.Summary | None:
    # A group in which everybody has the same score would tell the score of each.
    if sum(count > 0 for _value, count in counts) < 2:
        return None
    values = chain.from_iterable(repeat(value, count) for value, count in counts)
    return disclosure.summarise(values, own=score, least=rules.min_n_show)  # type: ignore[arg-type]


def _distribution(
    definition: Definition, question: str, group: str, counts: Sequence[tuple[Value, int]]
) -> Distribution | None:
    given = dict(counts)
    options = [option.code for option in definition.question(question).options if not option.missing]
    size = sum(given.get(option, 0) for option in options)
    if size < definition.benchmark.min_n_sensitive:
        return None
    # Amounts lie in order: what is too small to stand alone goes with its neighbours.
    merged: list[tuple[list[str], int]] = []
    for option in options:
        if merged and merged[-1][1] < disclosure.MIN_OPTION:
            merged[-1] = ([*merged[-1][0], option], merged[-1][1] + given.get(option, 0))
        else:
            merged.append(([option], given.get(option, 0)))
    if len(merged) > 1 and merged[-1][1] < disclosure.MIN_OPTION:
        last = merged.pop()
        merged[-1] = (merged[-1][0] + last[0], merged[-1][1] + last[1])
    shares = disclosure.distribute(
        {" ".join(codes): count for codes, count in merged}, size=size, exclusive=True
    )
    if not shares:
        return None
    apart = tuple(disclosure.Share(tuple(" ".join(share.options).split()), share.percent) for share in shares)
    return Distribution(question, group, disclosure.shown_size(size), apart)
