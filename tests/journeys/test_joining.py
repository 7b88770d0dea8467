"""Somebody asks to join a collective, its representative lets them in, and they see it on their own page."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, first_link, mails_to

pytestmark = pytest.mark.journey
WORD = "een-lang-wachtwoord-voor-samen"
BO, ANNA = "bo@joining.example", "anna@joining.example"
MAKE = """
from tests.factories.members import CollectiveFactory, MembershipFactory, UserFactory
bo, anna = (UserFactory(email=email, name=name, password={word!r}) for email, name in {people!r})
collective = CollectiveFactory(published=True, name="Buurtmolen", slug="buurtmolen")
MembershipFactory(user=bo, collective=collective)
"""
PEOPLE = ((BO, "Bo Bestuur"), (ANNA, "Anna de Wit"))


def sign_in(page, platform, address, then="/mijn/"):
    page.goto(platform.url(f"/account/login/?next={then}"))
    page.fill("[name=login]", address)
    page.fill("[name=password]", WORD)
    page.locator('main form button[type="submit"], main form button:not([type])').first.click()
    expect(page).to_have_url(platform.url(then))


def test_a_colleague_asks_and_is_let_in(page, platform, browser):
    platform.manage("shell", "-v", "0", "-c", MAKE.format(word=WORD, people=PEOPLE))
    sign_in(page, platform, ANNA, "/collectieven/buurtmolen/toegang/")
    expect(page.get_by_text("Je vraagt dit als Anna de Wit")).to_be_visible()
    expect(page.locator("main [name=email]")).to_have_count(0)
    assert_accessible(page)
    page.fill("[name=message]", "Ik ben penningmeester.")
    page.get_by_role("button", name="Verstuur de aanvraag").click()
    expect(page.get_by_text("Je aanvraag is binnen")).to_be_visible()

    with browser.new_context(locale="nl-NL", viewport={"width": 360, "height": 740}) as room:
        representative = room.new_page()
        sign_in(representative, platform, BO, "/mijn/collectief/buurtmolen/mensen/")
        assert_accessible(representative)
        representative.get_by_role("link", name=re.compile("Beslis")).click()
        expect(representative.get_by_text("Ik ben penningmeester.")).to_be_visible()
        assert_accessible(representative)
        representative.get_by_role("button", name="Laat toe als collega").click()
        expect(representative.get_by_text("Anna de Wit krijgt toegang.")).to_be_visible()
        expect(representative.get_by_role("link", name=re.compile("Wijzigen"))).to_have_count(1)

    def told():
        return [one for one in mails_to(platform, ANNA) if one["subject"] == "Over je aanvraag voor toegang"]

    platform.await_true(told, 60, "the mail that says so")
    page.goto(first_link(told()[0]))
    expect(page).to_have_url(platform.url("/mijn/"))
    expect(page.get_by_role("heading", name="Buurtmolen")).to_be_visible()
    page.goto(platform.url("/mijn/collectief/buurtmolen/mensen/"))
    expect(page.get_by_text("Bo Bestuur")).to_be_visible()
    assert_accessible(page)

    page.goto(platform.url("/mijn/profiel/"))
    assert_accessible(page)
    page.locator("[name=function]").fill("Penningmeester")
    page.get_by_role("button", name="Sla mijn profiel op").click()
    expect(page.get_by_text("Je profiel is opgeslagen.")).to_be_visible()
