"""Makes the pictures that the site gives away: cards beside shared links, and the icons of the site.

The drawings are SVG files of our own; the words of a card are translated, wrapped and set here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from gettext import translation
from pathlib import Path
from typing import Any

import resvg_py
from django.utils.html import escape
from fontTools.ttLib import TTFont

from collectievekracht.common import social_cards
from collectievekracht.common.social_cards import CARDS, HEIGHT, WIDTH, SocialCard
from collectievekracht.local import fonts, paths

SOURCES = paths.CHECKOUT / "static" / "img"
STATIC = paths.CHECKOUT / "static"
ICONS = STATIC / "build" / "icons"
LOCALES = paths.CHECKOUT / "locale"
LANGUAGES = ("nl", "en")
PAPER, INK, INK_SOFT = "#fbf8f1", "#17302c", "#47605b"
LEFT, COLUMN = 80, 590  # where the words begin, and how wide they may be
SIZES = (78, 72, 66, 60, 54)


@dataclass(frozen=True)
class Face:
    """A font file with the name by which a drawing asks for it."""

    file: Path

    @property
    def family(self) -> str:
        return str(_opened(self.file)["name"].getBestFamilyName())

    @property
    def weight(self) -> int:
        return int(_opened(self.file)["OS/2"].usWeightClass)

    def width(self, text: str, size: int) -> float:
        """How wide this text is, without kerning: never less than it will be."""
        font = _opened(self.file)
        glyphs, widths = font.getBestCmap(), font["hmtx"]
        return (
            sum(widths[glyphs.get(ord(sign), ".notdef")][0] for sign in text) * size / font["head"].unitsPerEm
        )

    def wrap(self, text: str, size: int, column: int) -> list[str]:
        """The text in lines that fit."""
        lines: list[str] = []
        for word in text.split():
            if lines and self.width(f"{lines[-1]} {word}", size) <= column:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def balance(self, text: str, size: int, column: int) -> list[str]:
        """As many lines as it takes, none much shorter than the others."""
        lines = self.wrap(text, size, column)
        while (column := column - 10) and len(narrower := self.wrap(text, size, column)) == len(lines):
            if max(self.width(line, size) for line in narrower) > column:
                break
            lines = narrower
        return lines

    def fits(self, text: str, size: int, column: int, most: int) -> bool:
        """Whether it takes no more lines than this, none of them too wide."""
        lines = self.wrap(text, size, column)
        return len(lines) <= most and all(self.width(line, size) <= column for line in lines)


DISPLAY = Face(fonts.PDF / "bricolage-grotesque-700.ttf")
TEXT = Face(fonts.PDF / "source-sans-3-400.ttf")


@lru_cache
def _opened(file: Path) -> Any:
    return TTFont(file, lazy=True)


def build() -> None:
    """Draw every picture that is missing, or older than what it is made of. Needs the fonts and the translations."""
    for target, draw, sources in _pictures():
        if target.exists() and target.stat().st_mtime > max(source.stat().st_mtime for source in sources):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        unfinished.write_bytes(draw())
        unfinished.replace(target)


def _pictures() -> Iterator[tuple[Path, Any, list[Path]]]:
    """Each picture: where it goes, how it is drawn, and from which files."""
    own = Path(__file__)
    logo, favicon = SOURCES / "logo.svg", SOURCES / "favicon.svg"
    for card in CARDS.values():
        art = SOURCES / f"card-{card.code}.svg"
        for language in LANGUAGES:
            sources = [own, Path(social_cards.__file__), art, logo, DISPLAY.file, TEXT.file]
            sources += LOCALES.glob(f"{language}/LC_MESSAGES/*.mo")
            picture = STATIC / social_cards.file_of(card.code, language)
            svg = _drawing(card, language)
            yield picture.with_suffix(".svg"), svg.encode, sources
            yield picture, lambda svg=svg: _png(svg, WIDTH, HEIGHT), sources
    for name, size, petals, paper in (
        ("apple-touch-icon", 180, 0.78, PAPER),
        ("icon-192", 192, 1.0, ""),
        ("icon-512", 512, 1.0, ""),
        ("icon-maskable-512", 512, 0.66, PAPER),  # what lies outside four fifths of it may be cut off
    ):
        yield (
            ICONS / f"{name}.png",
            lambda size=size, petals=petals, paper=paper: _png(_icon(petals, paper), size, size),
            [own, favicon],
        )


def _png(svg: str, width: int, height: int) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            height=height,
            skip_system_fonts=True,
            font_files=[str(DISPLAY.file), str(TEXT.file)],
        )
    )


def _inside(source: Path) -> str:
    """What stands in a drawing's outermost element."""
    return source.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]


def _icon(petals: float, paper: str) -> str:
    """The flower in a square, so large; on paper, or on nothing."""
    ground = f'<rect width="100" height="100" fill="{paper}"/>' if paper else ""
    edge = 50 - 50 * petals
    flower = f'<g transform="translate({edge:g} {edge:g}) scale({petals:g})">{_inside(SOURCES / "favicon.svg")}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{ground}{flower}</svg>'


def _drawing(card: SocialCard, language: str) -> str:
    """A card with its words, as large as they fit."""
    words = translation("django", LOCALES, [language], fallback=True)
    title, text = words.gettext(card.title), words.gettext(card.text)
    size = next((size for size in SIZES if DISPLAY.fits(title, size, COLUMN, 3)), SIZES[-1])
    large, small = DISPLAY.balance(title, size, COLUMN), TEXT.balance(text, 36, COLUMN)
    top = 368 - (len(large) * size * 1.06 + len(small) * 46) / 2 + size * 0.55
    below = top + (len(large) - 1) * size * 1.06 + 68
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        _inside(SOURCES / f"card-{card.code}.svg"),
        f'<g transform="translate({LEFT} 62) scale(.72)">{_inside(SOURCES / "logo.svg")}</g>',
        _line("CollectieveKracht", DISPLAY, 38, LEFT + 90, 111, INK),
        *(_line(line, DISPLAY, size, LEFT, top + n * size * 1.06, INK) for n, line in enumerate(large)),
        *(_line(line, TEXT, 36, LEFT, below + n * 46, INK_SOFT) for n, line in enumerate(small)),
        "</svg>\n",
    ]
    return "".join(parts)


def _line(text: str, face: Face, size: int, x: float, y: float, colour: str) -> str:
    font = f'font-family="\'{face.family}\'" font-weight="{face.weight}" font-size="{size}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" {font} fill="{colour}">{escape(text)}</text>'
