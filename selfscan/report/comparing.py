"""The comparison in words and bars, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collectievekracht.common import disclosure
from selfscan.benchmark import Compared, Comparison, Distribution
from selfscan.instrument import Definition, text
from selfscan.report import pictures
from selfscan.report.model import ComparedGroup, ComparedRow, ComparisonView, MoneyView, Share
from selfscan.scoring import Scores

QUARTERS = ("lowest_quarter", "middle_half", "highest_quarter")


def comparison_view(
    definition: Definition,
    comparison: Comparison,
    scores: Scores,
    answers: Mapping[str, Any],
    names: Mapping[str, str],
    language: str,
) -> ComparisonView:
    """What the report shows of the comparison; the language is switched on."""
    rules = definition.benchmark
    mine = {code: each.score for code, each in scores.indicators.items()}
    mine |= {code: each.combined for code, each in scores.pressure.items()}
    groups = []
    for group in rules.groups_in_order:
        rows = [row for row in comparison.rows if row.group == group.code]
        if not rows:
            continue
        # Not everybody has a score on each indicator: the smallest size holds for all of them.
        size = min(row.summary.size for row in rows)
        cautious = any(row.summary.caution for row in rows)
        groups.append(
            ComparedGroup(
                name=_group_name(definition, group.by, scores, answers, language),
                size=_("At least %(count)s collectives") % {"count": size},
                caution=text(rules.texts.get("small_group"), language) if cautious else "",
                wide=any(row.summary.p10 is not None for row in rows),
                rows=tuple(_row(row, mine[row.indicator], names[row.indicator]) for row in rows),
            )
        )
    if comparison.taken_on is None:
        reason = _(
            "There is no comparison yet: we make one once a quarter, as soon as enough collectives took part."
        )
    else:
        reason = text(rules.texts.get("too_few"), language) if comparison.missing else ""
    return ComparisonView(
        date=date_format(comparison.taken_on, "DATE_FORMAT") if comparison.taken_on else "",
        groups=tuple(groups),
        money=tuple(_money(definition, each, scores, answers, language) for each in comparison.money),
        missing=tuple(names[code] for code in comparison.missing),
        reason=reason,
        remark=text(rules.texts.get("not_representative"), language),
    )


def _group_name(
    definition: Definition, by: tuple[str, ...], scores: Scores, answers: Mapping[str, Any], language: str
) -> str:
    sizes = {
        "small": _("fewer than 50 members"),
        "middle": _("50 to 500 members"),
        "large": _("more than 500 members"),
    }
    parts = []
    for name in by:
        if name == "main_sector_final":
            option = definition.question("sectors").options_by_code[scores.derived[name]]
            parts.append(text(option.label, language))
        elif name == "size_class":
            parts.append(sizes[scores.derived[name]])
        else:
            parts.append(text(definition.question(name).options_by_code[answers[name]].label, language))
    return ", ".join(parts) if parts else _("All collectives")


def _row(row: Compared, score: float | None, name: str) -> ComparedRow:
    summary, own = row.summary, whole(score or 0)
    label = _("%(name)s: %(own)s of 100. The middle half of the group lies between %(low)s and %(high)s.") % {
        "name": name, "own": own, "low": summary.low, "high": summary.high,
    }  # fmt: skip
    wide = f"{summary.p10}–{summary.p90}" if summary.p10 is not None else ""
    return ComparedRow(
        name=name,
        mine=str(own),
        median=str(summary.median),
        middle=f"{summary.low}–{summary.high}",
        wide=wide,
        position=position_words(summary.position),
        bar=pictures.group_bar(label, own, (summary.low, summary.high)),
    )


def position_words(position: disclosure.Position | None) -> str:
    """Where a score stands, never as a rank; nothing where the group is too small for it."""
    if position is None:
        return ""
    first, last = position.around or (position.band, position.band)
    if first in QUARTERS:
        words = {
            ("lowest_quarter", "lowest_quarter"): _("in the lowest quarter"),
            ("middle_half", "middle_half"): _("in the middle half"),
            ("highest_quarter", "highest_quarter"): _("in the highest quarter"),
            ("lowest_quarter", "middle_half"): _(
                "around the border of the lowest quarter and the middle half"
            ),
            ("middle_half", "highest_quarter"): _(
                "around the border of the middle half and the highest quarter"
            ),
        }
        return words.get((first, last), _("around the middle of the group"))
    low, high = int(first.removeprefix("decile_")) * 10 - 10, int(last.removeprefix("decile_")) * 10
    if position.around:
        return _("around a border: %(low)s–%(high)s percent scores lower") % {
            "low": low, "high": high,
        }  # fmt: skip
    return _("%(low)s–%(high)s percent scores lower") % {"low": low, "high": high}


def whole(score: float) -> int:
    """To a whole point, half up."""
    return int(score + 0.5)


def _money(
    definition: Definition, each: Distribution, scores: Scores, answers: Mapping[str, Any], language: str
) -> MoneyView:
    question = definition.question(each.question)
    by = next(group.by for group in definition.benchmark.groups_in_order if group.code == each.group)
    mine = answers.get(each.question)
    return MoneyView(
        question=text(question.text, language),
        group=_("%(group)s: at least %(count)s collectives")
        % {"group": _group_name(definition, by, scores, answers, language), "count": each.size},
        shares=tuple(
            Share(
                label=_range(
                    [text(question.options_by_code[code].label, language) for code in share.options]
                ),
                percent=f"{share.percent}%",
                mine=mine in share.options,
            )
            for share in each.shares
        ),
    )


def _range(labels: list[str]) -> str:
    """Amounts and periods lie in order, so what is taken together is told by its ends."""
    if len(labels) == 1:
        return labels[0]
    return _("From “%(first)s” to “%(last)s”") % {"first": labels[0], "last": labels[-1]}
