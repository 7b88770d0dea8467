"""What higher and lower pages ask about the labs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

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
