"""What changed between two versions of the questionnaire, by the entries that every version ships; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from selfscan.schema.after_the_scan import Migration

Comparability = Literal["same", "caution", "break"]
Path = tuple[Mapping[str, Migration], ...]
NOWHERE: Path = ()


def way_between(migrations: Iterable[Migration], before: str, after: str) -> Path:
    """From one version to another, the shortest way: by step, what each code went through.

    Nothing where there is no way: what isn't named did not change, as codes are never used again.
    """
    steps: dict[str, dict[str, dict[str, Migration]]] = {}
    for entry in migrations:
        steps.setdefault(entry.from_version, {}).setdefault(entry.to_version, {})[entry.code] = entry
    seen, waiting = {before}, deque([(before, NOWHERE)])
    while waiting:
        version, path = waiting.popleft()
        if version == after:
            return path
        for following in sorted(steps.get(version, {})):
            if following not in seen:
                seen.add(following)
                waiting.append((following, (*path, steps[version][following])))
    return NOWHERE


def carried(value: Any, code: str, path: Path) -> Any:
    """An answer of the older version as the newer one would have it; None where it can't be compared."""
    for step in path:
        entry = step.get(code)
        if entry is None or entry.action == "same":
            continue
        if entry.action != "recode":
            return None
        value = _recoded(value, entry.map or {})
    return value


def _recoded(value: Any, codes: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return codes.get(value, value)
    if isinstance(value, list | tuple):
        new = [codes.get(each, each) if isinstance(each, str) else each for each in value]
        return [each for number, each in enumerate(new) if isinstance(each, str) and each not in new[:number]]
    return value


def comparability(
    indicator: str,
    path: Path,
    *,
    before: frozenset[str],
    after: frozenset[str],
    same_scoring: bool,
) -> Comparability:
    """Whether an indicator's scores of two versions may be laid side by side.

    `before` and `after` are the codes that feed it. What the entries say of the indicator itself decides; else
    what they say of its items. Another scoring, or other items, without a word about it is a break.
    """
    own = [step[indicator].action for step in path if indicator in step]
    if own:
        return _worst(own)
    if before != after or not same_scoring:
        return "break"
    return _worst([entry.action for step in path for code, entry in step.items() if code in before])


def _worst(actions: Iterable[str]) -> Comparability:
    found = set(actions)
    if "not_comparable" in found:
        return "break"
    return "caution" if found & {"recode", "derive"} else "same"
