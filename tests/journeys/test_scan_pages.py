"""The scan's pages in a browser: what its JavaScript adds, the keyboard, and what stays when it is away."""

import re

import pytest

from tests.journeys.conftest import assert_accessible
from tests.journeys.filling import fill_page, posted_fields

pytestmark = pytest.mark.journey
SAVED = 2_500


@pytest.fixture
def scan(page, platform):
    """The address of a scan that was just begun, with its first page filled in."""
    page.goto(platform.url("/zelfscan/"))
    page.locator("main form").first.locator("button").first.click()
    page.wait_for_url(re.compile(r"/zelfscan/[^/]{20,}/$"))
    return page.url


def go_on(page):
    page.locator("main form[data-scan] button").first.click()
    page.wait_for_load_state()


def test_typing_is_saved_without_sending(page, scan, browser):
    page.goto(f"{scan}about/")
    page.locator('[name="org_name"]').fill("Getypt en niet verstuurd")
    page.wait_for_timeout(SAVED)
    assert re.search(r"\d\d[.:]\d\d", page.locator("[data-saved]").inner_text())
    elsewhere = browser.new_context().new_page()
    elsewhere.goto(f"{scan}about/")
    assert elsewhere.locator('[name="org_name"]').input_value() == "Getypt en niet verstuurd"


def test_a_follow_up_question_comes_and_goes_in_place(page, scan):
    page.goto(f"{scan}about/2/")
    page.locator('[name="sectors"][value="energy"]').check()
    page.locator('[name="sectors"][value="food"]').check()
    page.locator('[name="main_sector"]').first.wait_for(timeout=5_000)
    assert page.locator('[name="main_sector"]').count() == 2
    assert page.locator('[name="sectors"][value="food"]').is_checked()
    assert_accessible(page)
    page.locator('[name="sectors"][value="food"]').uncheck()
    page.locator('[name="main_sector"]').first.wait_for(state="detached", timeout=5_000)
    assert page.url == f"{scan}about/2/"


def test_none_of_these_excludes_the_others(page, scan):
    page.goto(f"{scan}network/")
    page.locator('[name="partners"][value="business"]').check()
    page.locator('[name="partners"][value="none"]').check()
    assert page.locator('[name="partners"]:checked').count() == 1
    page.locator('[name="partners"][value="umbrella"]').check()
    assert page.locator('[name="partners"]:checked').evaluate_all("all => all.map(one => one.value)") == [
        "umbrella"
    ]


def test_a_place_is_chosen_from_what_was_typed(page, scan):
    page.goto(f"{scan}about/")
    page.locator('[name="country"][value="nl"]').check()
    page.locator('[name="place"]').press_sequentially("Bergen op", delay=20)
    page.locator('[name="place_id"]').first.wait_for(timeout=5_000)
    page.locator('[name="place_id"]').first.check()
    assert page.locator('[name="place"]').input_value() == "Bergen op Zoom"
    assert_accessible(page)


def test_going_on_while_a_save_is_under_way_is_no_clash(page, scan, definition):
    fields = posted_fields(definition, "example_energy")
    del fields["website"]  # another journey published this one: it would be asked whether they are the same
    page.goto(f"{scan}about/")
    fill_page(page, fields)
    for wait in (0, 150, 290, 310, 400):
        page.goto(f"{scan}about/")
        page.locator('[name="org_name"]').fill(f"Naam na {wait}")
        page.locator('[name="country"][value="be_vlg"]').check()
        page.locator('[name="country"][value="nl"]').check()
        page.wait_for_timeout(wait)
        go_on(page)
        page.wait_for_url(f"{scan}about/2/")


def test_two_people_on_one_page_choose_between_both_texts(page, scan, browser):
    other = browser.new_context(locale="nl-NL").new_page()
    for one in (page, other):
        one.goto(f"{scan}members/")
    other.locator('[name="member_count"]').fill("500")
    other.wait_for_timeout(SAVED)
    page.locator('[name="member_count"]').fill("9")
    page.wait_for_timeout(SAVED)
    go_on(page)
    assert page.locator('[name="keep.member_count"]').count() == 2
    assert {"500", "9"} <= set(page.locator("main").inner_text().split())
    assert_accessible(page)
    page.locator('[name="keep.member_count"][value="mine"]').check()
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    other.reload()
    assert other.locator('[name="member_count"]').input_value() == "9"


def test_wrong_answers_are_told_on_top_and_reached_by_the_keyboard(page, scan):
    page.goto(f"{scan}about/")
    go_on(page)
    page.wait_for_url(re.compile("fout=1"))
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    assert page.title().startswith(("Fout:", "Error:"))
    links = page.locator(".error-summary a")
    for index in range(links.count()):
        links.nth(index).focus()
        page.keyboard.press("Enter")
        field = page.evaluate("document.activeElement.name")
        assert links.nth(index).get_attribute("href") == f"#id_{field}"
    assert_accessible(page)


def test_nothing_typed_is_lost_when_the_connection_was_away(page, scan):
    page.goto(f"{scan}about/")
    page.context.set_offline(True)
    page.locator('[name="org_name"]').fill("Zonder verbinding getypt")
    page.wait_for_timeout(SAVED)
    page.context.set_offline(False)
    page.wait_for_timeout(6_000)
    page.goto(f"{scan}about/")
    assert page.locator('[name="org_name"]').input_value() == "Zonder verbinding getypt"
