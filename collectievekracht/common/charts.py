"""Charts as SVG, the same in the page and in the PDF.

Each shape has a class, which follows the colour scheme where there is a stylesheet, and a `fill` for where there is
none. Whole-number coordinates, few elements, no text inside: numbers stand beside the picture, and in its
<title> and <desc>.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

COLOURS = {
    "culture": "#f4b63f",
    "leadership": "#0b6353",
    "network": "#6b4a86",
    "business": "#23578a",
    "community": "#a63d1f",
    "brand": "#0b6353",
    "sun": "#f4b63f",
    "ink": "#17302c",
    "line": "#d8cfbd",
    "land": "#dcefe9",
    "paper": "#fbf8f1",
}
PETALS = (("leadership", -45), ("network", 45), ("business", 135), ("community", 225))
CONDITIONS = ("culture", *(name for name, _angle in PETALS))
LOGO = (("leadership", 0), ("community", 72), ("business", 144), ("network", 216), ("brand", 288))


def _fill(name: str) -> str:
    return f'class="c-{name}" fill="{COLOURS[name]}"'


def _svg(view: str, body: str, title: str, desc: str = "", extra: str = "") -> SafeString:
    told = f"<title>{escape(title)}</title>" + (f"<desc>{escape(desc)}</desc>" if desc else "")
    label = escape(f"{title}. {desc}" if desc else title)
    return mark_safe(f'<svg viewBox="{view}" role="img" aria-label="{label}"{extra}>{told}{body}</svg>')  # noqa: S308


def petal(cx: float, cy: float, angle: float, start: float, length: float, width: float) -> str:
    """The path of a rounded leaf that begins `start` from the centre; the angle in degrees, 0 is up."""
    turn = math.radians(angle - 90)

    def point(u: float, v: float) -> str:
        x, y = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
        return f"{cx + x:.0f} {cy + y:.0f}"

    end = start + length
    rise, fall = start + length * 0.25, end - length * 0.05
    return (
        f"M{point(start, 0)}C{point(rise, -width)} {point(fall, -width)} {point(end, 0)}"
        f"C{point(fall, width)} {point(rise, width)} {point(start, 0)}Z"
    )


@lru_cache(maxsize=1)
def logo() -> SafeString:
    """The sign of the platform: petals around a heart; decoration, the name stands beside it."""
    petals = "".join(
        f'<path d="{petal(50, 50, angle, 9, 38, 19)}" {_fill(name)} fill-opacity=".88"/>'
        for name, angle in LOGO
    )
    body = f'{petals}<circle cx="50" cy="50" r="13" {_fill("sun")}/>'
    return mark_safe(  # noqa: S308
        f'<svg viewBox="0 0 100 100" width="40" height="40" aria-hidden="true" focusable="false">{body}</svg>'
    )


def flower(scores: Mapping[str, float | None], title: str, desc: str) -> SafeString:
    """A collective's combination: the heart is the culture, four petals the other conditions, each filled by its score.

    A score is 0 to 100; None keeps only the dashed outline, and the description should say why.
    """
    parts = []
    for name, angle in PETALS:
        score = scores.get(name)
        parts.append(
            f'<path d="{petal(160, 160, angle, 34, 112, 54)}" class="c-{name} s-{name}" fill="{COLOURS[name]}"'
            f' fill-opacity=".13" stroke="{COLOURS[name]}" stroke-width="1.5" stroke-dasharray="3 4"/>'
        )
        if score:
            share = score / 100
            parts.append(
                f'<path d="{petal(160, 160, angle, 34, 112 * share, 54 * share**0.8)}" {_fill(name)}/>'
            )
    culture = scores.get("culture")
    parts.append(
        f'<circle cx="160" cy="160" r="34" class="c-culture s-culture" fill="{COLOURS["culture"]}" fill-opacity=".25"'
        f' stroke="{COLOURS["culture"]}" stroke-width="1.5" stroke-dasharray="3 4"/>'
    )
    if culture:
        parts.append(
            f'<circle cx="160" cy="160" r="{34 * math.sqrt(culture / 100):.0f}" {_fill("culture")}/>'
        )
    return _svg("40 40 240 240", "".join(parts), title, desc)


def swatch(name: str) -> SafeString:
    """The petal that stands beside a condition's name."""
    shape = f'<path d="{petal(10, 10, 45, -10, 20, 12)}" {_fill(name)}/>'
    return mark_safe(f'<svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">{shape}</svg>')  # noqa: S308


