"""The disclosure gate: every figure over several collectives' scans leaves through here, or doesn't.

Pure: no database, no clock; what was released before is passed in as plain numbers. The bounds here are floors: an
instrument may ask for more, never for less.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MIN_GROUP = 10
MIN_DISTRIBUTION = 20
MIN_OPTION = 10
SIZE_STEP = 5
AROUND_BORDER = 5.0
QUARTERS_FROM = 30
DECILES_FROM = 100


class Reason(StrEnum):
    """Why a cell is hidden."""

    TOO_FEW = "too_few"
    COMPLEMENT = "complement"  # with what is shown beside it, it would give away a small group
    DIFFERENCE = "difference"  # held against its last release, it would give away who came or went


@dataclass(frozen=True, slots=True)
class Cell:
    """One group's figure in one frozen snapshot.

    `parents` are the codes of all wider groups that hold this one. Cells of one `family` with the same parent don't
    overlap. `changed` is how many collectives came, went or answered anew since this cell was last released (see
    `changed`), None if it never was.
    """

    code: str
    size: int
    parents: tuple[str, ...] = ()
    family: str = ""
    changed: int | None = None


def judge(cells: Iterable[Cell], *, least: int = MIN_GROUP) -> dict[str, Reason | None]:
    """For each cell of a snapshot the reason why it must stay hidden, None if it may be shown.

    Judge all cells of a figure together. What may be shown keeps this promise: no shown cell is smaller than `least`;
    a shown group less the shown cells of a family in it is empty or at least `least`, and never is one hidden cell;
    no shown cell changed by one to nine collectives since its last release. A cell that is hidden for a DIFFERENCE
    may keep its last figure, with that date.
    """
    least = max(least, MIN_GROUP)
    by_code = {cell.code: cell for cell in cells}
    families: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    verdicts: dict[str, Reason | None] = {}
    for cell in by_code.values():
        verdicts[cell.code] = _alone(cell, least)
        for parent in cell.parents:
            if parent in by_code:
                families[parent, cell.family].append(cell)
    while more := _next_to_hide(by_code, families, verdicts, least):
        verdicts[more.code] = Reason.COMPLEMENT
    return verdicts


def _alone(cell: Cell, least: int) -> Reason | None:
    if cell.size < least:
        return Reason.TOO_FEW
    if cell.changed is not None and 0 < cell.changed < MIN_GROUP:
        return Reason.DIFFERENCE
    return None


def _next_to_hide(
    by_code: Mapping[str, Cell],
    families: Mapping[tuple[str, str], Sequence[Cell]],
    verdicts: Mapping[str, Reason | None],
    least: int,
) -> Cell | None:
    """The smallest shown cell of a family whose remainder gives something away."""
    for (parent, _family), members in families.items():
        shown = [cell for cell in members if verdicts[cell.code] is None]
        if not shown or verdicts[parent] is not None:
            continue
        rest = by_code[parent].size - sum(cell.size for cell in shown)
        hidden = [cell.size for cell in members if verdicts[cell.code] is not None and cell.size]
        if 0 < rest < least or hidden == [rest]:
            return min(shown, key=lambda cell: (cell.size, cell.code))
    return None


def changed(now: Mapping[Hashable, Hashable], before: Mapping[Hashable, Hashable]) -> int:
    """How many collectives differ between two releases of a cell: came, went, or answered anew (collective → scan)."""
    return sum(now.get(unit) != before.get(unit) for unit in now.keys() | before.keys())


def shown_size(size: int) -> int:
    """A group's size as it may be told: rounded down to a multiple of five."""
    return size - size % SIZE_STEP


# Comparison of one score with a group's.


@dataclass(frozen=True, slots=True)
class Position:
    """Where a score stands: the band it lies in; around a border, the bands from lowest to highest it may lie in.

    Bands are lowest_quarter, middle_half, highest_quarter; from 100 others decile_1 to decile_10.
    """

    band: str
    around: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A group's scores in whole points. `caution`: the group is small. `p10`, `p90` from 100 others only."""

    size: int
    median: int
    low: int
    high: int
    p10: int | None
    p90: int | None
    caution: bool
    position: Position | None


