"""The main job, as its people do it: a scan filled in, built, approved, and found by a stranger."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.factories.scans import example
from tests.journeys.conftest import assert_accessible, first_link, mails_to, sign_in_as_admin
from tests.journeys.filling import fill_in, posted_fields

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
PATHS = {"nl": "", "en": "/en"}


def begin(page, platform, language):
    """From the start page into a new scan; gives the scan's own path."""
    page.goto(platform.url(f"{PATHS[language]}/zelfscan/"))
    assert_accessible(page)
    page.locator("main form").first.locator("button").first.click()
    page.wait_for_load_state()
    return re.match(r"^https?://[^/]+(?:/en)?(/zelfscan/[^/]+/)", page.url)[1]


def send(page):
    """Send the scan from its check page and wait for the report."""
    assert_accessible(page)
    page.locator("main form").first.locator("button").first.click()
    page.wait_for_url(re.compile(r"/klaar/"))
    report = page.locator('a[href$="rapport.pdf"]').first
    report.wait_for(timeout=60_000)
    return report


@pytest.mark.parametrize(
    ("code", "language", "size"),
    [
        pytest.param("example_energy", "nl", None, marks=pytest.mark.external),
        ("example_care", "en", PHONE),
        ("example_housing", "nl", PHONE),
    ],
)
def test_a_collective_gets_its_place(page, platform, definition, browser, code, language, size):
    if size:
        page.set_viewport_size(size)
    answers = example(code)
    scan = begin(page, platform, language)
    page.goto(platform.url(f"{PATHS[language]}{scan}"))
    assert_accessible(page)
    page.goto(platform.url(f"{PATHS[language]}{scan}about/"))
    # Of the Dutch pages of a scan each is asked in `tests/quality`.
    on_page = assert_accessible if language == "en" else lambda page: None
    fill_in(page, posted_fields(definition, code), on_page=on_page)

    report = send(page)
    assert_accessible(page)
    assert re.search(r"CK-[2-9A-Z]{4}-[2-9A-Z]{4}", page.locator("main").inner_text())
    pdf = page.request.get(platform.url(report.get_attribute("href")))
    assert pdf.headers["content-type"] == "application/pdf"
    text = "\n".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(pdf.body())).pages)
    assert answers["org_name"].split(" (")[0] in " ".join(text.split())

    platform.await_true(lambda: mails_to(platform, answers["contact_email"]), 30, "the mail with the link")
    assert any(f"{scan}klaar/" in first_link(mail) for mail in mails_to(platform, answers["contact_email"]))

    desk = browser.new_context(locale="nl-NL").new_page()
    sign_in_as_admin(desk, platform)
    assert_accessible(desk)
    desk.get_by_role("link", name=re.compile(re.escape(answers["org_name"]))).first.click()
    desk.wait_for_load_state()
    assert_accessible(desk)
    desk.locator('form:has(input[name="decision"][value="approved"]) button').first.click()
    desk.wait_for_load_state()

    stranger = browser.new_context(locale="nl-NL", viewport=size or {"width": 1280, "height": 900}).new_page()
    stranger.goto(platform.url(f"{PATHS[language]}/collectieven/"))
    assert_accessible(stranger)
    listed = stranger.get_by_role("link", name=answers["org_name"])
    if not answers["consent_profile"]:
        assert listed.count() == 0
        return
    listed.first.click()
    stranger.wait_for_load_state()
    assert stranger.locator("h1").inner_text() == answers["org_name"]
    assert_accessible(stranger)
    pins = stranger.request.get(platform.url("/kaart/pins.geojson?bbox=2,49,8,54&zoom=12")).json()
    assert answers["org_name"] in [feature["properties"].get("name") for feature in pins["features"]]
    stranger.goto(platform.url(f"{PATHS[language]}/kaart/"))
    assert_accessible(stranger)


def test_a_scan_goes_on_elsewhere_without_javascript(browser, platform, definition):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="nl-NL"
    )
    page = context.new_page()
    page.goto(platform.url("/zelfscan/"))
    page.locator("main form").first.locator("button").first.click()
    page.wait_for_load_state()
    scan = re.match(r"^https?://[^/]+(/zelfscan/[^/]+/)", page.url)[1]
    page.goto(platform.url(f"{scan}about/"))
    page.locator('input[name="org_name"]').fill("Half ingevuld")

    page.locator("main form").first.locator("button").nth(1).click()
    page.wait_for_load_state()
    page.locator('main input[type="email"]').fill("later@journey.example")
    page.locator('main form:has(input[type="email"]) button').first.click()
    page.wait_for_load_state()
    platform.await_true(lambda: mails_to(platform, "later@journey.example"), 30, "the mail with the link")

    elsewhere = browser.new_context(java_script_enabled=False, locale="nl-NL").new_page()
    elsewhere.goto(first_link(mails_to(platform, "later@journey.example")[0]))
    elsewhere.goto(platform.url(f"{scan}about/"))
    assert elsewhere.locator('input[name="org_name"]').input_value() == "Half ingevuld"
