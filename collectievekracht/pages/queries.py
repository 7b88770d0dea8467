"""What the pages show that comes from several apps."""

from collections.abc import Iterator
from datetime import date
from typing import TypedDict

from django.db.models import Count, Func, Q
from django.db.models.functions import Round
from django.urls import reverse

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


def page_addresses() -> Iterator[tuple[str, date | None]]:
    """The fixed public pages, for the sitemap."""
    names = (
        "home",
        "about",
        "faq",
        "contact",
        "privacy",
        "cookies",
        "terms",
        "accessibility",
        "signup_choice",
    )
    for name in names:
        yield reverse(f"pages:{name}"), None
    for name in ("selfscan:start", "members:directory", "members:map"):
        yield reverse(name), None
