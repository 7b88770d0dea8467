"""What the pages show that comes from several apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import connection
from django.db.models import Count, Func, Q
from django.db.models.functions import Round

from labs.models import Lab
from members.models import Collective, MapPin


class HomeFigures(TypedDict):
    """Counts of public pages by their public fields: anyone can count those pages."""

    collectives: int
    sectors: int
    regions: int
    labs: int


def home_figures() -> HomeFigures:
    """How many collectives have a public page, in how many fields and provinces, and how many labs there are."""
    published = Collective.objects.published()
    sectors = published.annotate(sector=Func("published_profile__sectors", function="unnest")).values(
        "sector"
    )
    counts = published.aggregate(
        collectives=Count("pk"),
        regions=Count("published_profile__region", distinct=True, filter=~Q(published_profile__region="")),
    )
    return {
        "collectives": counts["collectives"],
        "sectors": sectors.distinct().count(),
        "regions": counts["regions"],
        "labs": Lab.objects.count(),
    }


def home_pins(limit: int = 3000) -> list[tuple[float, float, int]]:
    """Where published collectives stand, by place, and how many stand there: (latitude, longitude, number)."""
    places = (
        MapPin.objects.published()
        .annotate(lat=Round("latitude", 2), lon=Round("longitude", 2))
        .values_list("lat", "lon")
        .annotate(number=Count("pk"))
        .order_by("-number", "lat", "lon")
    )
    return list(places[:limit])


def count_arrival(campaign_id: int, day: date, now: datetime) -> None:
    """Add one to the campaign's arrivals of this day, in one statement; nothing for one that has ended by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO pages_campaignday (campaign_id, day, arrivals)
            SELECT id, %s, 1 FROM pages_campaign WHERE id = %s AND (ended_at IS NULL OR ended_at > %s)
            ON CONFLICT (campaign_id, day) DO UPDATE SET arrivals = pages_campaignday.arrivals + 1
            """,
            [day, campaign_id, now],
        )


@dataclass(frozen=True)
class Facts:
    """What the dashboard asks about a person."""

    has_second_step: bool
    invited: bool
    is_researcher: bool
    has_lab: bool
    asked: list[str]
    put_away: list[str]
    topics: list[str]
    unread: int


FACTS = """
SELECT EXISTS (SELECT 1 FROM mfa_authenticator WHERE user_id = %(person)s AND type = ANY(%(factors)s)),
       EXISTS (SELECT 1 FROM pages_invitation WHERE inviter_id = %(person)s),
       EXISTS (SELECT 1 FROM labs_labmembership m JOIN labs_lab l ON l.id = m.lab_id
                WHERE m.user_id = %(person)s AND m.state = 'approved' AND m.ended_at IS NULL
                  AND l.does_research AND m.confirm_by >= %(confirmed)s),
       EXISTS (SELECT 1 FROM labs_labmembership WHERE user_id = %(person)s AND state <> 'refused' AND ended_at IS NULL),
       ARRAY(SELECT c.name FROM members_joinrequest j JOIN members_collective c ON c.id = j.collective_id
              WHERE j.state = 'pending'
                AND (j.user_id = %(person)s
                     OR lower(j.email) IN (SELECT lower(e.email) FROM account_emailaddress e
                                            WHERE e.user_id = %(person)s AND e.verified))
              ORDER BY j.id),
       ARRAY(SELECT key::text FROM pages_putaway WHERE user_id = %(person)s),
       coalesce((SELECT topics FROM members_personalprofile WHERE user_id = %(person)s)::text[], '{}'),
       (SELECT count(*) FROM members_notification WHERE user_id = %(person)s AND read_at IS NULL)
"""


def facts_of(user_id: int, factors: Iterable[str], confirmed: date) -> Facts:
    """What first steps and news need to know of a person, in one query.

    `asked` names the collectives to which they asked for access, from a proven address, and that have not decided yet;
    a researcher confirmed their membership for this day or later. Who applied to a lab has one, until refused or ended.
    `unread` is how many notifications they have not read.
    """
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "person": user_id,
            "factors": [str(one) for one in factors],
            "confirmed": confirmed,
        }
        cursor.execute(FACTS, given)
        return Facts(*cursor.fetchone())
