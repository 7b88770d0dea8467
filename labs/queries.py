"""What higher and lower pages ask about the labs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from labs.models import Lab

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labs.querysets import LabMembershipQuerySet
    from members.models import User


def lab_addresses() -> Iterator[tuple[str, date | None]]:
    """The public pages of the labs, for the sitemap."""
    yield reverse("labs:index"), None
    for lab in Lab.objects.published():
        yield lab.get_absolute_url(), None


@dataclass(frozen=True)
class Reader:
    """Who reads a lab's page: what is open to them, and how they stand to this lab themselves."""

    is_member: bool = False
    is_flemish: bool = False
    own_state: str = ""


def reader_of(user: User | AnonymousUser, lab: Lab | None = None) -> Reader:
    """All that a page about labs asks of its reader, in one query; the same answer as `members.permissions.is_member`.

    Somebody is Flemish whose collectives all are in Flanders or Brussels.
    """
    if not user.is_authenticated or not user.is_active:
        return Reader()
    with connection.cursor() as cursor:
        cursor.execute(_READER, {"user": user.pk, "lab": lab.pk if lab else None})
        in_collective, in_lab, flemish, own = cursor.fetchone()
    return Reader(bool(in_collective or in_lab or user.is_admin), bool(flemish), own or "")


@dataclass(frozen=True, slots=True)
class Joined:
    """Who joined a lab: the organisation, what they know about, and when."""

    organisation: str
    themes: list[str]
    since: datetime
    lab: Lab


def labs_that_know(themes: Sequence[str]) -> list[tuple[Lab, set[str]]]:
    """The labs in order, each with those of these themes that its members know about; a query."""
    with connection.cursor() as cursor:
        cursor.execute(_THAT_KNOW, {"themes": list(themes)})
        return [(Lab(**dict(zip(_NAMED, row, strict=False))), set(row[-1])) for row in cursor.fetchall()]


def newly_joined(
    besides: int,
    since: datetime,
    topics: Collection[str],
    focus: Mapping[str, Collection[str]],
    most: int,
) -> list[Joined]:
    """Whoever joined a lab since then, the newest first, but for one person: who knows about one of these topics, or
    about a theme on which the collectives of a country focus, in a lab for that country. `focus` names every country
    of one's collectives: where there are any, no lab that is for none of them. A query."""
    pairs = [(theme, country) for country, themes in focus.items() for theme in themes]
    asked: dict[str, Any] = {
        "besides": besides,
        "since": since,
        "topics": list(topics),
        "countries": list(focus),
        "themes": [theme for theme, _country in pairs],
        "meant": [country for _theme, country in pairs],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWLY_JOINED, asked)
        return [
            Joined(organisation, themes, since, Lab(**dict(zip(_NAMED, named, strict=True))))
            for organisation, themes, since, *named in cursor.fetchall()
        ]


_NAMED = ("id", "code", "nl", "en", "purpose_nl", "purpose_en", "countries")
_LAB = ", ".join(f"l.{name}" for name in _NAMED)
_IN_FORCE = """labs_labmembership m JOIN labs_lab l ON l.id = m.lab_id JOIN members_user u ON u.id = m.user_id
            AND u.is_active AND m.state = 'approved' AND m.ended_at IS NULL"""

# Put together from names of our own only: what was asked stands in the parameters.
_THAT_KNOW = f"""
    SELECT {_LAB}, array_agg(DISTINCT theme)
    FROM {_IN_FORCE}, unnest(m.themes) AS theme
    WHERE theme = ANY(%(themes)s)
    GROUP BY l.id ORDER BY l.position, l.code"""  # noqa: S608
_NEWLY_JOINED = f"""
    SELECT m.organisation, m.themes, m.decided_at, {_LAB}
    FROM {_IN_FORCE}
    WHERE m.decided_at >= %(since)s AND m.user_id <> %(besides)s
        AND (cardinality(%(countries)s::text[]) = 0 OR l.countries::text[] && %(countries)s::text[])
        AND (m.themes::text[] && %(topics)s::text[]
            OR EXISTS (SELECT 1 FROM unnest(%(themes)s::text[], %(meant)s::text[]) AS focus (theme, country)
                WHERE theme = ANY(m.themes) AND country = ANY(l.countries)))
    ORDER BY m.decided_at DESC, m.id LIMIT %(most)s"""  # noqa: S608

_READER = """
    SELECT bool_or(collective.state = 'approved'),
        EXISTS (SELECT 1 FROM labs_labmembership WHERE user_id = %(user)s AND state = 'approved' AND ended_at IS NULL),
        bool_and(collective.country = 'be_vlg'),
        (SELECT state FROM labs_labmembership
            WHERE user_id = %(user)s AND lab_id = %(lab)s AND ended_at IS NULL AND state <> 'refused')
    FROM members_membership membership JOIN members_collective collective ON collective.id = membership.collective_id
    WHERE membership.user_id = %(user)s AND membership.left_at IS NULL AND collective.closed_at IS NULL
        AND collective.state <> 'refused'"""

FACETS = {"theme": "themes", "sector": "sectors", "region": "regions"}


@dataclass(frozen=True)
class Facets:
    """How many members fit all filters; and per filter and value how many would, leaving out that filter itself."""

    total: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def condition(facet: str, values: Sequence[str]) -> Q:
    """Members who know one of these; of regions also who named none, since they think along everywhere."""
    column = FACETS[facet]
    found = Q(**{f"{column}__overlap": list(values)})
    return found | Q(regions=[]) if facet == "region" else found


def facets(
    members: LabMembershipQuerySet, asked: Mapping[str, Sequence[str]], regions: Sequence[str]
) -> Facets:
    """The counts behind the filters of a lab's page, in one query over the members who fit the search.

    Each is what choosing that value gives, so who named no region counts for every one, and for all of `regions`.
    """
    marks = {
        f"is_{facet}": ExpressionWrapper(condition(facet, asked[facet]), BooleanField()) for facet in asked
    }
    found = members.order_by().annotate(**marks).values_list(*FACETS.values(), *marks)
    sql, params = found.query.sql_with_params()
    names = ", ".join([*FACETS.values(), *marks])

    def count(facet: str = "") -> str:
        others = [f"is_{other}" for other in asked if other != facet]
        return f"count(*) FILTER (WHERE {' AND '.join(others)})" if others else "count(*)"

    # Only names of our own are put together here: what was asked stands in the parameters.
    parts = [f"SELECT '', '', {count()} FROM found"]  # noqa: S608
    parts += [
        f"SELECT '{facet}', value, {count(facet)} FROM found, unnest({column}) AS value GROUP BY value"  # noqa: S608
        for facet, column in FACETS.items()
    ]
    parts.append(f"SELECT 'region', '', {count('region')} FROM found WHERE regions = '{{}}'")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found ({names}) AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}", params)
        rows = cursor.fetchall()
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    total = 0
    for facet, value, number in rows:
        if not facet:
            total = number
        elif number:
            counts[facet][value] = number
    if everywhere := counts["region"].pop("", 0):
        named = counts["region"]
        counts["region"] = {code: named.get(code, 0) + everywhere for code in (*regions, *named)}
    return Facets(total, counts)
