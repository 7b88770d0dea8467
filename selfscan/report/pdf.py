"""HTML to PDF by WeasyPrint, in the worker only: its first import is slow, and it opens nothing but our own files."""

from __future__ import annotations

import atexit
import ctypes
import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from selfscan.report.pictures import BUNDLED, drawn

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

STATIC = Path(settings.BASE_DIR) / "static"
STYLESHEET = STATIC / "css" / "report.css"
FONT_FOLDER = STATIC / "build" / "pdf-fonts"
# Family, weight, file; without the files (they are made at set-up) the PDF falls back on the system's fonts.
FONTS = (
    ("Source Sans 3", "400", "source-sans-3-400.ttf"),
    ("Source Sans 3", "600", "source-sans-3-600.ttf"),
    ("Bricolage Grotesque", "700", "bricolage-grotesque-700.ttf"),
)
# A report is some 100 kB of HTML; what is much more than that was not made by our templates.
LONGEST_HTML = 1_500_000


class TooLong(ValueError):
    """The document is too long to draw."""


@dataclass(frozen=True)
class _Press:
    """What is the same for every document of a kind in a process: parsed styles, fonts, and the fetcher."""

    stylesheet: CSS
    fonts: FontConfiguration
    fetcher: Any
    page_class: Any


def write_pdf(
    html: str, *, stylesheet: Path = STYLESHEET, pictures: Mapping[str, str] | None = None
) -> bytes:
    """The document as a tagged PDF (PDF/UA-1 in structure); `pictures` are SVGs of its own, by `bundled:/` address.

    Raises `TooLong`, or WeasyPrint's `FatalURLFetchingError` when the HTML names anything that is not bundled.
    """
    if len(html) > LONGEST_HTML:
        raise TooLong(f"{len(html)} characters")
    press = _press(stylesheet)
    fetcher = _fetcher(pictures) if pictures else press.fetcher
    with _collector_paused():
        document = press.page_class(string=html, url_fetcher=fetcher, base_url=BUNDLED)
        pdf = document.write_pdf(
            stylesheets=[press.stylesheet], font_config=press.fonts, pdf_variant="pdf/ua-1"
        )
    if trim := _trim():
        trim(0)
    return bytes(pdf)


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], int] | None:
    """Gives back what Pango and HarfBuzz freed and glibc kept: between reports a worker is 8 MB smaller."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Drawing builds large trees that live until the end: the collector would walk them over and over (a third)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


@lru_cache(maxsize=4)
def _press(stylesheet: Path) -> _Press:
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    fetcher, fonts = _fetcher(), FontConfiguration()
    faces = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url("{BUNDLED}{file}")}}'
        for family, weight, file in FONTS
        if (FONT_FOLDER / file).exists()
    )
    css = faces + stylesheet.read_text(encoding="utf-8")
    # Five of the default styles give every element a box for footnotes, which we have none of.
    defaults = (files("weasyprint") / "css" / "html5_ua.css").read_text(encoding="utf-8").splitlines()
    lean = CSS(string="\n".join(line for line in defaults if not line.startswith(("::footnote-", "::note-"))))

    class LeanHTML(HTML):
        def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
            return [lean]

    press = _Press(
        CSS(string=css, font_config=fonts, url_fetcher=fetcher, base_url=BUNDLED), fonts, fetcher, LeanHTML
    )
    # Its warnings quote what they are about, such as a name in letters that no font has.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    atexit.register(_press.cache_clear)  # fonts are given back while there is still an interpreter to do it
    gc.collect()
    gc.freeze()
    return press


def _fetcher(pictures: Mapping[str, str] | None = None) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    fonts = {f"{BUNDLED}{file}": FONT_FOLDER / file for _family, _weight, file in FONTS}
    own = pictures or {}

    class BundledFetcher(URLFetcher):
        """Opens the bundled fonts and pictures; any other address stops the work instead of being skipped."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in fonts:
                return URLFetcherResponse(url, fonts[url].read_bytes(), {"Content-Type": "font/ttf"})
            if picture := own.get(url) or drawn(url):
                return URLFetcherResponse(url, picture, {"Content-Type": "image/svg+xml"})
            raise FatalURLFetchingError(f"not bundled: {url[:200]}")

    return BundledFetcher()
