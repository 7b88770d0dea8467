"""Made-up collectives in bulk, for demonstrations and benchmarks. Names and texts come from word lists; nobody is meant."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from members.choices import ConsentKind, PinPrecision, ReviewState
from members.gazetteer import Place, gazetteer
from members.models import Collective, CollectiveProfile, Consent, MapPin
from members.services.map_grid import refresh_map_grid
from members.text import sort_key, summarise

BATCH = 2000
CONSENT_TEXT = "Verzonnen toestemming van een verzonnen collectief."
WORDS = json.loads(Path(__file__).with_name("demo_words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Made:
    collective: Collective
    profile: CollectiveProfile
    pin: MapPin | None


def make_collectives(count: int, *, seed: int = 1, places: Sequence[Place] | None = None) -> list[int]:
    """Make approved collectives with page, consents and (for nine of ten) a pin; gives their ids.

    The same count and seed give the same names, texts and pins on an empty platform. Large places get more of them.
    """
    places = places or gazetteer.places
    chance = random.Random(seed)  # noqa: S311 -- made-up data
    heights = list(accumulate(place.population + 800 for place in places))
    now = timezone.now()
    taken = set(Collective.objects.values_list("slug", flat=True))
    made = (_make(chance, chance.choices(places, cum_weights=heights)[0], now, taken) for _ in range(count))
    ids: list[int] = []
    while batch := list(islice(made, BATCH)):
        ids += _write(batch)
    refresh_map_grid()
    return ids


def _pick(chance: random.Random, weights: dict[str, Any]) -> str:
    """One of the keys, by its weight or the weight in it."""
    shares = [value if isinstance(value, int) else value["weight"] for value in weights.values()]
    return chance.choices(list(weights), shares)[0]


def _slug(name: str, taken: set[str]) -> str:
    base = "-".join(
        filter(None, "".join(sign if sign.isalnum() else " " for sign in sort_key(name)).split())
    )[:60]
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def _make(chance: random.Random, place: Place, now: datetime, taken: set[str]) -> _Made:
    main = _pick(chance, WORDS["fields"])
    field = WORDS["fields"][main]
    year = int(chance.triangular(1985, now.year, now.year - 8))
    kind, last = chance.choice(field["kinds"]), chance.choice(WORDS["last"])
    names = (f"{kind} {place.name}", f"{kind} {last}", f"{chance.choice(WORDS['first'])} {place.name}")
    name = chance.choice((*names, f"{kind} {last} {place.name}"))
    slug = _slug(name, taken)
    joined = now - timedelta(days=chance.randint(1, 1700), minutes=chance.randint(0, 1440))
    collective = Collective(
        slug=slug,
        name=name,
        sort_name=sort_key(name),
        country=place.country,
        state=ReviewState.APPROVED,
        contact_email=f"{slug[:60]}@collectief.example",
        created_at=joined,
        onboarded_at=joined,
    )
    profile = _profile(chance, place, name, main, year)
    profile.created_at = profile.decided_at = joined
    if chance.random() < 0.7:
        profile.website = f"https://{slug[:60]}.example/"
    return _Made(collective, profile, _pin(chance, place) if chance.random() < 0.9 else None)


def _profile(chance: random.Random, place: Place, name: str, main: str, year: int) -> CollectiveProfile:
    field = WORDS["fields"][main]
    others = [code for code in WORDS["fields"] if code != main]
    opening = chance.choice(WORDS["openings"]).format(
        place=place.name, what=field["what"], how=field["how"], year=year
    )
    text = " ".join((opening, *chance.sample(WORDS["sentences"], chance.choice((1, 2)))))
    forms = WORDS["legal_forms"][place.country]
    form = chance.choices(forms, [form["weight"] for form in forms])[0]
    offers = chance.sample(WORDS["offers"], chance.choice((1, 2, 3)))
    return CollectiveProfile(
        revision=1,
        state=ReviewState.APPROVED,
        name=name,
        description=text,
        summary=summarise(text),
        country=place.country,
        place_name=place.name,
        place_id=place.geonames_id,
        region=place.region,
        founding_year=year,
        sectors=[main, *chance.sample(others, chance.choices((0, 1, 2), (60, 30, 10))[0])],
        main_sector=main,
        legal_form=form["code"],
        legal_form_group=form["group"],
        geo_scale=_pick(chance, WORDS["scales"]),
        target_groups=chance.sample(WORDS["groups"], chance.choice((1, 2))),
        impact_areas=chance.sample(WORDS["impacts"], chance.choice((1, 2, 3))),
        offer_types=offers,
        offer_details=chance.choice(WORDS["offer_details"]) if {"venue", "visit"} & set(offers) else "",
    )


def _pin(chance: random.Random, place: Place) -> MapPin:
    """In the middle of the place, or for one of five at a spot of its own."""
    exact = chance.random() < 0.2
    north, east = (chance.uniform(-0.012, 0.012), chance.uniform(-0.02, 0.02)) if exact else (0.0, 0.0)
    return MapPin(
        latitude=round(place.latitude + north, 5),
        longitude=round(place.longitude + east, 5),
        precision=PinPrecision.EXACT if exact else PinPrecision.PLACE,
    )


def _consents(batch: Sequence[_Made]) -> Iterator[Consent]:
    for made in batch:
        kinds = {ConsentKind.PROFILE: "", ConsentKind.RESEARCH: ""}
        if made.pin:
            kinds[ConsentKind.MAP] = made.pin.precision
        if made.profile.website:
            kinds[ConsentKind.ALIKE] = ""
            if made.pin:
                kinds[ConsentKind.TRAITS] = ""
        for kind, detail in kinds.items():
            yield Consent(
                collective=made.collective,
                kind=kind,
                detail=detail,
                text=CONSENT_TEXT,
                text_version="demo",
                given_at=made.collective.created_at,
            )


@transaction.atomic
def _write(batch: Sequence[_Made]) -> list[int]:
    """Write a batch; what makes them public comes last, so that the directory is filled once."""
    Collective.objects.bulk_create([made.collective for made in batch])
    for made in batch:
        made.profile.collective = made.collective
        if made.pin:
            made.pin.collective = made.collective
    CollectiveProfile.objects.bulk_create([made.profile for made in batch])
    MapPin.objects.bulk_create([made.pin for made in batch if made.pin])
    Consent.objects.bulk_create(_consents(batch))
    ids = [made.collective.pk for made in batch]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_collective c SET published_profile_id = p.id FROM members_collectiveprofile p"
            " WHERE p.collective_id = c.id AND c.id = ANY(%s)",
            [ids],
        )
    return ids
