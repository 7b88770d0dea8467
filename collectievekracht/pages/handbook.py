"""The handbook of the team: written in `docs/beheer.md`, shown in the admin as clean HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

SOURCE = "docs/beheer.md"


@dataclass(frozen=True, slots=True)
class Handbook:
    """Its title, its parts with the anchor of each, and the whole text."""

    title: str
    parts: tuple[tuple[str, str], ...]
    body: SafeString


def handbook() -> Handbook:
    """The handbook as it stands on disk; read again when it has changed."""
    path = settings.BASE_DIR / SOURCE
    return _drawn(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _drawn(path: Path, changed: int) -> Handbook:
    return draw(path.read_text(encoding="utf-8"))


def draw(text: str) -> Handbook:
    """Markdown as a page: raw HTML is shown as text, pictures are left out (they show the admin itself)."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    title, parts, kept = "", [], []
    tokens = iter(parser.parse(text))
    for token in tokens:
        if token.type == "heading_open":
            words = next(tokens)
            if token.tag == "h1":
                title = words.content
                next(tokens)
                continue
            anchor = slugify(words.content)
            token.attrSet("id", anchor)
            if token.tag == "h2":
                parts.append((anchor, words.content))
            kept += [token, words]
        elif token.type == "paragraph_open":
            words = next(tokens)
            end = next(tokens)
            if any(child.type != "image" for child in words.children or ()):
                kept += [token, words, end]
        else:
            if token.type == "table_open":
                token.attrSet("class", "table")
            kept.append(token)
    html = parser.renderer.render(kept, parser.options, {})
    return Handbook(title, tuple(parts), mark_safe(html))  # noqa: S308 -- markdown-it escapes what it is given
