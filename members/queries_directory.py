"""Reads of the directory that the ORM can't say: the counts behind the filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from members.choices import AGE_YEARS
from members.models import DirectoryEntry

AGE = " ".join(f"WHEN founding_year <= {last} THEN '{age}'" for age, (_first, last) in AGE_YEARS.items())
COLUMNS = {
    "region": "region",
    "legal_form": "legal_form_group",
    "age": f"CASE {AGE} END",
    "area": "geo_scale",
    "sector": "sectors",
}
ONE_VALUE = (
    "region",
    "legal_form",
    "age",
    "area",
)  # a collective has one of these; of sectors it has several


@dataclass(frozen=True)
class Facets:
    """How many entries fit all filters; and per filter and value how many would, leaving out that filter itself.

    `searched` is how many were counted: those that fit the search.
    """

    total: int
    counts: Mapping[str, Mapping[str, int]]
    searched: int = 0


def where(condition: Q) -> tuple[str, list[Any]]:
    """A condition on the directory as SQL with its parameters: list, counts and map mean the same by it."""
    if not condition:
        return "true", []
    query = DirectoryEntry.objects.filter(condition).query
    sql, params = query.where.as_sql(query.get_compiler("default"), connection)
    return sql, list(params)


def facets(search: Q, conditions: Mapping[str, Q]) -> Facets:
    """The counts behind the filters, in one query over the entries that fit the search."""
    parts = {facet: where(condition) for facet, condition in conditions.items()}
    found, params = where(search)
    asked = "".join(f", ({sql}) AS is_{facet}" for facet, (sql, _params) in parts.items())
    columns = ", ".join(f"{column} AS {facet}" for facet, column in COLUMNS.items())

    def count(facet: str = "") -> str:
        others = [f"is_{other}" for other in parts if other != facet]
        return f"count(*) FILTER (WHERE {' AND '.join(others)})" if others else "count(*)"

    # GROUPING has a 1 for each column that a row is not grouped by.
    sets = {15 - (8 >> index): facet for index, facet in enumerate(ONE_VALUE)}
    names = " ".join(f"WHEN {bits} THEN '{facet}'" for bits, facet in sets.items())
    counts = " ".join(f"WHEN {bits} THEN {count(facet)}" for bits, facet in sets.items())
    one_value = ", ".join(ONE_VALUE)
    sql = f"""
        WITH entries AS MATERIALIZED (SELECT {columns}{asked} FROM members_directoryentry WHERE {found})
        SELECT CASE GROUPING ({one_value}) {names} ELSE '' END,
            CASE GROUPING ({one_value}) WHEN 15 THEN count(*)::text ELSE coalesce({one_value}) END,
            CASE GROUPING ({one_value}) {counts} ELSE {count()} END
        FROM entries GROUP BY GROUPING SETS ((), ({"), (".join(ONE_VALUE)}))
        UNION ALL
        SELECT 'sector', value, {count("sector")} FROM entries, unnest(sector) AS value GROUP BY value"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, values in parts.values() for value in values] + params)
        rows = cursor.fetchall()
    counted: dict[str, dict[str, int]] = {facet: {} for facet in COLUMNS}
    total = searched = 0
    for facet, value, number in rows:
        if not facet:
            total, searched = number, int(value)
        elif value and number:
            counted[facet][value] = number
    return Facets(total, counted, searched)
