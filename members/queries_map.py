"""What the map shows in a box: pins and clusters, as GeoJSON made by the database.

Up to 100,000 pins a grid is laid over the pins in the box. Above, `MapCell` holds that grid for every zoom, and
`MapBits` a bit per pin for every value of a filter. The pins stand along a Z-curve, so the pins of any cell lie
together in the bits: how many of a cell fit any filters is a count of bits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from members.queries_directory import AGE, where

SINGLE_PINS = 2000  # so many are shown one by one where no zoom is asked for
CELLS_FROM = 100_000
CELL_ZOOM = 14  # the finest grid that is kept
MAX_ZOOM = 19
LAND = (2.5, 49.4, 7.3, 53.7)


@dataclass(frozen=True)
class Box:
    """A part of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


def cell_size(zoom: int) -> tuple[float, float]:
    """Width and height in degrees of a cell of some 48 pixels, square on the map at our latitude."""
    width = 67.5 / 2**zoom
    return width, width * 0.615


# The text of a feature is put together by hand: a quarter of the time of json_build_object.
POINT = """'{"type":"Feature","geometry":{"type":"Point","coordinates":['
    || round(longitude::numeric, 5) || ',' || round(latitude::numeric, 5) || ']},"properties":'"""
PIN = f"""{POINT} || '{{"name":' || to_json(name) || ',"place":' || to_json(place_name) || ',"url":"'
    || %s || slug || '/"}}}}'"""
CLUSTER = f"""{POINT} || '{{"cluster":true,"point_count":' || pins
    || CASE WHEN one_spot THEN ',"one_spot":true' ELSE '' END || '}}}}'"""
COLLECTION = (
    """'{"type":"FeatureCollection","features":[' || coalesce(string_agg(feature, ','), '') || ']}'"""
)


