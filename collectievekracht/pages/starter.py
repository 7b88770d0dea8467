"""The texts that the platform starts with: a file a page, a file a part of the questions; read here, never written."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
LANGUAGES = ("nl", "en")


@cache
def pages() -> dict[str, dict[str, str]]:
    """The fields of each page, by its code."""
    return {file.stem: _fields(_read(file)) for file in sorted((DATA / "pages").glob("*.yaml"))}


@cache
def questions() -> dict[str, dict[str, Any]]:
    """The fields of each question, by its code, in order; a file of `data/questions` is a part of the page."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((DATA / "questions").glob("*.yaml")):
        for number, (code, entry) in enumerate(_read(file).items(), start=1):
            found[code] = {"group": file.stem, "position": number * 10} | _fields(entry)
    return found


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def _fields(entry: dict[str, dict[str, str]]) -> dict[str, str]:
    """`{nl: {title: …}}` as `{title_nl: …}`; lines are folded, since the team reads this in a plain field as well."""
    return {
        f"{name}_{language}": entry[language][name].strip()
        for language in LANGUAGES
        for name in entry[language]
    }
