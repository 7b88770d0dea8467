"""What to read, whom to ask and what to talk about, after one scan; pure, by the rules of the instrument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from selfscan.conditions import visible_answers
from selfscan.schema import Definition, Feedback, FeedbackTags
from selfscan.schema.formulas import read_rules
from selfscan.scores import Scores

LANGUAGES = ("nl", "en")
AND = {"nl": "en", "en": "and"}
Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Theme:
    """A tag with its weight, and why: ("challenge", row), ("need", tag) or ("indicator", code)."""

    code: str
    weight: int
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the report says about one outcome, by language; no question where there is none."""

    code: str
    level: str
    text: Text
    question: Text | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`themes` weigh library items, `discussions` weigh discussion groups; both heaviest first."""

    combination: Outcome
    indicators: tuple[Outcome, ...]
    pressure: tuple[Outcome, ...]
    balance_note: Text | None
    flags: tuple[Outcome, ...]
    lowest: tuple[str, ...]
    labs: tuple[str, ...]
    themes: tuple[Theme, ...]
    discussions: tuple[Theme, ...]
    theme_codes: tuple[str, ...]
    most_items: int
    most_groups: int


def focus_themes(definition: Definition, scores: Scores, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags of the largest challenges, then those that they want to know more about; each once."""
    return tuple(_focus(definition, scores, visible_answers(definition, answers)[1]))


def suggestions(definition: Definition, scores: Scores, answers: Mapping[str, Any]) -> Suggestions:
    """Everything that the report says and suggests; what a hidden question holds plays no part."""
    rules = read_rules(definition)
    seen = visible_answers(definition, answers)[1]
    focus = _focus(definition, scores, seen)
    by_level = _tags_by_level(definition, scores)
    weights = {"attention": rules.matches.attention, "developing": rules.matches.developing}
    themes = _weigh(definition, focus, rules.matches.wanted, by_level, weights, "library")
    discussions = _weigh(definition, focus, rules.matches.wanted, by_level, weights, "discussion")
    return Suggestions(
        combination=_combination(definition, scores),
        indicators=tuple(_outcome(definition, code, each.level) for code, each in scores.indicators.items()),
        pressure=tuple(_outcome(definition, code, each.level) for code, each in scores.pressure.items()),
        balance_note=_balance_note(definition, scores),
        flags=tuple(Outcome(code, "", definition.feedback.flags[code], None) for code in scores.flags),
        lowest=_lowest(scores, rules.lowest_shown),
        labs=_labs(definition, seen, by_level, weights)[: rules.matches.labs],
        themes=themes,
        discussions=discussions,
        theme_codes=tuple(theme.code for theme in themes[: rules.matches.items]),
        most_items=rules.matches.items,
        most_groups=rules.matches.groups,
    )


def _focus(
    definition: Definition, scores: Scores, seen: Mapping[str, Any]
) -> dict[str, list[tuple[str, str]]]:
    tag_of = {item.code: item.tag for question in definition.questions for item in question.items if item.tag}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in scores.top_challenges:
        found.setdefault(tag_of[row], []).append(("challenge", row))
    needs = seen.get("need_topics")
    for tag in needs if isinstance(needs, list | tuple) else ():
        if isinstance(tag, str) and tag in definition.vocabularies.tags:
            found.setdefault(tag, []).append(("need", tag))
    return found


def _tags_by_level(definition: Definition, scores: Scores) -> list[tuple[str, str, FeedbackTags]]:
    """Indicator, level and tags, of everything that isn't strong."""
    levels = {code: each.level for code, each in scores.indicators.items()}
    levels |= {code: each.level for code, each in scores.pressure.items()}
    texts = definition.feedback.indicators
    return [
        (code, level, texts[code][level].tags)  # type: ignore[index]
        for code, level in levels.items()
        if level in ("attention", "developing")
    ]


