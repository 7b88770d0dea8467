"""A profile's text line by line in words, and how a new revision differs from the one that is public."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from members import vocabulary
from members.choices import TermKind
from members.models import CollectiveProfile

VOCABULARY = {
    "sectors": TermKind.SECTOR,
    "main_sector": TermKind.SECTOR,
    "legal_form": TermKind.LEGAL_FORM,
    "geo_scale": TermKind.SCALE,
    "target_groups": TermKind.TARGET_GROUP,
    "impact_areas": TermKind.IMPACT,
    "offer_types": TermKind.OFFER,
}
FIELDS = (
    "name", "description", "website", "country", "place_name", "region", "founding_year", "sectors", "main_sector",
    "legal_form", "geo_scale", "target_groups", "impact_areas", "offer_types", "offer_details", "other_texts",
)  # fmt: skip


FIELD_NAMES = {field.name: field.verbose_name for field in CollectiveProfile._meta.fields}


@dataclass(frozen=True)
class Line:
    """One line of a profile: what stands there now, what is proposed, and whether these differ."""

    label: str
    old: str
    new: str
    changed: bool


def words(profile: CollectiveProfile, name: str) -> str:
    """One field of a profile as people read it."""
    value = getattr(profile, name)
    if name in VOCABULARY:
        labels = vocabulary.labels(VOCABULARY[name], get_language() or "nl")
        codes = value if isinstance(value, list) else [value] if value else []
        return ", ".join(labels.get(code, code) for code in codes)
    if name == "other_texts":
        return "; ".join(str(text) for text in value.values())
    display = getattr(profile, f"get_{name}_display", None)
    return str(display() if display else value if value is not None else "")


def compare(old: CollectiveProfile | None, new: CollectiveProfile) -> list[Line]:
    """Every line that has a text in one of the two, in the order of the page."""
    lines = []
    for name in FIELDS:
        before, after = words(old, name) if old else "", words(new, name)
        if before or after:
            label = str(FIELD_NAMES[name])
            lines.append(Line(label, before, after, changed=old is not None and before != after))
    return lines
