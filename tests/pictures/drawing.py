"""What is on each picture, and how it is drawn."""

from __future__ import annotations

import io
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from PIL import Image
from playwright.sync_api import sync_playwright

from collectievekracht.common.storage import PrivateFiles, private_storage
from members.demo import make_collectives
from members.models import Collective
from members.services.access import request_access
from selfscan import publication
from selfscan.demo import make_scans, make_waiting
from selfscan.models import Response
from selfscan.views.finish import newest_report
from tests.factories.members import MembershipFactory, UserFactory
from tests.factories.signing_in import enter_admin, sign_in
from tests.quality.browsing import HOST, static
from tests.quality.pages import shipped_instrument

FOLDER = settings.BASE_DIR / "docs" / "pictures"
COLLECTIVES, SEED = 250, 1
DESK, PHONE = (1280, 860), (390, 844)
MOST_BYTES = 200_000
REPORT_PAGE = 3


@dataclass(frozen=True)
class Picture:
    """A page on a screen."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False
    who: str = "visitor"


class Platform:
    """250 made-up collectives, a scan that was just begun, and three that wait for the team."""

    def __init__(self) -> None:
        shipped_instrument()
        call_command("load_texts", verbosity=0)
        make_scans(make_collectives(COLLECTIVES, seed=SEED), seed=SEED)
        make_waiting()
        for scan in Response.objects.completed().order_by("-pk")[:3]:
            publication.publish_response(scan.pk, str(scan.version))
        self.waiting = Response.objects.completed().order_by("-pk")[0]
        publication.build_report(self.waiting.pk, str(self.waiting.version))
        self.collective = Collective.objects.published().order_by("sort_name")[3]
        self.draft = Response.objects.create(
            instrument=self.waiting.instrument,
            answers={
                code: answer
                for code, answer in self.waiting.answers.items()
                if not code.startswith(("chal_", "consent", "need_", "offer"))
            },
            seen_sections=["about", "members", "governance"],
            version=4,
        )
        request_access(
            self.collective,
            name="Noor de Wit",
            email="noor@collectievekracht.example",
            message="Ik ben sinds mei penningmeester.",
            language="nl",
        )
        person = UserFactory(name="Rika Vertegenwoordiger", email="rika@collectievekracht.example")
        MembershipFactory(user=person, collective=self.collective)
        self.people = {name: Client() for name in ("visitor", "representative", "admin")}
        sign_in(self.people["representative"], person)
        enter_admin(
            self.people["admin"],
            UserFactory(admin=True, name="Ada Beheer", email="ada@collectievekracht.example"),
        )

    def pictures(self) -> list[Picture]:
        """Every picture but the one of the report."""
        scan = f"/zelfscan/{self.draft.token}/"
        review = f"/beheer/selfscan/response/{self.waiting.pk}/beoordelen/"
        return [
            Picture("home", "/"),
            Picture("home-phone-dark", "/", PHONE, dark=True),
            Picture("self-scan", f"{scan}governance/2/", PHONE),
            Picture("overview", scan),
            Picture("profile", self.collective.get_absolute_url()),
            Picture("directory", "/collectieven/?sector=energy"),
            Picture("map", "/kaart/"),
            Picture("dashboard", "/mijn/", who="representative"),
            Picture("beheer-werklijst", "/beheer/", who="admin"),
            Picture("beheer-beoordelen", review, who="admin"),
        ]

    def report(self) -> bytes:
        """The feedback report of the scan that waits."""
        report = newest_report(self.waiting)
        assert report
        with private_storage.open(report.file) as file:
            return bytes(file.read())


@contextmanager
def always_the_same(folder: str) -> Iterator[None]:
    """The same references each time, nothing to a broker, and files in a folder that is thrown away."""
    chance = random.Random(SEED)
    with (
        patch("secrets.choice", chance.choice),
        override_settings(OUTBOX_PUBLISH=False),
        patch.object(private_storage, "_wrapped", PrivateFiles(location=folder)),
    ):
        yield


def draw_all(names: list[str]) -> None:
    """Draw the pictures with these names, or all of them."""
    with tempfile.TemporaryDirectory() as folder, always_the_same(folder):
        platform = Platform()
        if not names or "report" in names:
            keep("report", report_page(platform.report()))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for picture in platform.pictures():
                if not names or picture.name in names:
                    keep(picture.name, screenshot(browser, platform, picture))
            browser.close()


def screenshot(browser: Any, platform: Platform, picture: Picture) -> bytes:
    """The page as that person sees it, everything handed to the browser from here."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="nl-NL",
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    )
    mine = connections["default"]

    def answer(route: Any) -> None:
        connections["default"] = mine
        address = urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            body, kind = static(address.path.removeprefix("/static/"))
        else:
            got = platform.people[picture.who].get(f"{address.path}?{address.query}", follow=True)
            assert got.status_code == 200, f"{picture.name}: {address.path}: {got.status_code}"
            body, kind = b"".join(got), got.headers["Content-Type"]
        route.fulfill(body=body, headers={"Content-Type": kind})

    page = context.new_page()
    page.route("**/*", answer)
    page.goto(HOST + picture.path, wait_until="networkidle")
    page.evaluate("() => document.fonts.ready")
    image: bytes = page.screenshot()
    context.close()
    return image


def report_page(pdf: bytes) -> bytes:
    """One page of the report as a picture."""
    page = str(REPORT_PAGE)
    done = subprocess.run(
        ["pdftoppm", "-png", "-r", "80", "-f", page, "-l", page, "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout


def keep(name: str, image: bytes) -> None:
    """Write the picture with at most 256 colours, which the eye doesn't miss, and say how large it is."""
    drawn = Image.open(io.BytesIO(image)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    file = Path(FOLDER / f"{name}.png")
    drawn.save(file, optimize=True)
    size = file.stat().st_size
    assert size <= MOST_BYTES, f"{name}: {size} bytes"
    print(f"{file.relative_to(settings.BASE_DIR)}  {drawn.width} × {drawn.height}  {size / 1000:.0f} kB")
