"""A representative moves the collective on its own page: places to choose from come while typing."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible
from tests.journeys.test_joining import WORD, sign_in

pytestmark = pytest.mark.journey
WHO = "mo@verhuizen.example"
MAKE = """
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
mo = UserFactory(email={who!r}, name="Mo Verhuist", password={word!r})
MembershipFactory(user=mo, collective=CollectiveFactory(published=True, name="Verhuismolen", slug="verhuismolen"))
"""
OWN = "/mijn/collectief/verhuismolen/pagina/"


def test_a_place_on_our_page_is_chosen_from_what_was_typed(page, platform):
    platform.manage("shell", "-v", "0", "-c", MAKE.format(who=WHO, word=WORD))
    sign_in(page, platform, WHO, OWN)
    page.locator('nav.contents a[href="#waar"]').click()
    expect(page.locator("#waar")).to_be_in_viewport()
    page.locator("[name=place_name]").fill("")
    page.locator("[name=place_name]").press_sequentially("Bergen op", delay=20)
    page.locator("[name=place_id][type=radio]").first.check()
    expect(page.locator("[name=place_name]")).to_have_value("Bergen op Zoom")
    assert_accessible(page)
    page.get_by_role("button", name="Sla de wijziging op").click()
    expect(page.get_by_text("Je wijziging wacht op het team")).to_be_visible()
    page.goto(platform.url(OWN))
    expect(page.locator("[name=place_name]")).to_have_value("Bergen op Zoom")
