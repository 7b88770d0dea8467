"""Cards and icons, as set-up makes them."""

import os
import struct

import pytest

from collectievekracht.common import social_cards
from collectievekracht.common.social_cards import CARDS
from collectievekracht.local import pictures

CARD_FILES = [
    (kind, language, pictures.STATIC / social_cards.file_of(kind, language))
    for kind in CARDS
    for language in pictures.LANGUAGES
]


def size_of(png):
    """Width and height of a PNG."""
    data = png.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize(("kind", "language", "file"), CARD_FILES)
def test_card_is_of_the_size_that_others_ask(kind, language, file):
    assert size_of(file) == (1200, 630)
    assert file.stat().st_size <= 100_000


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.code)
@pytest.mark.parametrize("language", pictures.LANGUAGES)
def test_words_of_a_card_stand_in_its_column_in_their_language(card, language):
    svg = pictures._drawing(card, language)
    assert ("CollectieveKracht" in svg, svg.count("<svg")) == (True, 1)
    translated = pictures.translation("django", pictures.LOCALES, [language], fallback=True).gettext
    for text in (card.title, card.text):
        assert (translated(text) == text) is (language == "en")
        for word in translated(text).split():
            assert word in svg
    size = next(
        size for size in pictures.SIZES if pictures.DISPLAY.fits(translated(card.title), size, 590, 3)
    )
    assert size >= pictures.SIZES[-2]


@pytest.mark.parametrize(
    ("name", "size"),
    [("apple-touch-icon", 180), ("icon-192", 192), ("icon-512", 512), ("icon-maskable-512", 512)],
)
def test_icons_are_square(name, size):
    assert size_of(pictures.ICONS / f"{name}.png") == (size, size)


def test_pictures_are_drawn_only_when_something_changed(monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "STATIC", tmp_path)
    monkeypatch.setattr(pictures, "ICONS", tmp_path / "icons")
    drawn = []
    monkeypatch.setattr(pictures, "_png", lambda svg, width, height: drawn.append(width) or b"png")
    pictures.build()
    assert len(drawn) == 12 + 4
    pictures.build()
    assert len(drawn) == 16
    old = tmp_path / social_cards.file_of("map", "nl")
    os.utime(old, (1, 1))
    pictures.build()
    assert (len(drawn), old.read_bytes()) == (17, b"png")
    assert not list(tmp_path.rglob("*.new"))