def bar(
    label: str, value: float | None, *, group: tuple[float, float] | None = None, maximum: float = 100
) -> SafeString:
    """A track with the middle half of the group in sun and our own mark in ink; the label tells the numbers in words."""
    scale = 400 / maximum
    parts = [f'<rect y="8" width="400" height="6" rx="3" {_fill("line")}/>']
    if group:
        low, high = round(group[0] * scale), round(group[1] * scale)
        parts.append(
            f'<rect x="{low}" y="5" width="{max(high - low, 2)}" height="12" {_fill("sun")} fill-opacity=".8"/>'
        )
    if value is not None:
        x = min(max(round(value * scale) - 3, 0), 394)
        parts.append(f'<rect x="{x}" width="6" height="22" rx="2" {_fill("ink")}/>')
    return _svg("0 0 400 22", "".join(parts), label, extra=' preserveAspectRatio="none"')


def columns(title: str, values: Sequence[int], desc: str = "") -> SafeString:
    """A column for each value on one line, as high as its share of the largest; the numbers stand beside it."""
    most = max(values, default=0) or 1
    width = 10 * len(values)
    parts = [f'<rect y="100" width="{width}" height="2" {_fill("line")}/>']
    for index, value in enumerate(values):
        if value:
            height = max(round(100 * value / most), 1)
            parts.append(
                f'<rect x="{10 * index + 1}" y="{100 - height}" width="8" height="{height}" {_fill("brand")}/>'
            )
    return _svg(f"0 0 {width} 102", "".join(parts), title, desc, ' preserveAspectRatio="none"')


def timeline(
    title: str,
    pieces: Iterable[Sequence[tuple[int, float]]],
    count: int,
    desc: str = "",
    *,
    maximum: float = 100,
) -> SafeString:
    """Scores over `count` moments: a dot each, joined within a piece, with a gap between pieces.

    A piece holds (moment, score); the numbers stand beside the picture.
    """
    step = 360 / max(count - 1, 1)
    left = 20 if count > 1 else 200

    def spot(moment: int, score: float) -> tuple[int, int]:
        return round(left + moment * step), round(90 - 80 * min(max(score / maximum, 0), 1))

    parts = [f'<rect y="{y}" width="400" height="1" {_fill("line")}/>' for y in (10, 50)] + [
        f'<rect y="90" width="400" height="2" {_fill("line")}/>'
    ]
    for piece in pieces:
        spots = [spot(*each) for each in piece]
        if len(spots) > 1:
            way = " ".join(f"{x},{y}" for x, y in spots)
            parts.append(
                f'<polyline points="{way}" class="c-none s-brand" fill="none" stroke="{COLOURS["brand"]}" stroke-width="3"/>'
            )
        parts += [f'<circle cx="{x}" cy="{y}" r="6" {_fill("brand")}/>' for x, y in spots]
    return _svg("0 0 400 100", "".join(parts), title, desc)


def dot_row(label: str, value: int, total: int = 5) -> SafeString:
    """A row of dots, the first `value` filled, the rest only outlined."""
    dots = "".join(
        f'<circle cx="{10 + 20 * index}" cy="10" r="7" '
        + (
            _fill("brand")
            if index < value
            else f'class="c-none s-brand" fill="none" stroke="{COLOURS["brand"]}" stroke-width="2"'
        )
        + "/>"
        for index in range(total)
    )
    return _svg(f"0 0 {20 * total} 20", dots, label)


