"""What is computed from one scan, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

TENTH = Decimal("0.1")


@lru_cache(maxsize=4096)
def rounded(value: float | None) -> float | None:
    """To one decimal, half up: what people see and what is exported."""
    if value is None:
        return None
    return float(Decimal(repr(value)).quantize(TENTH, rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """`score` is null when there are too few answers (`insufficient`) or the indicator is `not_applicable`."""

    code: str
    lens: str
    score: float | None
    answered: int
    of: int
    level: str
    membership: float | None = None

    @property
    def display(self) -> float | None:
        return rounded(self.score)

    def as_dict(self) -> dict[str, Any]:
        result = {
            "score": self.score,
            "display": self.display,
            "answered": self.answered,
            "of": self.of,
            "level": self.level,
        }
        return result | {"membership": self.membership} if self.lens == "durability" else result


@dataclass(frozen=True, slots=True)
class PressureScore:
    code: str
    now: float | None
    future: float | None
    combined: float | None
    level: str
    trend: float | None
    trend_label: str | None

    @property
    def display(self) -> float | None:
        return rounded(self.combined)

    def as_dict(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "future": self.future,
            "combined": self.combined,
            "display": self.display,
            "level": self.level,
            "trend": self.trend,
            "trend_label": self.trend_label,
        }


@dataclass(frozen=True, slots=True)
class Combination:
    paths: dict[str, float | None]
    solution_membership: float | None
    status: str
    nearest_path: str | None
    missing_conditions: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "paths": dict(self.paths),
            "solution_membership": self.solution_membership,
            "status": self.status,
            "nearest_path": self.nearest_path,
            "missing_conditions": list(self.missing_conditions),
        }


@dataclass(frozen=True, slots=True)
class Balance:
    gap: float | None
    flag: bool
    talking_points: dict[str, int | str | None]

    def as_dict(self) -> dict[str, Any]:
        return {"gap": self.gap, "flag": self.flag, "talking_points": dict(self.talking_points)}


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is computed from one scan."""

    indicators: dict[str, IndicatorScore]
    pressure: dict[str, PressureScore]
    combination: Combination
    balance: Balance
    top_challenges: tuple[str, ...]
    derived: dict[str, Any]
    flags: tuple[str, ...]
    eligibility: str
    data_quality: tuple[str, ...]
    hidden: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with the keys in the order of the published examples."""
        return {
            "indicators": {code: each.as_dict() for code, each in self.indicators.items()},
            "pressure": {code: each.as_dict() for code, each in self.pressure.items()},
            "combination": self.combination.as_dict(),
            "balance": self.balance.as_dict(),
            "top_challenges": list(self.top_challenges),
            "derived": dict(self.derived),
            "flags": list(self.flags),
            "eligibility": self.eligibility,
            "data_quality": list(self.data_quality),
            "hidden": list(self.hidden),
        }
