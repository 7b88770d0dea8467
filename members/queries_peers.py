"""Which collectives may be like one: the few nearest of all that agreed, found by the database.

The distance is that of `members.peers`, written as SQL; a test lays the two side by side.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db import connection, transaction

from members.choices import Activity, ConsentKind, ReviewState, Role
from members.peers import AGE_SPAN, EARTH_KM, NEARBY_KM, SIZES, WHOLE, Side, Traits

NEAREST = 24
RANKED_SECONDS = 3600
VERSION = "alike:version"
SHOWN = {"alike": ConsentKind.ALIKE, "traits": ConsentKind.TRAITS, "stopped": Activity.STOPPED}

MINE = """
SELECT c.id, coalesce(e.founding_year, t.founding_year), coalesce(t.size_class, ''),
       coalesce(e.legal_form_group, t.legal_form_group, ''), coalesce(t.phase, ''),
       coalesce(e.geo_scale, t.geo_scale, ''), coalesce(t.challenges, '{}'), coalesce(e.sectors, t.sectors, '{}'),
       t.latitude, t.longitude, e.collective_id IS NOT NULL, t.collective_id IS NOT NULL,
       EXISTS (SELECT 1 FROM members_consent k
                WHERE k.collective_id = c.id AND k.kind = %(traits)s AND k.withdrawn_at IS NULL),
       EXISTS (SELECT 1 FROM members_consent k
                WHERE k.collective_id = c.id AND k.kind = %(alike)s AND k.withdrawn_at IS NULL),
       c.slug, c.name
  FROM members_collective c
  LEFT JOIN members_directoryentry e ON e.collective_id = c.id
  LEFT JOIN members_collectivetraits t ON t.collective_id = c.id