def summarise(values: Iterable[float], *, own: float | None = None, least: int = MIN_GROUP) -> Summary | None:
    """What may be shown of the others' scores beside one's own, which is not among them; None if they are too few."""
    ordered = sorted(values)
    count = len(ordered)
    if count < max(least, MIN_GROUP):
        return None
    many = count >= DECILES_FROM
    return Summary(
        size=shown_size(count),
        median=_whole(_quantile(ordered, Fraction(1, 2))),
        low=_whole(_quantile(ordered, Fraction(1, 4))),
        high=_whole(_quantile(ordered, Fraction(3, 4))),
        p10=_whole(_quantile(ordered, Fraction(1, 10))) if many else None,
        p90=_whole(_quantile(ordered, Fraction(9, 10))) if many else None,
        caution=count < QUARTERS_FROM,
        position=None if own is None else _position(ordered, own),
    )


def _position(ordered: Sequence[float], own: float) -> Position | None:
    if len(ordered) < QUARTERS_FROM:
        return None
    if len(ordered) < DECILES_FROM:
        names = ["lowest_quarter", "middle_half", "highest_quarter"]
        borders = [_quantile(ordered, Fraction(1, 4)), _quantile(ordered, Fraction(3, 4))]
    else:
        names = [f"decile_{number}" for number in range(1, 11)]
        borders = [_quantile(ordered, Fraction(number, 10)) for number in range(1, 10)]
    near = [number for number, border in enumerate(borders) if abs(own - border) <= AROUND_BORDER]
    return Position(names[_band(borders, own)], (names[near[0]], names[near[-1] + 1]) if near else None)


def _band(borders: Sequence[float], value: float) -> int:
    """How many borders lie below the value; one that lies on the median's side of a border belongs to the middle."""
    middle = len(borders) / 2
    return sum(
        value >= border if number < middle else value > border for number, border in enumerate(borders)
    )


def _quantile(ordered: Sequence[float], share: Fraction) -> float:
    """Between the two nearest values, in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + float(place - below) * (ordered[above] - ordered[below])


def _whole(value: float) -> int:
    return int(value + 0.5)


# Distributions over options.


@dataclass(frozen=True, slots=True)
class Share:
    """The share that chose one option; or of several that are too small to show apart, together."""

    options: tuple[str, ...]
    percent: int


def distribute(counts: Mapping[str, int], *, size: int, exclusive: bool) -> tuple[Share, ...] | None:
    """The shares that may be shown, in the order of the options; None if the distribution says too much.

    At least 20 answered and each share stands for at least 10; nothing is known of everyone, and of no small rest.
    With `exclusive` options (one answer each) those that are too small stand together at the end; else they are left
    out.
    """
    if size < MIN_DISTRIBUTION:
        return None
    if not exclusive:
        fit = {option: count for option, count in counts.items() if MIN_OPTION <= count <= size - MIN_OPTION}
        return tuple(Share((option,), _percent(count, size)) for option, count in fit.items()) or None
    small = {option for option, count in counts.items() if count < MIN_OPTION}
    while small and size - sum(count for option, count in counts.items() if option not in small) < MIN_OPTION:
        large = [option for option in counts if option not in small]
        if not large:
            return None
        small.add(min(large, key=lambda option: counts[option]))
    apart = [option for option in counts if option not in small]
    if not apart or size - sum(counts[option] for option in apart) in range(1, MIN_OPTION):
        return None
    shares = [Share((option,), _percent(counts[option], size)) for option in apart]
    if small:
        rest = size - sum(counts[option] for option in apart)
        shares.append(Share(tuple(option for option in counts if option in small), _percent(rest, size)))
    return tuple(shares) if len(shares) > 1 else None


def _percent(count: int, size: int) -> int:
    return _whole(100 * count / size)
