"""An expert applies for a lab, an admin screens it, and the new member sees whom to write to."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, first_link, mails_to, sign_in_as_admin

pytestmark = pytest.mark.journey
EXPERT = ("lector@journey.example", "een-lang-wachtwoord-voor-lector")
MAKE_EXPERT = """
from allauth.account.models import EmailAddress
from labs.demo import join_lab
from labs.models import Lab
from members.models import PersonalProfile, User
address, password = {expert!r}
user = User.objects.create_user(address, password, name="Lies Lector")
EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
there = User.objects.create_user("al-lid@journey.example", name="Al Lid")
join_lab(there, Lab.objects.get(code="network"))
PersonalProfile.objects.filter(user=there).update(audiences={{"name": "members", "email": "members"}})
"""
FIELDS = {
    "organisation": "Koepel van de Proef",
    "expertise": "Ik ken veel collectieven en breng mensen met elkaar in contact.",
    "brings": "Mijn netwerk, en tijd om mee te denken.",
}


def test_an_expert_applies_and_sees_whom_to_write_to(page, platform, browser):
    platform.manage("shell", "-v", "0", "-c", MAKE_EXPERT.format(expert=EXPERT))
    page.goto(platform.url("/labs/network/"))
    expect(page.get_by_text("Al Lid")).to_have_count(0)
    page.get_by_role("link", name="Meld je aan voor Netwerklab").click()

    expect(page).to_have_url(re.compile(r"/account/login/\?next=/labs/network/aanmelden/"))
    page.fill("[name=login]", EXPERT[0])
    page.fill("[name=password]", EXPERT[1])
    page.locator('main form button[type="submit"], main form button:not([type])').first.click()
    expect(page).to_have_url(platform.url("/labs/network/aanmelden/"))
    assert_accessible(page)

    page.get_by_role("button", name="Verstuur de aanmelding").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for name, text in FIELDS.items():
        page.fill(f"[name={name}]", text)
    page.get_by_label("Netwerken en partners").check()
    page.get_by_role("checkbox", name=re.compile("^Ik doe mee om te delen")).check()
    page.get_by_role("button", name="Verstuur de aanmelding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je aanmelding ligt bij het team")
    page.goto(platform.url("/labs/network/"))
    expect(page.get_by_text("Al Lid")).to_have_count(0)

    with browser.new_context(locale="nl-NL") as room:
        boss = room.new_page()
        sign_in_as_admin(boss, platform)
        boss.goto(platform.url("/beheer/?soort=application"))
        boss.get_by_role("link", name=re.compile("Koepel van de Proef")).first.click()
        assert_accessible(boss)
        expect(boss.get_by_text("Mijn netwerk, en tijd om mee te denken.")).to_be_visible()
        boss.get_by_role("button", name="Laat toe").click()
        expect(boss.get_by_text("Lies Lector is nu lid van het lab.")).to_be_visible()

    page.goto(platform.url("/labs/network/"))
    expect(page.get_by_role("heading", name="Al Lid")).to_be_visible()
    expect(page.get_by_role("link", name="al-lid@journey.example")).to_be_visible()
    expect(page.get_by_text("Koepel van de Proef").first).to_be_visible()
    assert_accessible(page)

    def welcome():
        return [one for one in mails_to(platform, EXPERT[0]) if one["subject"] == "Welkom bij Netwerklab"]

    platform.await_true(welcome, 60, "the mail that welcomes the member")
    page.goto(first_link(welcome()[0]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn lidmaatschap van Netwerklab")
    assert_accessible(page)
