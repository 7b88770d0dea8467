"""What leaves the directory as a file: the public fields, listed here one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.choices import Country, Region, TermKind
from members.models import DirectoryEntry
from members.vocabulary import labels

PROFILE = "collective__published_profile__"
FIELDS = (
    "name",
    "slug",
    "place_name",
    "region",
    "country",
    "founding_year",
    "sectors",
    f"{PROFILE}main_sector",
    f"{PROFILE}legal_form",
    "geo_scale",
    f"{PROFILE}target_groups",
    f"{PROFILE}impact_areas",
    f"{PROFILE}offer_types",
    f"{PROFILE}offer_details",
    f"{PROFILE}website",
    f"{PROFILE}description",
)


def directory_rows(entries: QuerySet[DirectoryEntry]) -> Iterator[tuple[Any, ...]]:
    """A heading and a row per collective, in the active language."""
    language = get_language() or "nl"
    words = {kind: labels(kind, language) for kind in TermKind.values}
    base = f"{settings.SITE_URL}{reverse('members:directory')}"
    regions, countries = dict(Region.choices), dict(Country.choices)

    def say(kind: str, codes: list[str]) -> str:
        return ", ".join(words[kind].get(code, code) for code in codes if code)

    yield (
        _("Name"),
        _("Page"),
        _("Place"),
        _("Province"),
        _("Country"),
        _("Started in"),
        _("Fields"),
        _("Main field"),
        _("Legal form"),
        _("Area of work"),
        _("Whom we do it for"),
        _("What people notice of it"),
        _("What we can offer"),
        _("What exactly"),
        _("Website"),
        _("Description"),
    )
    for row in entries.values_list(*FIELDS).iterator(chunk_size=2000):
        (
            name,
            slug,
            place,
            region,
            country,
            year,
            sectors,
            main,
            form,
            area,
            groups,
            impact,
            offers,
            *texts,
        ) = row
        yield (
            name,
            f"{base}{slug}/",
            place,
            regions.get(region, ""),
            countries.get(country, ""),
            year,
            say(TermKind.SECTOR, sectors),
            say(TermKind.SECTOR, [main]),
            say(TermKind.LEGAL_FORM, [form]),
            say(TermKind.SCALE, [area]),
            say(TermKind.TARGET_GROUP, groups),
            say(TermKind.IMPACT, impact),
            say(TermKind.OFFER, offers),
            *texts,
        )
