"""The map on the home page: parcels, a dot for a collective, and a sun with a number where many are together; pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from collectievekracht.common.charts import parcels

WIDTH = 300
CELL = 34  # of the drawing's own units: what lies together in one square may become a sun
TOGETHER = 9
SUNS = 14


@dataclass(frozen=True)
class Sun:
    """A place where many collectives are together."""

    x: int
    y: int
    radius: int
    count: int

    @property
    def text_y(self) -> int:
        """The base line of the number."""
        return self.y + 4


@dataclass(frozen=True)
class HomeMap:
    """What the drawing is made of."""

    width: int
    height: int
    land: tuple[str, ...]
    dots: tuple[tuple[int, int], ...]
    suns: tuple[Sun, ...]


def draw(regions: Path, pins: Iterable[tuple[float, float, int]]) -> HomeMap:
    """The map for pins (latitude, longitude, how many stand there)."""
    projection, land = parcels(regions, WIDTH)
    cells: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for latitude, longitude, count in pins:
        x, y = projection.point(longitude, latitude)
        cells[x // CELL, y // CELL].append((x, y, count))
    full = sorted(cells.values(), key=lambda spots: -sum(count for _x, _y, count in spots))
    crowded = [spots for spots in full[:SUNS] if sum(count for _x, _y, count in spots) >= TOGETHER]
    others = [spot for spots in full[len(crowded) :] for spot in spots]
    return HomeMap(
        width=projection.width,
        height=projection.height,
        land=tuple(parcel.path for parcel in land),
        dots=tuple(dict.fromkeys((x, y) for x, y, _count in others)),
        suns=tuple(_sun(spots) for spots in crowded),
    )


def _sun(spots: list[tuple[int, int, int]]) -> Sun:
    count = sum(number for _x, _y, number in spots)
    x = round(sum(x * number for x, _y, number in spots) / count)
    y = round(sum(y * number for _x, y, number in spots) / count)
    return Sun(x=x, y=y, radius=min(18, round(7 + 2.2 * math.log10(count) * 1.6)), count=count)
