"""What the map's script is told, and what it may ask."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.gazetteer import gazetteer
from members.queries_map import LAND, Box

TILES_ORIGIN = "https://service.pdok.nl"
TILES = f"{TILES_ORIGIN}/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,17})?", re.ASCII)
LARGEST_ZOOM = 22
LANDMARKS = 90  # so many large towns are known to the script, to say where a cluster lies


def read_box(query: QueryDict) -> tuple[Box, int | None]:
    """Box and zoom of a question; ValueError, with what is wrong, for anything but numbers that make a box."""
    box = Box(*LAND)
    if "bbox" in query:
        parts = str(query["bbox"]).split(",")
        if len(parts) != 4 or not all(map(NUMBER.fullmatch, parts)):
            raise ValueError(_("bbox must be four numbers: west,south,east,north."))
        box = Box(*map(float, parts))
        if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
            raise ValueError(_("bbox must be four numbers: west,south,east,north."))
    if "zoom" not in query:
        return box, None
    zoom = str(query["zoom"])
    if not re.fullmatch(r"\d{1,2}", zoom, re.ASCII) or int(zoom) > LARGEST_ZOOM:
        raise ValueError(_("zoom must be a whole number from 0 to %(largest)s.") % {"largest": LARGEST_ZOOM})
    return box, int(zoom)


@lru_cache(maxsize=1)
def landmarks() -> list[tuple[str, float, float]]:
    """Large towns with their place."""
    largest = sorted(gazetteer.places, key=lambda place: -place.population)[:LANDMARKS]
    return [(place.name, round(place.latitude, 2), round(place.longitude, 2)) for place in largest]


def config(*, embedded: bool = False, tiles: bool = False) -> SafeString:
    """What `map.js` is told, as data on the page, so that no script stands in it."""
    return _config(get_language() or "nl", embedded, tiles)


@lru_cache(maxsize=8)
def _config(language: str, embedded: bool, tiles: bool) -> SafeString:
    """Addresses and words; the same for everybody."""
    return json_script(_told(language, embedded, tiles), "map-config")


def _told(language: str, embedded: bool, tiles: bool) -> dict[str, Any]:
    return {
        "pins": reverse("members:map_pins"),
        "list": reverse("members:directory"),
        "regions": static("geo/regions.geojson"),
        "pin": static("img/pin.svg"),
        "bounds": [[50.68, 2.54], [53.56, 7.23]],
        "language": language,
        "embedded": embedded,
        "landmarks": landmarks(),
        "tiles": {"url": TILES, "attribution": _("Map: Kadaster (PDOK), CC BY 4.0")} if tiles else None,
        "words": {
            "map": _("Map of citizen collectives"),
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
            "one": _("1 collective"),
            "several": _("{n} collectives"),
            "near": _("{what} near {place}"),
            "here": _("{what} in {place}"),
            "close": _("Close"),
            "zoomed": _("Zoomed in. {what} on this part of the map."),
            "failed": _("The map can't be loaded now. The list has the same collectives."),
            "detail": _("Show a detailed map"),
            "detailNote": _("Pictures of the map then come from Kadaster (PDOK)."),
            "all": _("See all in the list"),
            "sources": _("Places: GeoNames (CC BY 4.0). Outlines: Natural Earth."),
        },
    }


def embed_code() -> str:
    """What a partner puts on its own site to show the map."""
    address = escape(f"{settings.SITE_URL}{reverse('members:map_embed')}")
    title = escape(_("Map of citizen collectives"))
    return f'<iframe src="{address}" title="{title}" width="100%" height="600"></iframe>'
