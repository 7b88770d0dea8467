"""A text of the team as it is read: headings that can be linked to, the team's address, links without a warning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from collectievekracht.common.rich_text import TAG, rich_text

# Where the team's address stands in a text: it is a setting, and a page that names it stays right.
TEAM_ADDRESS = "[e-mail]"
CONTENTS_FROM = 4  # as many headings make a list of contents worth its room
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_WARNING = ' rel="noopener nofollow ugc"'  # for links by strangers; these are the team's own


@dataclass(frozen=True)
class Part:
    """A heading of a page, and where it stands."""

    code: str
    title: str


@dataclass(frozen=True)
class Reading:
    """A page as its template shows it."""

    code: str
    title: str
    summary: str
    html: SafeString
    parts: tuple[Part, ...] = ()
    changed_at: datetime | None = None

    @property
    def contents(self) -> tuple[Part, ...]:
        """The headings, where there are enough of them for a list of contents."""
        return self.parts if len(self.parts) >= CONTENTS_FROM else ()


@dataclass(frozen=True)
class Answered:
    """A question with its answer."""

    code: str
    question: str
    html: SafeString


@dataclass
class Group:
    """A part of the page of questions."""

    code: str
    title: str
    answers: list[Answered] = field(default_factory=list)


def readable(text: str) -> tuple[SafeString, tuple[Part, ...]]:
    """The text as HTML that may be shown, and its headings; cleaned once more, whatever the row holds."""
    parts: list[Part] = []

    def numbered(heading: re.Match[str]) -> str:
        title = strip_tags(heading[1]).strip()
        part = Part(_free(slugify(title)[:60] or "deel", parts), title)
        parts.append(part)
        return f'<h2 id="{part.code}">{heading[1]}</h2>'

    return mark_safe(_HEADING.sub(numbered, _own(rich_text(text)))), tuple(parts)  # noqa: S308 -- cleaned


def _free(code: str, parts: list[Part]) -> str:
    taken = {part.code for part in parts} | {"main"}
    numbers = (f"{code}-{number}" for number in range(2, len(taken) + 3))
    return code if code not in taken else next(one for one in numbers if one not in taken)


def _own(html: str) -> str:
    """With the team's address in the text (never inside a tag), and without the mark on links by strangers."""
    address = format_html('<a href="mailto:{}">{}</a>', settings.TEAM_EMAIL, settings.TEAM_EMAIL)
    pieces, end = [], 0
    for tag in TAG.finditer(html):
        pieces += [html[end : tag.start()].replace(TEAM_ADDRESS, address)]
        pieces += [tag[0].removesuffix(_WARNING + ">") + ">" if tag[0].endswith(_WARNING + ">") else tag[0]]
        end = tag.end()
    return "".join(pieces) + html[end:].replace(TEAM_ADDRESS, address)
