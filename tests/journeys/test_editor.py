"""The team writes a page: with the editor and its preview, and as plain text where no scripts run."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, sign_in_as_admin

ADD = "/beheer/pages/page/add/"


@pytest.fixture
def desk(page, platform):
    sign_in_as_admin(page, platform)
    return page


def test_a_page_is_written_looked_at_and_seen(desk, platform, browser):
    page, address = desk, f"http://127.0.0.1:{platform.web_port}"
    page.goto(address + ADD)
    page.get_by_label("Code").fill("proefpagina")
    page.get_by_label("Nederlandse titel").fill("Proefpagina")
    page.get_by_label("Engelse titel").fill("Trial page")
    text = page.get_by_role("textbox", name="Nederlandse tekst")
    buttons = page.get_by_role("toolbar", name="Opmaak van de tekst: Nederlandse tekst")
    text.click()
    page.keyboard.type("Een kop")
    buttons.get_by_role("button", name="Kop", exact=True).click()
    expect(buttons.get_by_role("button", name="Kop", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(text).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Lees meer")
    for _letter in "meer":
        page.keyboard.press("Shift+ArrowLeft")
    buttons.get_by_role("button", name="Link").click()
    field = page.get_by_role("textbox", name="Adres van de link")  # the other dialog is closed
    field.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="geen adres")).to_be_visible()
    field.fill("/privacy/")
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type(" hier.")
    saved = '<h2>Een kop</h2><p>Lees <a href="/privacy/">meer</a> hier.</p>'
    assert re.sub(r' rel="[^"]*"', "", page.locator("#id_body_nl").input_value()) == saved
    assert page.wrong == []
    assert_accessible(page)
    page.wrong.clear()  # axe itself tries styles that the policy refuses

    with page.expect_popup() as opened:
        page.get_by_role("button", name="Voorbeeld in het Nederlands").first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Nog geen voorbeeld")
    opened.value.close()
    page.get_by_role("textbox", name="Engelse tekst").click()
    page.keyboard.type("Some text.")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Voorbeeld in het Nederlands").first.click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_have_text("Proefpagina")
    expect(preview.get_by_text("Er is nog niets opgeslagen")).to_be_visible()
    assert_accessible(preview)
    preview.close()

    visitor = browser.new_page()
    assert visitor.goto(f"{address}/over/proefpagina/").status == 404
    page.get_by_role("button", name="Opslaan", exact=True).first.click()
    assert visitor.goto(f"{address}/over/proefpagina/").status == 200
    expect(visitor.get_by_role("link", name="meer")).to_have_attribute("href", "/privacy/")
    visitor.close()

    state = page.context.storage_state()
    plain = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(address + ADD)
    plain.get_by_label("Code").fill("zonder")
    for label, words in (("Nederlandse titel", "Zonder"), ("Engelse titel", "Without"),
                         ("Nederlandse tekst", "Een\n\nTwee"), ("Engelse tekst", "One\n\nTwo")):  # fmt: skip
        plain.get_by_label(label).fill(words)
    plain.get_by_role("button", name="Opslaan", exact=True).first.click()
    plain.goto(f"{address}/en/over/zonder/")
    assert plain.locator(".prose").inner_html() == "<p>One</p><p>Two</p>"
    plain.context.close()
