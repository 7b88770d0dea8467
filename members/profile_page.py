"""A collective's page as its template sees it: exactly what the instrument calls public, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from collectievekracht.common import charts
from collectievekracht.common.structured_data import Thing, absolute
from members.choices import ReviewState, TermKind
from members.directory import place_line
from members.gazetteer import REGIONS_FILE
from members.models import Collective, CollectiveProfile, MapPin
from members.vocabulary import labels

NOTHING_YET = {"none_now", "too_early"}  # answers that say there is nothing to show


@dataclass(frozen=True)
class Tag:
    """A field of work, with the collectives in the same one."""

    label: str
    url: str


@dataclass(frozen=True)
class ProfilePage:
    """What stands on the page."""

    collective: Collective
    name: str
    description: str
    summary: str
    tags: list[Tag]
    facts: list[tuple[str, str]]
    lists: list[tuple[str, list[str]]]
    offers: list[str]
    offer_details: str
    website: str
    website_name: str
    public: bool
    locator: SafeString
    similar_url: str
    data: Thing = field(default_factory=dict)

    @property
    def paragraphs(self) -> SafeString:
        """The description, escaped, in paragraphs."""
        parts = [part.strip() for part in self.description.split("\n\n") if part.strip()]
        return mark_safe(  # noqa: S308
            "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts)
        )

    @property
    def contactable(self) -> bool:
        """Whether there is somebody to write to."""
        return self.public and bool(self.collective.contact_email)


def shown_profile(collective: Collective) -> CollectiveProfile | None:
    """The public text; for whoever may see a collective without one, the newest there is."""
    if collective.state == ReviewState.APPROVED and collective.published_profile:
        return collective.published_profile
    return collective.profiles.order_by("-revision").first()


def _words(kind: str, codes: list[str], own: str) -> list[str]:
    """The labels of these codes; "other" in the collective's own words."""
    names = labels(kind, get_language() or "nl")
    said = [
        own if code == "other" and own else names.get(code, code) for code in codes if code not in NOTHING_YET
    ]
    return [word for word in said if word]


def profile_page(collective: Collective, profile: CollectiveProfile) -> ProfilePage:
    """The page of this text, in the active language."""
    public = collective.state == ReviewState.APPROVED and collective.published_profile_id == profile.pk
    own: Mapping[str, str] = profile.other_texts
    directory = reverse("members:directory")
    sectors = sorted(profile.sectors, key=lambda code: code != profile.main_sector)
    names = labels(TermKind.SECTOR, get_language() or "nl")
    tags = [
        Tag(
            own["sectors"] if code == "other" and own.get("sectors") else names.get(code, code),
            f"{directory}?{urlencode({'sector': code})}",
        )
        for code in sectors
    ]
    forms = _words(TermKind.LEGAL_FORM, [profile.legal_form], own.get("legal_form", ""))
    areas = _words(TermKind.SCALE, [profile.geo_scale], "")
    facts = [
        (_("Place"), place_line(profile.place_name, profile.region)),
        (_("Started in"), str(profile.founding_year or "")),
        (_("Legal form"), ", ".join(forms)),
        (_("Area of work"), ", ".join(areas)),
    ]
    lists = [
        (
            _("Whom we do it for"),
            _words(TermKind.TARGET_GROUP, profile.target_groups, own.get("target_groups", "")),
        ),
        (_("What people notice of it"), _words(TermKind.IMPACT, profile.impact_areas, "")),
    ]
    pin = getattr(collective, "pin", None)
    similar = {"sector": profile.main_sector or next(iter(profile.sectors), "")}
    page = ProfilePage(
        collective=collective,
        name=profile.name,
        description=profile.description,
        summary=profile.summary,
        tags=tags,
        facts=[(term, value) for term, value in facts if value],
        lists=[(title, words) for title, words in lists if words],
        offers=_words(TermKind.OFFER, profile.offer_types, ""),
        offer_details=profile.offer_details,
        website=profile.website if urlsplit(profile.website).scheme in ("http", "https") else "",
        website_name=_host(profile.website),
        public=public,
        locator=_locator(profile, pin),
        similar_url=f"{directory}?{urlencode({key: value for key, value in similar.items() if value})}",
    )
    return page if not public else ProfilePage(**{**page.__dict__, "data": _data(page, profile, pin)})


def _host(url: str) -> str:
    """The website as people say it."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/")


def _locator(profile: CollectiveProfile, pin: MapPin | None) -> SafeString:
    """Where it is: the pin where there is one, else the province of the place."""
    where = place_line(profile.place_name, profile.region)
    if pin:
        return charts.locator(
            REGIONS_FILE, _("Map: %(place)s") % {"place": where}, pin.longitude, pin.latitude
        )
    if not profile.region:
        return SafeString("")
    return charts.region_map(REGIONS_FILE, _("Map: %(place)s") % {"place": where}, marked=[profile.region])


def _data(page: ProfilePage, profile: CollectiveProfile, pin: MapPin | None) -> Thing:
    """The same facts for search engines, as schema.org data."""
    url = absolute(page.collective.get_absolute_url())
    with override(settings.LANGUAGE_CODE):  # one collective, whatever the language of its page
        identity = absolute(f"{page.collective.get_absolute_url()}#collective")
    country = "NL" if profile.country == "nl" else "BE"
    organization: Thing = {
        "@type": "Organization",
        "@id": identity,
        "name": profile.name,
        "description": profile.description,
        "url": url,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": profile.place_name,
            "addressCountry": country,
        },
    }
    if profile.founding_year:
        organization["foundingDate"] = f"{profile.founding_year:04}"
    if page.website:
        organization["sameAs"] = [page.website]
    if pin:
        organization["location"] = {
            "@type": "Place",
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": round(pin.latitude, 5),
                "longitude": round(pin.longitude, 5),
            },
        }
    return organization
