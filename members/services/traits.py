"""By what collectives are alike: plain facts that whoever knows them writes down here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from django.utils import timezone

from members.gazetteer import gazetteer
from members.models import Collective, CollectiveTraits
from members.services.collectives import legal_form_group

BATCH = 1000


@dataclass(frozen=True)
class TraitFacts:
    """What is known of one collective; the codes are the instrument's, what was not answered is empty."""

    founding_year: int | None = None
    size_class: str = ""
    legal_form: str = ""
    phase: str = ""
    geo_scale: str = ""
    challenges: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    region: str = ""
    place_id: int | None = None


COLUMNS = [
    *(each.name for each in fields(TraitFacts) if each.name not in ("legal_form", "place_id")),
    *("legal_form_group", "latitude", "longitude", "changed_at"),
]


def write_traits(collective: Collective, facts: TraitFacts) -> None:
    """Write down by what this collective is alike to others, in place of what stood there."""
    write_all_traits([(collective.pk, facts)])


def write_all_traits(known: Iterable[tuple[int, TraitFacts]]) -> int:
    """As `write_traits` for many collectives (by id) at once; gives their number."""
    groups: dict[str, str] = {}
    rows = []
    for pk, facts in known:
        if facts.legal_form not in groups:
            groups[facts.legal_form] = legal_form_group(facts.legal_form)
        values = asdict(facts) | {
            "legal_form_group": groups[facts.legal_form],
            "challenges": list(facts.challenges),
            "sectors": list(facts.sectors),
        }
        place = gazetteer.get(values.pop("place_id"))
        del values["legal_form"]
        rows.append(
            CollectiveTraits(
                collective_id=pk,
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
                changed_at=timezone.now(),
                **values,
            )
        )
    CollectiveTraits.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["collective"],
        update_fields=COLUMNS,
    )
    return len(rows)
