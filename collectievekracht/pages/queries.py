"""What the pages show that comes from several apps."""

from datetime import date, datetime
from typing import TypedDict

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
