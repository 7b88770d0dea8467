"""Pages in Chromium exactly as they were answered: the browser asks a made-up host, and everything is handed to it here."""

from __future__ import annotations

import gzip
import json
import mimetypes
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import brotli
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client

from tests.quality.pages import Page

HOST = "http://quality.test"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}  # fmt: skip
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
SETTLED = "() => document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 60)))"
# What makes the page wider than the window, the outermost first.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    if (one.getBoundingClientRect().right <= room + 0.5) return false;
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return false;
    }
    return true;
  });
  return [`${document.documentElement.scrollWidth} px: ` + out.slice(0, 3).map((one) =>
    one.tagName.toLowerCase() + (one.className ? "." + String(one.className).replaceAll(" ", ".") : "")).join(", ")];
}"""
# Headers of an answer, as a server and a proxy send them.
HEADERS = 450
PACKED = ("text/", "application/json", "application/geo+json", "application/javascript", "image/svg+xml")


@cache
def static(path: str) -> tuple[bytes, str]:
    """A static file, and its type."""
    file = finders.find(path)
    assert file, f"no static file {path}"
    return Path(str(file)).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"


@cache
def on_the_wire(body: bytes, kind: str, *, is_static: bool) -> int:
    """How many bytes travel: static files were packed once by brotli, the rest is packed by the proxy."""
    if not kind.startswith(PACKED):
        return HEADERS + len(body)
    return HEADERS + len(brotli.compress(body) if is_static else gzip.compress(body, 6))


@dataclass
class Look:
    """What was seen of a page."""

    page: Page
    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    shifts: dict[int, float] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Eye:
    """A browser that looks at one page after the other."""

    def __init__(self, browser: Any, people: dict[str, Client]) -> None:
        self.people = people
        self.connection = connections["default"]
        self.context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam")
        self.context.add_init_script(SHIFTS)
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(20_000)
        self.tab.route("**/*", self.answer)
        self.tab.on("pageerror", lambda error: self.look.wrong.append(f"script: {error}"))
        self.tab.on(
            "console",
            lambda said: self.look.wrong.append(said.text) if "Security Policy" in said.text else None,
        )

    def answer(self, route: Any) -> None:
        """Hand over what the platform answers to this."""
        # Playwright calls from a context of its own, in which Django would open another connection.
        connections["default"] = self.connection
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HOST:
            self.look.wrong.append(f"asks {route.request.url}")
            route.abort()
            return
        path = address.path
        if route.request.is_navigation_request() and route.request.frame == self.tab.main_frame:
            body, kind = self.look.page.html.encode(), "text/html; charset=utf-8"
        elif path.startswith("/static/"):
            body, kind = static(path.removeprefix("/static/"))
        else:
            got = self.people[self.look.page.who].get(f"{path}?{address.query}")
            body, kind = b"".join(got) if got.streaming else got.content, got.headers.get("Content-Type", "")
            if got.status_code >= 400:
                self.look.wrong.append(f"{got.status_code} {path}")
        self.look.bytes[route.request.url] = on_the_wire(
            body, kind.partition(";")[0], is_static=path.startswith("/static/")
        )
        route.fulfill(body=body, headers={"Content-Type": kind})

    def open(self, page: Page, width: int, height: int, *, dark: bool = False) -> None:
        self.tab.set_viewport_size({"width": width, "height": height})
        self.tab.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        settled = "networkidle" if "/kaart/" in page.path else "load"
        self.tab.goto(HOST + page.path, wait_until=settled)
        self.tab.evaluate(SETTLED)

    def axe(self) -> list[str]:
        """What axe finds, a line per rule with the first places."""
        self.tab.evaluate(AXE)
        found = self.tab.evaluate("(rules) => axe.run(document, rules)", RULES)
        return [
            f"{one['id']} ({len(one['nodes'])}): "
            + " | ".join(node["html"][:140] for node in one["nodes"][:2])
            for one in found["violations"]
        ]

    def look_at(self, page: Page) -> Look:
        """On a phone in the dark, as narrow as it must fit, and on a desk in the light."""
        self.look = look = Look(page)
        self.open(page, 360, 740, dark=True)
        look.shifts[360] = self.tab.evaluate("shifted")
        look.dark = self.axe()
        self.tab.set_viewport_size({"width": 320, "height": 640})
        look.wide = self.tab.evaluate(TOO_WIDE)
        phone, look.bytes = look.bytes, {}
        self.open(page, 1280, 900)
        look.shifts[1280] = self.tab.evaluate("shifted")
        look.light = self.axe()
        look.bytes = max(phone, look.bytes, key=lambda sizes: sum(sizes.values()))
        return look


def as_text(found: dict[str, list[str]]) -> str:
    """What was found, readable in a test's message."""
    return json.dumps(found, indent=1, ensure_ascii=False)
