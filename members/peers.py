"""Which collectives are most like one: nearest in age, size, legal form, phase, scale and challenges; pure.

Among them, where there are any, always one from another field and one nearby. Every likeness can be explained; which
of them may be named is decided here too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 6
# Whole numbers, so that the database counts the same: what is not alike at all is one whole, a part of it fits.
WHOLE = 60
AGE_SPAN = 15  # years apart, from which the age is not alike at all
ABOUT_AS_OLD = 3  # years
NEARBY_KM = 25.0
SIZES = ("small", "middle", "large")
EARTH_KM = 6371.0
# What stands on a collective's public page; the rest comes from its answers in the scan.
PUBLIC_TRAITS = frozenset({"founding_year", "legal_form_group", "geo_scale", "sectors", "place"})


@dataclass(frozen=True, slots=True)
class Traits:
    """By what collectives are alike; an empty value was not answered."""

    founding_year: int | None = None
    size_class: str = ""
    legal_form_group: str = ""
    phase: str = ""
    geo_scale: str = ""
    challenges: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of two collectives: its traits, whether it has a public page, and whether it agreed that all are named."""

    key: int
    traits: Traits
    public: bool = True
    names_traits: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A trait that two collectives share, with the codes that they share of it."""

    trait: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A collective like mine: how far it is from it, what both share as far as it may be named, and why else it is here.

    `kilometres` is there when it is nearby and that may be said.
    """

    key: int
    distance: int
    shared: tuple[Shared, ...]
    other_sector: bool
    kilometres: int | None


def distance(mine: Traits, other: Traits) -> int:
    """From 0 (alike in all six) to six wholes; what isn't known of one of the two is not alike, an unknown age half."""
    return (
        _age(mine.founding_year, other.founding_year)
        + _size(mine.size_class, other.size_class)
        + _differs(mine.legal_form_group, other.legal_form_group)
        + _differs(mine.phase, other.phase)
        + _differs(mine.geo_scale, other.geo_scale)
        + _challenges(mine.challenges, other.challenges)
    )


def _age(mine: int | None, other: int | None) -> int:
    if mine is None or other is None:
        return WHOLE // 2
    return min(abs(mine - other) * WHOLE // AGE_SPAN, WHOLE)


def _size(mine: str, other: str) -> int:
    if mine in SIZES and other in SIZES:
        return abs(SIZES.index(mine) - SIZES.index(other)) * WHOLE // 2
    return WHOLE


def _differs(mine: str, other: str) -> int:
    return 0 if mine and mine == other else WHOLE


def _challenges(mine: frozenset[str], other: frozenset[str]) -> int:
    most = min(len(mine), len(other))
    return WHOLE - len(mine & other) * WHOLE // most if most else WHOLE


def is_other_sector(mine: Traits, other: Traits) -> bool:
    """Whether the two have no field of work in common."""
    return bool(mine.sectors) and bool(other.sectors) and not mine.sectors & other.sectors


def kilometres(mine: Traits, other: Traits) -> float | None:
    """As the crow flies between the middles of their places; None where one is not known."""
    if mine.latitude is None or mine.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, south = math.radians(mine.latitude), math.radians(other.latitude)
    width = math.radians(other.longitude - mine.longitude)
    part = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(width / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, part)))


def is_nearby(mine: Traits, other: Traits) -> bool:
    """Whether the two places lie close together."""
    apart = kilometres(mine, other)
    return apart is not None and apart <= NEARBY_KM


def nearest(me: Side, others: Iterable[Side], *, count: int = SHOWN) -> tuple[Match, ...]:
    """The collectives most like mine, the most alike first; the same ones in any order of `others`.

    The most alike from another field and the most alike nearby are among them, where there are any.
    """
    ranked = sorted(
        (side for side in others if side.key != me.key),
        key=lambda side: (distance(me.traits, side.traits), side.key),
    )
    kept: list[Side] = []
    for rule in (is_other_sector, is_nearby):
        found = next((side for side in ranked if rule(me.traits, side.traits)), None)
        if found is not None and found not in kept:
            kept.append(found)
    kept = kept[:count]
    kept += [side for side in ranked if side not in kept][: count - len(kept)]
    chosen = {side.key for side in kept}
    return tuple(_match(me, side) for side in ranked if side.key in chosen)


def _match(me: Side, other: Side) -> Match:
    both = me.names_traits and other.names_traits
    on_both_pages = me.public and other.public
    shared = tuple(
        each
        for each in shared_traits(me.traits, other.traits)
        if both or (on_both_pages and each.trait in PUBLIC_TRAITS)
    )
    apart = kilometres(me.traits, other.traits)
    near = apart is not None and apart <= NEARBY_KM and (both or on_both_pages)
    return Match(
        key=other.key,
        distance=distance(me.traits, other.traits),
        shared=shared,
        other_sector=is_other_sector(me.traits, other.traits),
        kilometres=round(apart) if near and apart is not None else None,
    )


def shared_traits(mine: Traits, other: Traits) -> tuple[Shared, ...]:
    """What two collectives have in common, whether or not it may be named."""
    shared = []
    if sectors := _both(mine.sectors, other.sectors):
        shared.append(Shared("sectors", sectors))
    year, others = mine.founding_year, other.founding_year
    if year is not None and others is not None and abs(year - others) <= ABOUT_AS_OLD:
        shared.append(Shared("founding_year"))
    for trait in ("size_class", "legal_form_group", "phase", "geo_scale"):
        value = getattr(mine, trait)
        if value and value == getattr(other, trait):
            shared.append(Shared(trait, (value,)))
    if challenges := _both(mine.challenges, other.challenges):
        shared.append(Shared("challenges", challenges))
    return tuple(shared)


def _both(mine: frozenset[str], other: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(mine & other))
