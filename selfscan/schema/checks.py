"""Small checks on an instrument, each of which names the place."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from selfscan.errors import InstrumentError


def require(place: str, fulfilled: bool, reason: str) -> None:
    if not fulfilled:
        raise InstrumentError(place, reason)


def check_unique(place: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        require(place, code not in seen, f"'{code}' stands twice")
        seen.add(code)


def check_known(place: str, codes: Iterable[str], known: Collection[str], what: str) -> None:
    for code in codes:
        require(place, code in known, f"there is no {what} '{code}'")


def check_same(place: str, given: Collection[str], wanted: Collection[str]) -> None:
    for code in wanted:
        require(place, code in given, f"'{code}' is missing")
    check_known(place, given, wanted, "such thing as")
