"""From the mail that says "you are in" to an account with a passkey, and back in by it alone."""

import re

import pytest

from tests.journeys.conftest import ADMIN, assert_accessible, first_link, mails_to

pytestmark = pytest.mark.journey
WHO = "noor@zonnig-dorp.example"
PASSWORD = "een-lang-wachtwoord-voor-noor"
PHONE = {"width": 360, "height": 740}
LET_IN = """
from members.choices import WorkKind
from members.models import User
from members.services import work
from members.services.collectives import approve_collective
from tests.factories.members import CollectiveFactory
collective = CollectiveFactory(proposed=True, name="Zonnig Dorp Proef", slug="zonnig-dorp-proef", contact_email={who!r})
work.open_work(WorkKind.SCAN, 900001, title="Zonnig Dorp Proef", collective=collective)
approve_collective(collective, User.objects.get(email={admin!r}), scan_id=900001)
"""


@pytest.fixture
def tab(browser, platform, browser_context_args):
    """A phone at `localhost`: a passkey belongs to a name, and a number is none."""
    context = browser.new_context(**browser_context_args, viewport=PHONE)
    page, own, page_wrong = context.new_page(), f"http://localhost:{platform.web_port}", []
    page.own, page.wrong = own, page_wrong
    page.on("request", lambda r: None if r.url.startswith((own, "data:")) else page_wrong.append(r.url))
    page.on("response", lambda r: page_wrong.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    page.on("console", lambda m: page_wrong.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda error: page_wrong.append(str(error)))
    yield page
    context.close()
    assert page_wrong == []


def key_ring(page):
    """A phone with a fingerprint, as the browser's own tools make one; gives how to ask what is on it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    ring = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda: tools.send("WebAuthn.getCredentials", {"authenticatorId": ring})["credentials"]


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def code_mailed(platform):
    newest = max(mails_to(platform, WHO), key=lambda mail: mail["Date"].datetime)
    return re.search(
        r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", newest.get_body(("plain",)).get_content(), re.MULTILINE
    )[1]


def test_from_the_invitation_to_a_passkey(tab, platform):
    keys = key_ring(tab)
    platform.manage("shell", "-v", "0", "-c", LET_IN.format(who=WHO, admin=ADMIN[0]))
    platform.await_true(lambda: mails_to(platform, WHO), 30, "the mail that says that they are in")
    (mail,) = mails_to(platform, WHO)
    links = re.findall(r"https?://\S+", mail.get_body(("plain",)).get_content())
    link = next(link for link in links if "/account/signup/" in link)
    assert link in links
    assert first_link(mail)

    tab.goto(link.replace(f"http://127.0.0.1:{platform.web_port}", tab.own))
    assert_accessible(tab)
    tab.get_by_label("E-mailadres").fill(WHO)
    tab.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    tab.get_by_label("Wachtwoord nog een keer").fill(PASSWORD)
    press(tab, "Account maken")
    platform.await_true(lambda: len(mails_to(platform, WHO)) == 2, 30, "the code")
    assert_accessible(tab)
    tab.get_by_label("Code").fill(code_mailed(platform))
    press(tab, "Verder")

    assert tab.url == f"{tab.own}/mijn/profiel/", "the mail led here"
    assert_accessible(tab)
    tab.locator('main [name="name"]').fill("Noor de Vries")
    tab.locator('main [name="function"]').fill("Penningmeester")
    tab.locator("main form").filter(has=tab.locator('[name="name"]')).locator(
        'button[type="submit"], button:not([type])'
    ).last.click()
    tab.wait_for_load_state()
    tab.goto(f"{tab.own}/mijn/")
    assert "Noor de Vries" in tab.locator("h1").inner_text()
    assert "Zonnig Dorp Proef" in tab.locator("main").inner_text()

    tab.goto(f"{tab.own}/account/")
    assert_accessible(tab)
    tab.get_by_role("link", name="Passkey toevoegen").click()
    if "reauthenticate" in tab.url:
        tab.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
        press(tab, "Bevestigen")
    assert_accessible(tab)
    tab.get_by_label("Naam").fill("Mijn telefoon")
    assert tab.locator('[name="passwordless"]').is_checked()
    with tab.expect_navigation():
        tab.locator("#mfa_webauthn_add").click()
    assert [len(keys()), keys()[0]["isResidentCredential"]] == [1, True]
    tab.goto(f"{tab.own}/account/")
    assert "Je hebt 1 passkey." in tab.locator("main").inner_text()

    tab.goto(f"{tab.own}/account/sessions/")
    assert_accessible(tab)
    assert "Chrome" in tab.locator("main").inner_text()
    tab.goto(f"{tab.own}/account/logout/")
    press(tab, "Uitloggen")
    tab.goto(f"{tab.own}/mijn/")
    assert "/account/login/" in tab.url

    with tab.expect_navigation(url=re.compile(r"/mijn/$")):
        tab.locator("#passkey_login").click()
    assert "Noor de Vries" in tab.locator("h1").inner_text()
