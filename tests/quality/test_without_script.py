"""Public pages with JavaScript off, at 320 pixels: main content and forms work, and nothing sticks out."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connections

from tests.quality.browsing import HOST, static

pytestmark = pytest.mark.journey


@pytest.fixture
def page(browser, people):
    """A phone without JavaScript; everything is handed to it from here."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="nl-NL"
    )
    mine = connections["default"]

    def answer(route):
        connections["default"] = mine
        request, address = route.request, urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            body, kind = static(address.path.removeprefix("/static/"))
            route.fulfill(body=body, headers={"Content-Type": kind})
            return
        ask = {"QUERY_STRING": address.query}
        if request.method == "POST":
            ask |= {"data": request.post_data_buffer or b"", "content_type": request.headers["content-type"]}
        got = people["visitor"].generic(request.method, address.path, follow=True, **ask)
        if got.status_code in (301, 302):
            got = people["visitor"].get(got["Location"], follow=True)
        route.fulfill(
            status=got.status_code, body=got.content, headers={"Content-Type": got.headers["Content-Type"]}
        )

    page = context.new_page()
    page.set_default_timeout(15_000)
    page.route("**/*", answer)
    yield page
    context.close()


def path_of(page):
    return urlsplit(page.url).path


def test_a_visitor_finds_a_collective_and_writes_to_it(page, world):
    page.goto(f"{HOST}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

    page.locator("details.menu summary").click()
    page.locator("details.menu a[href='/collectieven/']").click()
    assert path_of(page) == "/collectieven/"
    search = page.locator("main input[name=q]").first
    search.focus()
    page.keyboard.type("zonnig")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=zonnig"))
    page.locator("main").get_by_role("link", name="Zonnig Dorp").first.click()
    assert page.locator("h1").inner_text() == "Zonnig Dorp"

    page.locator(f"main a[href='{path_of(page)}contact/']").first.click()
    send = page.locator("main form button").first
    send.click()
    assert page.locator(".error-summary").count() == 1
    assert page.title().startswith("Fout: ")
    page.locator(".error-summary a").first.click()
    assert re.search(r"#id_\w+$", page.url)
    for name, words in (
        ("name", "Jan de Boer"),
        ("email", "jan@voorbeeld.example"),
        ("message", "Wij komen graag eens kijken bij jullie."),
    ):
        page.locator(f"main [name={name}]").fill(words)
    page.locator("main form button").first.click()
    assert page.locator(".error-summary").count() == 0
    assert page.locator("main [role=status], main .notice").count()


def test_the_map_is_a_list_and_questions_open(page, world):
    page.goto(f"{HOST}/kaart/")
    page.locator("main a[href*='/collectieven/']").first.click()
    assert page.locator("main").get_by_role("link", name="Zonnig Dorp").count()
    page.goto(f"{HOST}/veelgestelde-vragen/")
    answers = page.locator("main details")
    if answers.count():
        answers.first.locator("summary").click()
        assert answers.first.get_attribute("open") is not None


def test_a_scan_is_begun_and_its_first_page_is_kept(page, world):
    page.goto(f"{HOST}/zelfscan/")
    page.locator("main form").first.locator("button").first.click()
    assert page.locator("main a[href^='/zelfscan/']").count() > 5