@dataclass(frozen=True)
class Parcel:
    """One region of the map: its code, its names, and its outline as an SVG path in the map's own coordinates."""

    code: str
    name_nl: str
    name_en: str
    path: str


@dataclass(frozen=True)
class Projection:
    """Equirectangular, true to scale in the middle of the map; whole numbers."""

    west: float
    north: float
    scale: float
    stretch: float
    width: int
    height: int

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Where a place lies on the map."""
        return round((longitude - self.west) * self.scale * self.stretch), round(
            (self.north - latitude) * self.scale
        )


@lru_cache(maxsize=4)
def parcels(path: Path, width: int = 600) -> tuple[Projection, tuple[Parcel, ...]]:
    """The regions of a GeoJSON file as paths on a map of this width; read and drawn once per process."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    outlines = [(feature["properties"], _rings(feature["geometry"])) for feature in features]
    spots = [spot for _properties, rings in outlines for ring in rings for spot in ring]
    west, east = min(x for x, _y in spots), max(x for x, _y in spots)
    south, north = min(y for _x, y in spots), max(y for _x, y in spots)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = width / ((east - west) * stretch)
    projection = Projection(west, north, scale, stretch, width, round((north - south) * scale))
    return projection, tuple(
        Parcel(
            about["code"],
            about["name_nl"],
            about["name_en"],
            "".join(_ring_path(ring, projection) for ring in rings),
        )
        for about, rings in outlines
    )


def _rings(geometry: Mapping[str, object]) -> list[Sequence[tuple[float, float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]  # type: ignore[attr-defined]


def _ring_path(ring: Sequence[tuple[float, float]], projection: Projection) -> str:
    points: list[tuple[int, int]] = []
    for longitude, latitude in ring:
        point = projection.point(longitude, latitude)
        if not points or points[-1] != point:
            points.append(point)
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if len(points) > 3 else ""


def region_map(
    path: Path,
    title: str,
    desc: str = "",
    *,
    marked: Iterable[str] = (),
    pins: Iterable[tuple[float, float]] = (),
    clusters: Iterable[tuple[float, float, int]] = (),
    pin_radius: int = 6,
) -> SafeString:
    """The map of parcels: marked regions, pins by (longitude, latitude), and clusters as larger suns without text."""
    projection, regions = parcels(path)
    chosen = set(marked)
    body = [
        f'<path d="{region.path}" class="c-land{" c-land--on" if region.code in chosen else ""}"'
        f' fill="{COLOURS["brand" if region.code in chosen else "land"]}" stroke="{COLOURS["paper"]}" stroke-width="2"/>'
        for region in regions
    ]
    for longitude, latitude in pins:
        x, y = projection.point(longitude, latitude)
        body.append(f'<circle cx="{x}" cy="{y}" r="{pin_radius}" class="c-pin" fill="{COLOURS["brand"]}"/>')
    for longitude, latitude, count in clusters:
        x, y = projection.point(longitude, latitude)
        radius = round(min(11 + 3 * math.log10(max(count, 1)) * 2, 28))
        body.append(f'<circle cx="{x}" cy="{y}" r="{radius}" {_fill("sun")}/>')
    return _svg(f"0 0 {projection.width} {projection.height}", "".join(body), title, desc)


def locator(path: Path, title: str, longitude: float, latitude: float) -> SafeString:
    """Where one place lies: the map with a single pin in a sun ring."""
    projection, regions = parcels(path)
    x, y = projection.point(longitude, latitude)
    outline = "".join(region.path for region in regions)
    land = f'<path d="{outline}" class="c-land" fill="{COLOURS["land"]}" stroke="{COLOURS["paper"]}" stroke-width="2"/>'
    pin = (
        f'<circle cx="{x}" cy="{y}" r="24" {_fill("sun")}/><circle cx="{x}" cy="{y}" r="10" {_fill("ink")}/>'
    )
    return _svg(f"0 0 {projection.width} {projection.height}", land + pin, title)
