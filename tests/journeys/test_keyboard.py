"""Nothing but the keyboard: a whole scan without JavaScript in a narrow window, and a morning's queue."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in_as_admin
from tests.journeys.filling import posted_fields

pytestmark = pytest.mark.journey
NARROW = {"width": 320, "height": 640}
# What has the focus: a field of the scan's form, its first button ("next"), or something else.
FOCUSED = """() => {
    const one = document.activeElement, form = document.querySelector("main form");
    const next = form && form.querySelector('button[type="submit"], button:not([type])');
    return {kind: one === next ? "next" : form && form.contains(one) && one.name ? one.type : "", name: one.name || "",
            value: one.value || "", checked: Boolean(one.checked), inside: one !== document.body};
}"""
TEN = """
import json
from datetime import timedelta
from django.utils import timezone
from members.models import WorkItem
from tests.factories.waiting import waiting_scan
place = {"name": "Zutphen", "geonames_id": 2743608, "region": "NL-GE"}  # where no other journey looks for a pin
for number in range(10):
    own = {"website": f"https://toets{number}.example/", "contact_email": f"t{number}@toets.example"}
    scan = waiting_scan(org_name=f"Toetsenwerk {number}", place=place, **own)
    late = timezone.now() - timedelta(days=number + 1)
    assert WorkItem.objects.filter(kind="scan", target_id=scan.pk).update(due_at=late) == 1
"""


def tab_to(page, wanted):
    """Press Tab until `wanted(what has the focus)`; every stop on the way may be filled in by it.

    It begins with what has the focus already: the question that a link led to.
    """
    for _ in range(400):
        if wanted(page.evaluate(FOCUSED)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Nothing to press on {page.url}")


def answer(page, focused, fields):
    """Give the field that has the focus its answer; True at the button that leads on."""
    value = fields.get(focused["name"])
    if focused["kind"] == "next" or not focused["kind"] or value is None:
        return focused["kind"] == "next"
    chosen = list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]
    if focused["kind"] == "radio":
        for _ in range(40):
            if focused["value"] in chosen:
                break
            page.keyboard.press("ArrowDown")
            focused = page.evaluate(FOCUSED)
        if not focused["checked"]:
            page.keyboard.press("Space")
    elif focused["kind"] == "checkbox":
        if (focused["value"] in chosen) != focused["checked"]:
            page.keyboard.press("Space")
    elif focused["kind"].startswith("select"):
        for _ in range(80):
            if page.evaluate(FOCUSED)["value"] in chosen:
                break
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(chosen[0])
    return False


def press(page):
    """Enter, and the page that comes of it."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_scan_is_filled_in_and_sent_by_keyboard_alone(browser, platform, definition):
    fields = posted_fields(definition, "example_energy") | {
        "org_name": "Toetsenborddorp",
        "website": "https://toetsenborddorp.example/",
        "contact_email": "toetsen@journey.example",
    }
    page = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="nl-NL").new_page()
    page.goto(platform.url("/zelfscan/"))
    tab_to(page, lambda focused: focused["kind"] == "next")
    press(page)
    scan = re.match(r"^https?://[^/]+(/zelfscan/[^/]+/)", page.url)[1]
    page.goto(platform.url(f"{scan}about/"))
    for _ in range(80):
        if urlsplit(page.url).path.endswith("/controle/"):
            break
        tab_to(page, lambda focused: answer(page, focused, fields))
        press(page)
        assert page.locator(".error-summary").count() == 0, page.locator("main").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
    tab_to(page, lambda focused: focused["kind"] == "next")
    press(page)
    assert urlsplit(page.url).path == f"{scan}klaar/"
    assert re.search(r"CK-[2-9A-Z]{4}-[2-9A-Z]{4}", page.locator("main").inner_text())

    def report():
        page.reload()
        return page.locator('a[href$="rapport.pdf"]').count()

    platform.await_true(report, 60, "the report on the page, looked at again")


def test_ten_submissions_are_cleared_without_leaving_the_keyboard(browser, platform):
    platform.manage("shell", "-v", "0", "-c", TEN)
    page = browser.new_context(locale="nl-NL").new_page()
    sign_in_as_admin(page, platform)
    expect(page.locator("tbody tr").first).to_contain_text("Toetsenwerk 9")

    def on_a(selector):
        return lambda focused: page.evaluate("selector => document.activeElement.matches(selector)", selector)

    tab_to(page, on_a('a[href$="/beheer/werk/volgende/"]'))
    press(page)
    cleared = []
    for _ in range(10):
        cleared.append(page.locator("h1").inner_text())
        tab_to(page, on_a('form:has(input[name="decision"][value="approved"]) button'))
        press(page)
    assert cleared == [f"Toetsenwerk {number}" for number in reversed(range(10))]
    counted = "SELECT json_agg(state ORDER BY name) FROM members_collective WHERE name LIKE 'Toetsenwerk%'"
    states = platform.one(counted)
    assert (json.loads(states) if isinstance(states, str) else states) == ["approved"] * 10
