"""The stylesheets: small, nothing unused, colours in one place, and every pair of colours readable."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "static" / "css"
ON_PAPER = {"report", "campaign-print", "receipt-print"}  # drawn by the PDF maker, from their own page
STOCK = {"admin", "editor"}  # dress parts that libraries bring
BUDGET = 25_600  # what every page loads
EXTRA = 9_000  # what a kind of page may load besides
# Names for a reader, or for a script; they need no rule.
PLAIN = {"plain-list"}


@cache
def css(name):
    return re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)


@cache
def on_every_page():
    links = (ROOT / "templates" / "components" / "assets.html").read_text(encoding="utf-8")
    return re.findall(r"css/([\w-]+)\.css", links)


def own():
    return sorted({path.stem for path in CSS.glob("*.css")} - ON_PAPER)


def classes_of(name):
    rules = re.sub(r"\{[^{}]*\}", "{}", css(name))
    rules = re.sub(r'"[^"]*"|url\([^)]*\)', "", rules)
    return {one for one in re.findall(r"\.(-?[a-zA-Z_][\w-]*)", rules) if not one.startswith("leaflet")}


@cache
def sources():
    folders = ("templates", "static/js", "collectievekracht", "members", "selfscan", "labs", "newsletter")
    kinds = (".html", ".js", ".py")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    return "\n".join(path.read_text(encoding="utf-8") for path in found if "migrations" not in path.parts)


@cache
def words():
    return set(re.findall(r"[\w-]+", sources()))


def is_used(name):
    """A class that stands somewhere, or is put together there: `tag--{kind}` with a kind of that name."""
    if name in words():
        return True
    stem, _, kind = name.partition("--")
    if not kind:
        stem, _, kind = name.partition("-")
        return f"{stem}-{{" in sources() and kind in words()
    return kind in words() and re.search(re.escape(stem) + r"--(\{|%s)", sources()) is not None


def test_what_every_page_loads_is_small():
    sizes = {name: (CSS / f"{name}.css").stat().st_size for name in on_every_page()}
    assert sum(sizes.values()) <= BUDGET, sizes


@pytest.mark.parametrize("name", own())
def test_what_a_kind_of_page_adds_is_small(name):
    assert (CSS / f"{name}.css").stat().st_size <= (EXTRA if name not in on_every_page() else BUDGET)


@pytest.mark.parametrize("name", sorted(set(own()) - STOCK))
def test_every_class_is_used(name):
    assert sorted(one for one in classes_of(name) if not is_used(one)) == []


def test_every_class_of_a_page_has_a_rule():
    known = set().union(*(classes_of(name) for name in own())) | PLAIN
    missing = set()
    for path in (ROOT / "templates").rglob("*.html"):
        if {"mails", "email", "report", "admin"} & set(path.parts):
            continue
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for value in re.findall(r'class="([^"]*)"', text):
            missing |= {
                (one, str(path.relative_to(ROOT)))
                for one in value.split()
                if "\0" not in one and one not in known
            }
    assert sorted(missing) == []


@pytest.mark.parametrize("name", sorted(set(own()) - STOCK - {"tokens"}))
def test_colours_stand_in_the_tokens_only(name):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", css(name)) == []


@pytest.mark.parametrize("name", own())
def test_every_property_that_is_used_is_defined(name):
    used = set(re.findall(r"var\((--[\w-]+)\)", css(name)))
    defined = set().union(*(re.findall(r"(--[\w-]+)\s*:", css(other)) for other in {*on_every_page(), name}))
    assert used - defined == set()


def test_every_token_is_used():
    everything = "".join(css(path.stem) for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css("tokens")))
    assert {one for one in defined if f"var({one})" not in everything} == set()


@cache
def palette(scheme):
    """The colours of a scheme; dark ones go before those of the light."""
    parts = re.split(r"@media", css("tokens"))
    light = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", parts[0]))
    dark = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", parts[1]))
    return light if scheme == "light" else light | dark


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    bright, dull = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dull + 0.05)


def test_contrast_is_what_the_guidelines_call_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


GROUNDS = ("paper", "sheet", "sand")
WASHES = ("brand-wash", "sun-wash", "clay-wash", "sky-wash")
TEXT = [
    *((text, ground) for text in ("ink", "ink-soft") for ground in (*GROUNDS, *WASHES)),
    *((text, ground) for text in ("brand", "brand-strong") for ground in (*GROUNDS, "brand-wash")),
    *((text, ground) for text in ("clay", "sky") for ground in GROUNDS),
    ("clay", "clay-wash"),
    ("sky", "sky-wash"),
    ("brand", "sun-wash"),
    ("brand", "sky-wash"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-sun", "sun"),
    ("on-foot", "foot"),
    ("on-foot-soft", "foot"),
]
MARKS = [
    *((mark, ground) for mark in ("edge", "focus") for ground in GROUNDS),
    *((mark, ground) for mark in ("brand", "clay") for ground in ("paper", "sheet", "brand-wash")),
    *((mark, ground) for mark in ("leadership", "community", "business", "network") for ground in GROUNDS),
    ("white", "foot"),
    ("brand", "land"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out(scheme, text, ground):
    colours = palette(scheme)
    assert contrast(colours[f"--{text}"], colours[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_borders_and_marks_stand_out(scheme, mark, ground):
    colours = palette(scheme)
    assert contrast(colours[f"--{mark}"], colours[f"--{ground}"]) >= 3
