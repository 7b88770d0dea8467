"""Every page: drawn in a browser, light and dark, narrow and wide, and read by the HTML checker."""

import json
import re
import subprocess
from collections import defaultdict
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.quality.browsing import as_text

pytestmark = pytest.mark.journey
CHECKER = Path(__file__).parents[1] / "web" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
KB = 1000
# What Django's own admin says, in its widget for a hashed password and on its page to change one.
DJANGOS_OWN = (
    "Attribute “disabled” not allowed on element “div”",
    "No “p” element in scope but a “p” end tag seen",
)
# What a person typed in a field for a number or a date stands in it as it was typed.
TYPED = "Bad value  for attribute “value” on element “input”"


def gathered(looks, what):
    """The pages on which something was found."""
    return {str(look.page): getattr(look, what) for look in looks if getattr(look, what)}


def test_axe_finds_nothing_in_the_light_on_a_desk(looks):
    assert gathered(looks, "light") == {}, as_text(gathered(looks, "light"))


def test_axe_finds_nothing_in_the_dark_on_a_phone(looks):
    assert gathered(looks, "dark") == {}, as_text(gathered(looks, "dark"))


def test_no_page_scrolls_sideways_at_320_pixels(looks):
    """Which is also a page of 1280 pixels at 400%."""
    assert gathered(looks, "wide") == {}, as_text(gathered(looks, "wide"))


def test_nothing_moves_while_a_page_loads(looks):
    moved = {str(look.page): look.shifts for look in looks if max(look.shifts.values()) > 0.02}
    assert moved == {}


def test_no_page_asks_another_host_breaks_its_policy_or_stumbles(looks):
    assert gathered(looks, "wrong") == {}


def test_no_page_is_heavy(looks):
    heavy = {}
    for look in looks:
        rich = any("leaflet" in url or "prose_editor" in url for url in look.bytes)
        total = sum(look.bytes.values())
        if total > (300 if rich else 150) * KB:
            parts = sorted(look.bytes.items(), key=lambda part: -part[1])[:6]
            heavy[str(look.page)] = [
                f"{total / KB:.0f} kB",
                *(f"{url} {size / KB:.1f}" for url, size in parts),
            ]
    assert heavy == {}, as_text(heavy)


def test_the_html_of_every_page_is_valid(found, tmp_path):
    names = {}
    for number, page in enumerate(page for page in found[0] if page.is_whole):
        file = tmp_path / f"{number:03}.html"
        file.write_text(page.html, encoding="utf-8")
        names[file.name] = page
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", CHECKER, "--errors-only", "--format", "json", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = defaultdict(list)
    for message in json.loads(done.stderr)["messages"]:
        page = names[message["url"].rpartition("/")[2]]
        if page.is_admin and message["message"].startswith((*DJANGOS_OWN, TYPED)):
            continue
        wrong[str(page)].append(f"{message['message']} {message.get('extract', '')[:160]}")
    assert wrong == {}, as_text(wrong)
    assert len(names) > 150


# Templates that no page of the tests shows, and why.
NOT_SHOWN = {
    "admin/color_theme_toggle.html": "left empty: the system's choice of light or dark counts",
    "allauth/elements/details.html": "no page of ours has these parts of allauth",
    "allauth/elements/img.html": "the QR code of an app stands in it, as data",
    "allauth/elements/provider.html": "no sign-in by another organisation is set up",
    "allauth/elements/provider_list.html": "the same",
    "admin/campaign_poster.html": "a PDF",
    "admin/campaign_cards.html": "a PDF",
    "admin/text_preview_wrong.html": "what a preview says of a text with mistakes",
    "newsletter/gone.html": "for a reader who is gone",
    "admin/answers_compared.html": "beside a repeat scan; the journey of one looks at it",
    "members/copy.html": "the page in the copy of somebody's data",
    "pages/card_experts.html": "on a page with themes; the tests of one's own page draw it",
    "pages/card_labs.html": "the same",
    "pages/report/receipt.html": "a PDF",
    "selfscan/card_repeat.html": "a year after a scan; the journey of a repeat looks at it",
    "socialaccount/signup.html": "SURFconext isn't set up; its own tests look at it",
}
PARTS_OF_OTHERS = ("mails/", "account/email/", "selfscan/report/", "feeds/")  # mails, the PDF, feeds


def test_every_template_is_seen(found):
    """A new template is on a page of this platform in small, or says above why not."""
    seen = set().union(*(page.templates for page in found[0]))
    root = settings.BASE_DIR / "templates"
    all_of_them = {str(file.relative_to(root)) for file in root.rglob("*.html")}
    missing = {name for name in all_of_them - seen if not name.startswith(PARTS_OF_OTHERS)}
    # Header, footer and what else is drawn once per process may have been drawn by a test before.
    missing = {name for name in missing if not name.startswith(("components/", "allauth/elements/t"))}
    assert missing - set(NOT_SHOWN) == set()


# Addresses that show nobody a page: files, parts for scripts, feeds, and what leads on or is there for a form only.
SILENT = re.compile(
    r"\.(pdf|csv|xlsx|geojson|xml|txt|ics|svg|png|json|webmanifest)$|/feed/|^/(healthz|readyz)$|/klaar/stappen/$|^/kaart/pins"
    r"|^/account/(confirm-email|password/set|login/code/confirm|inactive|logout|2fa/.*|reauthenticate)/$"
    r"|^/zelfscan/[^/]+/bestaat-al/$|^/beheer/(tweede-stap|werk/.*|login|logout|password_change|autocomplete|jsi18n|r/.*)/?$"
    r"|^/beheer/\w+/\w+/[^/]+/$|/opnieuw/$|^/beheer/bestaat-niet$|/(download|delete|add|qr|embed)/$|^/afmelden/|^/k/|^/uitnodiging/"
    r"|/(vellen|voorbeeld|einde|weg|inbrengen|weggooien|ongedaan)/|^/aanmelden/[^/]+/$"
    r"|/pagina/terug/$|/(activiteit|sluiten|foto)/$|^/mijn/(collectief/[^/]+/klopt|labs/[^/]+/bevestigen|meldingen/\d+)/$"
    r"|^/mijn/gegevens/(kopie|toestemming)/|^/account/(3rdparty|oidc)/"
)


def test_every_address_shows_somebody_a_page(found):
    """A page that only one kind of person sees, in a state that the world has not, would be missed in silence."""
    assert [path for path in found[1] if not SILENT.search(path)] == []


def test_every_public_page_says_what_it_is(found):
    """One heading, a title of its own, and for search engines where it really stands."""
    wrong = defaultdict(list)
    for page in found[0]:
        if not page.is_whole:
            continue
        html = page.html
        if not page.is_admin and html.count("<h1") != 1:
            wrong[str(page)].append(f"{html.count('<h1')} headings")
        if f'<html lang="{page.language}"' not in html:
            wrong[str(page)].append("another language")
        title = re.search(r"<title>([^<]+)</title>", html)
        if not title or len(unescape(title[1]).strip()) < 12:
            wrong[str(page)].append(f"title {title and title[1]}")
        own = re.search(r'<link rel="canonical" href="([^"]+)"', html)
        if page.who == "visitor" and page.is_indexed:
            if not own or urlsplit(own[1]).path != urlsplit(page.path).path:
                wrong[str(page)].append(f"canonical {own and own[1]}")
            if not re.search(r'<meta name="description" content="[^"]{8,}', html):
                wrong[str(page)].append("no description")
    assert wrong == {}, as_text(wrong)
