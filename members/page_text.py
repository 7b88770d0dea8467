"""The text of a page as plain values: whether it changed since somebody looked, and two who write at once; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What is saved and compared; a place is one thing, with its name, number and province.
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "description": ("description",),
    "website": ("website",),
    "place": ("country", "place_name", "place_id", "region"),
    "founding_year": ("founding_year",),
    "sectors": ("sectors",),
    "main_sector": ("main_sector",),
    "legal_form": ("legal_form",),
    "geo_scale": ("geo_scale",),
    "target_groups": ("target_groups",),
    "impact_areas": ("impact_areas",),
    "offer_types": ("offer_types",),
    "offer_details": ("offer_details",),
    "other_texts": ("other_texts",),
}
FIELDS = tuple(name for names in PARTS.values() for name in names)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two texts say the same; the order of what was chosen doesn't count."""
    return not differences(one, other)


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts in which two texts differ."""
    return tuple(part for part in PARTS if _hash(one, part) != _hash(other, part))


def mark(text: Mapping[str, Any]) -> str:
    """A mark of the text as it stood when a form was drawn; it says of each part whether it is still the same."""
    return ".".join(_hash(text, part) for part in PARTS)


@dataclass(frozen=True)
class Merged:
    """Two texts in one: `text` has mine where I changed something, theirs elsewhere; `clashing` are the parts that both
    changed into something else."""

    text: dict[str, Any]
    clashing: tuple[str, ...]


def merge(seen: str, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """What stands there now, with what I changed since I saw it. A mark that can't be read is of another text whole."""
    hashes = seen.split(".")
    base = dict(zip(PARTS, hashes, strict=True)) if len(hashes) == len(PARTS) else dict.fromkeys(PARTS, "")
    text, clashing = dict(theirs), []
    for part, names in PARTS.items():
        if _hash(mine, part) == base[part]:
            continue
        text |= {name: mine.get(name) for name in names}
        if _hash(theirs, part) not in (base[part], _hash(mine, part)):
            clashing.append(part)
    return Merged(text, tuple(clashing))


def _hash(text: Mapping[str, Any], part: str) -> str:
    values = [_plain(text.get(name)) for name in PARTS[part]]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:10]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(str(one) for one in value)
    return str(value).replace("\r\n", "\n").strip() if isinstance(value, str) else value