def _fetch(sql: str, params: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _in_box(box: Box, search: Q, conditions: Mapping[str, Q]) -> tuple[str, list[Any]]:
    sql = "latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s"
    params: list[Any] = [box.south, box.north, box.west, box.east]
    for condition in (search, *conditions.values()):
        if condition:
            more, values = where(condition)
            sql += f" AND ({more})"
            params += values
    return sql, params


def pins(box: Box, search: Q, conditions: Mapping[str, Q], base_url: str) -> str:
    """Every pin in the box as a feature of its own, or clusters where that would be more than 2,000."""
    inside, params = _in_box(box, search, conditions)
    sql = f"""
        WITH pins AS (SELECT * FROM members_directoryentry WHERE {inside} LIMIT {SINGLE_PINS + 1}),
        features AS (SELECT {PIN} AS feature FROM pins ORDER BY sort_name, collective_id)
        SELECT count(*), {COLLECTION} FROM features"""  # noqa: S608
    number, collection = _fetch(sql, [*params, base_url])
    if number <= SINGLE_PINS:
        return str(collection)
    span = max(box.east - box.west, (box.north - box.south) / 0.615, 0.001)
    return clusters(box, round(math.log2(360 / span)) + 1, search, conditions, base_url)


def clusters(box: Box, zoom: int, search: Q, conditions: Mapping[str, Q], base_url: str) -> str:
    """The box at this zoom: a cell with several pins is a cluster, one with a single pin is that pin."""
    width, height = cell_size(min(zoom, MAX_ZOOM))
    inside, params = _in_box(box, search, conditions)
    sql = f"""
        WITH cells AS (
            SELECT count(*) AS pins, min(collective_id) AS one,
                min(latitude) AS south, max(latitude) AS north, min(longitude) AS west, max(longitude) AS east
            FROM members_directoryentry WHERE {inside}
            GROUP BY floor(longitude / %s), floor(latitude / %s)
        ), several AS (
            SELECT pins, (south + north) / 2 AS latitude, (west + east) / 2 AS longitude,
                south = north AND west = east AS one_spot
            FROM cells WHERE pins > 1
        ), features AS (
            SELECT pins, {CLUSTER} AS feature FROM several
            UNION ALL
            SELECT 1, {PIN} FROM members_directoryentry WHERE collective_id IN (SELECT one FROM cells WHERE pins = 1)
            ORDER BY 1 DESC
        )
        SELECT {COLLECTION} FROM features"""  # noqa: S608
    return str(_fetch(sql, [*params, width, height, base_url])[0])


def answer(
    box: Box,
    zoom: int | None,
    search: Q,
    conditions: Mapping[str, Q],
    asked: Mapping[str, Sequence[str]],
    base_url: str,
) -> str:
    """The box at this zoom as a GeoJSON FeatureCollection; `conditions` and `asked` say the same filters."""
    if zoom is None:
        return pins(box, search, conditions, base_url)
    if zoom <= CELL_ZOOM and not search and has_cells():
        return kept_clusters(box, zoom, asked, base_url)
    return clusters(box, zoom, search, conditions, base_url)


def has_cells() -> bool:
    """Whether there are so many pins that the grid is kept."""
    return bool(_fetch("SELECT EXISTS (SELECT FROM members_mapcell)", [])[0])


def kept_clusters(box: Box, zoom: int, asked: Mapping[str, Sequence[str]], base_url: str) -> str:
    """The box from the kept grid, filtered by `asked` (facet → values); a single pin is shown as it stands now."""
    width, height = cell_size(zoom)
    fits, values = fitting(asked)
    bits = "substring(fits.bits FROM first + 1 FOR pins)"
    sql = f"""
        WITH fits AS MATERIALIZED ({fits}), cells AS MATERIALIZED (
            SELECT latitude, longitude, one_spot, first, {bits} AS bits
            FROM members_mapcell, fits WHERE zoom = %s AND x BETWEEN %s AND %s AND y BETWEEN %s AND %s
        ), several AS (
            SELECT latitude, longitude, one_spot, bit_count(bits) AS pins FROM cells WHERE bit_count(bits) > 1
        ), features AS (
            SELECT pins, {CLUSTER} AS feature FROM several
            UNION ALL
            SELECT 1, {PIN} FROM members_directoryentry WHERE latitude IS NOT NULL AND collective_id IN (
                SELECT collective_id FROM cells JOIN members_mapplace ON place = first + position(B'1' IN bits) - 1
                WHERE bit_count(bits) = 1)
            ORDER BY 1 DESC
        )
        SELECT {COLLECTION} FROM features"""  # noqa: S608
    edges = [
        math.floor(edge / size)
        for edge, size in ((box.west, width), (box.east, width), (box.south, height), (box.north, height))
    ]
    return str(_fetch(sql, [*values, zoom, *edges, base_url])[0])


def fitting(asked: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    """SQL for the bits of who has, of every filter that is asked, one of the values; with its parameters."""
    used = {facet: values for facet, values in asked.items() if values} or {"": [""]}
    bits = " & ".join("(" + " | ".join([_BITS] * len(values)) + ")" for values in used.values())
    # Adding nothing makes a copy of the value in memory: else each look at it would fetch it anew.
    return f"SELECT ({bits}) || B'' AS bits", [
        part for facet, values in used.items() for value in values for part in (facet, value)
    ]


# The bits of no facet are all ones. Nobody has a value that isn't kept.
_BITS = """coalesce((SELECT bits FROM members_mapbits WHERE facet = %s AND value = %s),
    (SELECT ~bits FROM members_mapbits WHERE facet = ''))"""


def _spread(column: str) -> str:
    """SQL that puts a zero between the bits of a whole number below 2^16, to weave two of them together."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        column = f"(({column} | ({column} << {shift})) & {mask})"
    return column


def replace_cells() -> int:
    """Lay the grid anew for every zoom, when there are so many pins that it is kept; gives the number of pins."""
    width, height = cell_size(CELL_ZOOM)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE members_mapcell IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT count(latitude), count(*) FROM members_directoryentry")
        pinned, number = cursor.fetchone()
        for table in ("mapcell", "mapbits", "mapplace"):
            cursor.execute(f"DELETE FROM members_{table}")  # noqa: S608
        if pinned >= CELLS_FROM:
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE places ON COMMIT DROP AS
                SELECT row_number() OVER (ORDER BY {_spread("x")} | ({_spread("y")} << 1)) - 1 AS place, *
                FROM (
                    SELECT collective_id, floor(longitude / %s)::bigint AS x, floor(latitude / %s)::bigint AS y,
                        latitude, longitude, sectors, region, legal_form_group AS legal_form, CASE {AGE} END AS age,
                        geo_scale AS area
                    FROM members_directoryentry) AS entries""",  # noqa: S608
                [width, height],
            )
            cursor.execute("INSERT INTO members_mapplace SELECT place, collective_id FROM places")
            _write_cells(cursor)
            _write_bits(cursor, number)
    return int(pinned)


def _write_cells(cursor: Any) -> None:
    """The finest grid from the pins, and each coarser one from the one before."""
    columns = "zoom, x, y, first, pins, latitude, longitude, one_spot"
    cursor.execute(
        f"""
        INSERT INTO members_mapcell ({columns})
        SELECT %s, x, y, min(place), count(*), avg(latitude), avg(longitude),
            min(latitude) = max(latitude) AND min(longitude) = max(longitude)
        FROM places WHERE x IS NOT NULL GROUP BY x, y""",  # noqa: S608
        [CELL_ZOOM],
    )
    for zoom in range(CELL_ZOOM - 1, -1, -1):
        cursor.execute(
            f"""
            INSERT INTO members_mapcell ({columns})
            SELECT %s, x >> 1, y >> 1, min(first), sum(pins), sum(latitude * pins) / sum(pins),
                sum(longitude * pins) / sum(pins), bool_and(one_spot) AND count(*) = 1
            FROM members_mapcell WHERE zoom = %s GROUP BY x >> 1, y >> 1""",  # noqa: S608
            [zoom, zoom + 1],
        )


def _write_bits(cursor: Any, number: int) -> None:
    """A row of bits for every value of every filter, and one of ones."""
    size = -(-number // 8)
    found: defaultdict[tuple[str, str], bytearray] = defaultdict(lambda: bytearray(size))
    found["", ""] = bytearray(b"\xff" * size)
    with cursor.copy(
        "COPY (SELECT place, sectors, region, legal_form, age, area FROM places) TO STDOUT"
    ) as rows:
        rows.set_types(["int8", "text[]", "text", "text", "text", "text"])
        for place, sectors, *others in rows.rows():
            at, bit = place >> 3, 128 >> (place & 7)
            for sector in sectors:
                found["sector", sector][at] |= bit
            for facet, value in zip(("region", "legal_form", "age", "area"), others, strict=True):
                if value:
                    found[facet, value][at] |= bit
    cursor.executemany(
        "INSERT INTO members_mapbits (facet, value, bits)"
        " VALUES (%s, %s, substring(('x' || encode(%s, 'hex'))::varbit FROM 1 FOR %s))",
        [(facet, value, bytes(bits), number) for (facet, value), bits in found.items()],
    )


def kept_counts(asked: Mapping[str, Sequence[str]]) -> tuple[int, list[tuple[str, str, int]]]:
    """From the kept bits: how many fit `asked`, and (facet, value, how many would) each leaving out its own filter."""
    fits, params = fitting(asked)
    names, parts = [""], [f"({fits})"]
    for facet, values in asked.items():
        if values:
            others, more = fitting({other: chosen for other, chosen in asked.items() if other != facet})
            names, parts, params = [*names, facet], [*parts, f"({others})"], [*params, *more]
    of_facet = " ".join(f"WHEN '{name}' THEN b{index}.bits" for index, name in enumerate(names) if name)
    sql = f"""
        WITH {", ".join(f"b{index} AS MATERIALIZED {part}" for index, part in enumerate(parts))}
        SELECT facet, value, bit_count(kept.bits & CASE facet {of_facet or "WHEN NULL THEN NULL"} ELSE b0.bits END)
        FROM members_mapbits kept, {", ".join(f"b{index}" for index in range(len(parts)))}"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return next(count for facet, _value, count in rows if not facet), [
        row for row in rows if row[0] and row[2]
    ]