"""
ONE = f"{MINE} WHERE c.id = %(me)s"
OF_PERSON = f"""{MINE.replace("c.name", "c.name, m.role")}
  JOIN members_membership m ON m.collective_id = c.id AND m.user_id = %(user)s AND m.left_at IS NULL
 WHERE c.state = %(approved)s AND c.closed_at IS NULL
 ORDER BY c.sort_name, c.id"""

SIZE = (
    "CASE {column} " + " ".join(f"WHEN '{code}' THEN {number}" for number, code in enumerate(SIZES)) + " END"
)


def _equal(column: str, value: str) -> str:
    return f"CASE WHEN %({value})s <> '' AND {column} = %({value})s THEN 0 ELSE {WHOLE} END"


LINE = """
SELECT e.collective_id, e.founding_year, coalesce(t.size_class, ''), e.legal_form_group, coalesce(t.phase, ''),
       e.geo_scale, coalesce(t.challenges, ARRAY[]::varchar[]), e.sectors, t.latitude, t.longitude,
       EXISTS (SELECT 1 FROM members_consent k
                WHERE k.collective_id = e.collective_id AND k.kind = %(traits)s AND k.withdrawn_at IS NULL),
       e.slug, e.name, e.place_name, e.region, e.summary"""

# Whoever agreed, with a public page, by how far they are; then the nearest, and the nearest of each rule.
# `{{shared}}` counts the challenges in common: a sum over one's own, as looking into two lists for each row is slow.
CANDIDATES = f"""
WITH ranked AS MATERIALIZED (
  SELECT e.collective_id AS id,
         CASE WHEN e.founding_year IS NULL OR %(year)s::int IS NULL THEN {WHOLE // 2}
              ELSE least(abs(e.founding_year - %(year)s::int) * {WHOLE} / {AGE_SPAN}, {WHOLE}) END
         + coalesce(abs({SIZE.format(column="t.size_class")} - %(size)s::int) * {WHOLE} / 2, {WHOLE})
         + {_equal("e.legal_form_group", "form")}
         + {_equal("t.phase", "phase")}
         + {_equal("e.geo_scale", "scale")}
         + CASE WHEN cardinality(t.challenges) > 0 AND %(challenges)s > 0
                THEN {WHOLE} - ({{shared}}) * {WHOLE} / least(cardinality(t.challenges), %(challenges)s)
                ELSE {WHOLE} END AS distance,
         cardinality(e.sectors) > 0 AND cardinality(%(sectors)s::text[]) > 0
           AND NOT e.sectors::text[] && %(sectors)s::text[] AS other_sector,
         t.latitude BETWEEN %(south)s AND %(north)s AND t.longitude BETWEEN %(west)s AND %(east)s
           AND 2 * {EARTH_KM} * asin(sqrt(least(1, power(sin(radians(t.latitude - %(lat)s::float) / 2), 2)
             + cos(radians(%(lat)s::float)) * cos(radians(t.latitude))
             * power(sin(radians(t.longitude - %(lon)s::float) / 2), 2)))) <= {NEARBY_KM} AS nearby
    FROM members_consent k
    JOIN members_directoryentry e ON e.collective_id = k.collective_id
    LEFT JOIN members_collectivetraits t ON t.collective_id = e.collective_id
   WHERE k.kind = %(alike)s AND k.withdrawn_at IS NULL AND k.collective_id <> %(me)s
     AND NOT EXISTS (SELECT 1 FROM members_collective c
                      WHERE c.id = k.collective_id AND c.activity = %(stopped)s)
), kept AS (
  (SELECT id FROM ranked ORDER BY distance, id LIMIT {NEAREST})
  UNION (SELECT id FROM ranked WHERE other_sector ORDER BY distance, id LIMIT 1)
  UNION (SELECT id FROM ranked WHERE nearby ORDER BY distance, id LIMIT 1)
)
{LINE}
  FROM kept
  JOIN members_directoryentry e ON e.collective_id = kept.id
  LEFT JOIN members_collectivetraits t ON t.collective_id = kept.id
"""  # noqa: S608 -- put together from constants

# The same of those that were ranked before, as far as they may still be shown.
RANKED_BEFORE = f"""
{LINE}
  FROM members_directoryentry e
  JOIN members_consent k ON k.collective_id = e.collective_id AND k.kind = %(alike)s AND k.withdrawn_at IS NULL
  JOIN members_collective c ON c.id = e.collective_id AND c.activity <> %(stopped)s
  LEFT JOIN members_collectivetraits t ON t.collective_id = e.collective_id
 WHERE e.collective_id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Mine:
    """One's own side, whether anything is known of it beside its page, and whether it agreed to be shown itself."""

    side: Side
    known: bool
    agreed: bool
    slug: str
    name: str
    represents: bool = False


@dataclass(frozen=True)
class Peer:
    """Another collective that agreed to be shown, with what its public page says."""

    side: Side
    slug: str
    name: str
    place_name: str
    region: str
    summary: str


def mine(collective_id: int) -> Mine:
    """How this collective stands: one query."""
    kinds = {"traits": ConsentKind.TRAITS, "alike": ConsentKind.ALIKE}
    with connection.cursor() as cursor:
        cursor.execute(ONE, {"me": collective_id, **kinds})
        return _mine(cursor.fetchone())


def of_person(user_id: int) -> list[Mine]:
    """How the approved collectives of this person stand, by name: one query."""
    known = {"traits": ConsentKind.TRAITS, "alike": ConsentKind.ALIKE, "approved": ReviewState.APPROVED}
    with connection.cursor() as cursor:
        cursor.execute(OF_PERSON, {"user": user_id, **known})
        return [_mine(row[:-1], represents=row[-1] == Role.REPRESENTATIVE) for row in cursor.fetchall()]


def _mine(row: Any, *, represents: bool = False) -> Mine:
    key, *traits, public, known, names_traits, agreed, slug, name = row
    side = Side(key, _traits(traits), public=public, names_traits=names_traits)
    return Mine(side, known=known or public, agreed=agreed, slug=slug, name=name, represents=represents)


def candidates(me: Side) -> list[Peer]:
    """The nearest collectives that agreed and have a public page: one query, whose answer doesn't grow.

    Who they are is looked up anew after an hour, when another one may be shown from now on, or when one of them no
    longer may; whether they may is asked every time.
    """
    pages, key = caches["pages"], f"alike:ranked:{me.key}:{zlib.crc32(repr(_asked(me.traits)).encode()):x}"
    kept = pages.get_many([VERSION, key])
    version = kept.get(VERSION, "")
    ranked_at, known = kept.get(key, ("", []))
    if (
        known
        and ranked_at == version
        and len(found := _peers(RANKED_BEFORE, {"ids": known, **SHOWN})) == len(known)
    ):
        return found
    found = _peers(*_question(me))
    pages.set(key, (version, [peer.side.key for peer in found]), RANKED_SECONDS)
    return found


def rank_anew() -> None:
    """Let nobody keep an older ranking once the transaction stands: a collective may be shown that wasn't before."""
    transaction.on_commit(
        lambda: caches["pages"].set(VERSION, secrets.token_hex(8), RANKED_SECONDS * 2), robust=True
    )


def _peers(sql: str, asked: Mapping[str, Any]) -> list[Peer]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [
            Peer(Side(row[0], _traits(row[1:10]), public=True, names_traits=row[10]), *row[11:])
            for row in cursor.fetchall()
        ]


def _question(me: Side) -> tuple[str, Mapping[str, Any]]:
    """The query with its parameters."""
    traits, challenges = me.traits, sorted(me.traits.challenges)
    names = [f"challenge_{number}" for number in range(len(challenges))]
    shared = " + ".join(f"(%({name})s = ANY(t.challenges))::int" for name in names) or "0"
    return CANDIDATES.format(shared=shared), {
        "me": me.key,
        **_asked(traits),
        **dict(zip(names, challenges, strict=True)),
    }


def _asked(traits: Traits) -> Mapping[str, Any]:
    latitude, longitude = traits.latitude, traits.longitude
    here = latitude is not None and longitude is not None
    high, wide = (NEARBY_KM / 111, NEARBY_KM / 65) if here else (0.0, 0.0)  # a degree here, generously
    return {
        "year": traits.founding_year,
        "size": SIZES.index(traits.size_class) if traits.size_class in SIZES else None,
        "form": traits.legal_form_group,
        "phase": traits.phase,
        "scale": traits.geo_scale,
        "challenges": len(traits.challenges),
        "sectors": sorted(traits.sectors),
        "lat": latitude if here else None,
        "lon": longitude if here else None,
        "south": latitude - high if latitude is not None and here else None,
        "north": latitude + high if latitude is not None and here else None,
        "west": longitude - wide if longitude is not None and here else None,
        "east": longitude + wide if longitude is not None and here else None,
        **SHOWN,
    }


def _traits(row: Any) -> Traits:
    year, size, form, phase, scale, challenges, sectors, latitude, longitude = row
    return Traits(
        founding_year=year,
        size_class=size,
        legal_form_group=form,
        phase=phase,
        geo_scale=scale,
        challenges=frozenset(challenges),
        sectors=frozenset(sectors),
        latitude=latitude,
        longitude=longitude,
    )