def _weigh(
    definition: Definition,
    focus: Mapping[str, list[tuple[str, str]]],
    wanted: int,
    by_level: Iterable[tuple[str, str, FeedbackTags]],
    weights: Mapping[str, int],
    kind: str,
) -> tuple[Theme, ...]:
    found = {tag: (wanted, set[str](), list(reasons)) for tag, reasons in focus.items()}
    for code, level, tags in by_level:
        for tag in getattr(tags, kind):
            weight, levels, reasons = found.get(tag, (0, set(), []))
            # Many indicators that point to one theme count once per level.
            weight += weights[level] if level not in levels else 0
            found[tag] = (weight, levels | {level}, [*reasons, ("indicator", code)])
    order = {tag: place for place, tag in enumerate([*focus, *definition.vocabularies.tags])}
    ranked = sorted(found.items(), key=lambda each: (-each[1][0], order[each[0]]))
    return tuple(Theme(tag, weight, tuple(reasons)) for tag, (weight, _levels, reasons) in ranked)


def _labs(
    definition: Definition,
    seen: Mapping[str, Any],
    by_level: Iterable[tuple[str, str, FeedbackTags]],
    weights: Mapping[str, int],
) -> tuple[str, ...]:
    """The labs that were asked for, then those that fit the answers; never one that isn't for this country."""
    vocabularies = definition.vocabularies
    country, wanted = seen.get("country"), seen.get("labs_wanted")
    excluded = vocabularies.labs_excluded_by_country.get(country, ()) if isinstance(country, str) else ()
    asked = [lab for lab in wanted if isinstance(lab, str)] if isinstance(wanted, list | tuple) else []
    total: dict[str, int] = {}
    for _code, level, tags in by_level:
        for lab in tags.labs:
            total[lab] = total.get(lab, 0) + weights[level]
    fitting = [lab for lab in vocabularies.labs if lab not in excluded and (lab in asked or total.get(lab))]
    return tuple(sorted(fitting, key=lambda lab: (lab not in asked, -total.get(lab, 0))))


def _outcome(definition: Definition, code: str, level: str) -> Outcome:
    general = definition.feedback.general
    if level == "insufficient":
        return Outcome(code, level, general.insufficient, None)
    if level == "not_applicable":
        return Outcome(code, level, general.not_applicable, None)
    feedback: Feedback = definition.feedback.indicators[code][level]  # type: ignore[index]
    return Outcome(code, level, feedback.text, feedback.question)


def _combination(definition: Definition, scores: Scores) -> Outcome:
    combination = scores.combination
    feedback = definition.feedback.combination[combination.status]
    filled = {
        language: sentence.replace(
            "{missing_conditions}", _list(definition, combination.missing_conditions, language)
        )
        for language, sentence in feedback.text.items()
    }
    return Outcome(combination.status, combination.status, filled, feedback.question)


def _balance_note(definition: Definition, scores: Scores) -> Text | None:
    resilience = {
        code: each.score
        for code, each in scores.indicators.items()
        if each.lens == "resilience" and each.score is not None
    }
    if not scores.balance.flag:
        return None
    lowest, highest = min(resilience, key=resilience.__getitem__), max(resilience, key=resilience.__getitem__)
    return {
        language: sentence.replace("{lowest}", _dimension(definition, lowest, language)).replace(
            "{highest}", _dimension(definition, highest, language)
        )
        for language, sentence in definition.feedback.balance_note.items()
    }


def _lowest(scores: Scores, count: int) -> tuple[str, ...]:
    scored = [(each.score, code) for code, each in scores.indicators.items() if each.score is not None]
    return tuple(code for _score, code in sorted(scored, key=lambda each: each[0])[:count])


def _list(definition: Definition, codes: Iterable[str], language: str) -> str:
    names = [_label(definition, code, language) for code in codes]
    names = [name[:1].lower() + name[1:] for name in names]
    return f" {AND.get(language, ',')} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _dimension(definition: Definition, code: str, language: str) -> str:
    """What comes after the colon in a name such as 'Veerkracht: leden'."""
    return _label(definition, code, language).rpartition(": ")[2]


def _label(definition: Definition, indicator: str, language: str) -> str:
    construct = next(each.construct_ for each in definition.scoring.indicators if each.code == indicator)
    label = definition.constructs[construct].label
    return label.get(language) or label["nl"]
