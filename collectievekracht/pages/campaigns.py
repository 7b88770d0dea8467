"""A campaign's code as a picture and on paper; plain values in, bytes or HTML out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from hashlib import sha256

import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from collectievekracht.pages.choices import CampaignTarget

# Goes up with every change to the sheets that one would see.
SHEETS_VERSION = "1"
LANGUAGES = ("nl", "en")
# The picture: enough dots for a poster of 14 cm at 300 dots per inch.
DOTS_PER_INCH = 300
PNG_SIZE = 1600
CARDS = 8
QR_ADDRESS = "bundled:/campaign-code.svg"

POSTER, CARD_SHEET = "poster", "cards"
SHEETS = (POSTER, CARD_SHEET)
# What the paper says, by where the code leads: a heading, and one or two sentences below the code.
WORDS = {
    CampaignTarget.CHOICE: (
        _("Take part with your citizen collective"),
        _("Learn from other collectives and from science: free, and without selling you anything."),
    ),
    CampaignTarget.SCAN: (
        _("Where does your collective stand?"),
        _(
            "Do the self-scan in 10 to 15 minutes. You get a report for your board straight away, free of charge."
        ),
    ),
    CampaignTarget.DIRECTORY: (
        _("See which collectives take part"),
        _(
            "Citizen collectives from energy to care, from housing to food. Find one like yours and write to it."
        ),
    ),
    CampaignTarget.MAP: (
        _("Collectives on the map"),
        _("See which citizen collectives are active near you, from energy to care, from housing to food."),
    ),
    CampaignTarget.HOME: (
        _("Together we know more than alone"),
        _("The knowledge platform of and for citizen collectives: learn from each other and from science."),
    ),
}


@dataclass(frozen=True)
class Flyer:
    """What is printed: the address behind the code, and where it leads."""

    site_url: str
    code: str
    target: str
    language: str

    @property
    def address(self) -> str:
        """What the code holds; English paper leads to the English site."""
        prefix = "" if self.language == "nl" else f"/{self.language}"
        return f"{self.site_url}{prefix}/aanmelden/{self.code}/"

    @property
    def short_address(self) -> str:
        """The same address as one would type it."""
        return self.address.partition("://")[2].rstrip("/")

    @property
    def version(self) -> str:
        """Changes with everything that the sheets show."""
        shown = "\n".join((SHEETS_VERSION, self.site_url, self.code, self.target))
        return sha256(shown.encode()).hexdigest()[:16]


def qr(address: str) -> segno.QRCode:
    """The code of an address: a normal one (no Micro QR), readable with a seventh of it smudged or torn."""
    return segno.make_qr(address, error="m")


def svg(address: str, title: str = "") -> str:
    """The code as SVG with its quiet zone, as large as its box; black on white, which every reader and press can do."""
    out = io.BytesIO()
    qr(address).save(
        out, kind="svg", border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None, xmldecl=False,
        title=title or None,
    )  # fmt: skip
    return out.getvalue().decode()


def png(address: str) -> bytes:
    """The code as PNG for print: whole dots per square, at least `PNG_SIZE` across, at 300 dots per inch."""
    code, out = qr(address), io.BytesIO()
    scale = -(-PNG_SIZE // code.symbol_size(border=4)[0])
    code.save(out, kind="png", border=4, scale=scale, dpi=DOTS_PER_INCH)
    return out.getvalue()


def sheet_html(flyer: Flyer, sheet: str) -> str:
    """A sheet as one HTML document for the press; its code is the picture at `QR_ADDRESS`."""
    heading, text = WORDS[CampaignTarget(flyer.target)]
    with override(flyer.language):
        return render_to_string(
            f"admin/campaign_{sheet}.html",
            {
                "flyer": flyer,
                "heading": heading,
                "text": text,
                "qr_address": QR_ADDRESS,
                "cards": range(CARDS),
            },
        )
