"""What the report's template sees: texts and pictures, never the scan."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Petal:
    """A condition beside the flower: its colour's name, its own name, score and level."""

    colour: str
    name: str
    score: str
    level: str


@dataclass(frozen=True)
class Talk:
    """What the answers say, and the question to discuss."""

    text: str
    question: str


@dataclass(frozen=True)
class IndicatorView:
    """One indicator: its level, score and bar, what the answers say, and what to discuss."""

    code: str
    name: str
    definition: str
    level: str
    level_name: str
    score: str
    answered: str
    bar: SafeString
    talk: Talk


@dataclass(frozen=True)
class Statement:
    """A statement and the answer to it, in words."""

    text: str
    answer: str


@dataclass(frozen=True)
class BalanceView:
    """How far members, agreements and resources lie apart."""

    known: bool
    apart: bool
    text: str
    points: tuple[Statement, ...]


@dataclass(frozen=True)
class ChallengeRow:
    """One challenge, now and in three years, as dots and as a word."""

    name: str
    now: str
    now_dots: SafeString
    future: str
    future_dots: SafeString
    top: bool


@dataclass(frozen=True)
class ChallengeGroup:
    """Four challenges of one kind and the pressure that they give."""

    name: str
    level: str
    level_name: str
    pressure: str
    trend: str
    talk: Talk
    rows: tuple[ChallengeRow, ...]


@dataclass(frozen=True)
class ComparedRow:
    """Our score beside the group's middle half; `position` and `caution` in words where the group allows them."""

    name: str
    mine: str
    median: str
    middle: str
    wide: str
    position: str
    bar: SafeString


@dataclass(frozen=True)
class ComparedGroup:
    """The indicators that are compared with one group."""

    name: str
    size: str
    caution: str
    wide: bool
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True)
class Share:
    """One answer's share of the group; ours is marked."""

    label: str
    percent: str
    mine: bool


@dataclass(frozen=True)
class MoneyView:
    """How the group answered a question about money."""

    question: str
    group: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class ComparisonView:
    """The comparison, or the reason why there is none (yet)."""

    date: str
    groups: tuple[ComparedGroup, ...]
    money: tuple[MoneyView, ...]
    missing: tuple[str, ...]
    reason: str
    remark: str


@dataclass(frozen=True)
class Tip:
    """Something that may help, with the reason why it is named."""

    name: str
    text: str
    reason: str


@dataclass(frozen=True)
class AnswerRow:
    """A question with its answer in words: lines, or a statement a line."""

    question: str
    lines: tuple[str, ...]
    statements: tuple[Statement, ...]
    code: str = ""


@dataclass(frozen=True)
class AnswerSection:
    """The answers to one part of the questionnaire."""

    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class SourceView:
    """A source, with its address as text."""

    reference: str
    address: str
    url: str


@dataclass(frozen=True)
class LevelView:
    """What a level means in points."""

    code: str
    name: str
    points: str


@dataclass(frozen=True)
class RepeatRow:
    """One indicator of this scan and of the one before, and what is said of the difference."""

    name: str
    before: str
    now: str
    words: str


@dataclass(frozen=True)
class RepeatView:
    """This scan beside the one before it; the remark is about who answered."""

    day: str
    remark: str
    rows: tuple[RepeatRow, ...]


@dataclass(frozen=True)
class ReportView:
    """The whole report."""

    language: str
    name: str
    short_name: str
    name_size: str
    logo: SafeString
    date: str
    created: str
    reference: str
    instrument_version: str
    flower: SafeString
    petals: tuple[Petal, ...]
    one_view: str
    tone: str
    levels: tuple[LevelView, ...]
    rule: str
    combination: Talk
    lowest: tuple[IndicatorView, ...]
    durability: tuple[IndicatorView, ...]
    resilience: tuple[IndicatorView, ...]
    balance: BalanceView
    government: tuple[IndicatorView, ...]
    challenges: tuple[ChallengeGroup, ...]
    top: tuple[ChallengeRow, ...]
    flags: tuple[str, ...]
    labs: tuple[Tip, ...]
    labs_remark: str
    themes: tuple[Tip, ...]
    comparison: ComparisonView
    answers: tuple[AnswerSection, ...]
    sources: tuple[SourceView, ...]
    method: str
    repeat: RepeatView | None = None
