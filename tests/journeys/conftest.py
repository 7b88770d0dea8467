"""A real browser before the whole platform: live web, worker, scheduler, PostgreSQL and Redis."""

import email
import json
import re
from email import policy

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ADMIN = ("admin@journey.example", "een-lang-wachtwoord-voor-de-proef")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAKE_ADMIN = """
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from members.models import User
address, password = {admin!r}
user = User.objects.create_superuser(address, password, name="Ada Admin")
EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
secret = generate_totp_secret()
TOTP.activate(user, secret)
print(secret)
"""


@pytest.fixture(scope="session")
def platform(live_platform):
    made = live_platform.manage("shell", "-v", "0", "-c", MAKE_ADMIN.format(admin=ADMIN))
    live_platform.totp_secret = made.strip().splitlines()[-1]
    live_platform.admin_cookies = []
    return live_platform


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-gpu"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}


@pytest.fixture
def page(page, platform):
    """A page that notes what must not happen: requests to other hosts, violations of the policy, server errors."""
    page.wrong = []
    own = f"http://127.0.0.1:{platform.web_port}/"
    page.on(
        "request", lambda r: None if r.url.startswith((own, "data:", "blob:")) else page.wrong.append(r.url)
    )
    page.on("response", lambda r: page.wrong.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    page.on("console", lambda m: page.wrong.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    assert page.wrong == []


def assert_accessible(page):
    """axe finds nothing on this page."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
    found = {
        violation["id"]: [node["html"][:160] for node in violation["nodes"][:3]]
        for violation in results.response["violations"]
    }
    assert found == {}, f"{page.url}\n{json.dumps(found, indent=1)}"


def sign_in_as_admin(page, platform):
    """With the password and the second factor, once: a code is taken once, so later journeys go on in that session."""
    page.context.add_cookies(platform.admin_cookies)
    page.goto(platform.url("/beheer/"))
    if not page.locator('input[name="login"]').count():
        return
    submit = page.locator('main form button[type="submit"], main form button:not([type])').first
    page.locator('input[name="login"]').fill(ADMIN[0])
    page.locator('input[name="password"]').fill(ADMIN[1])
    submit.click()
    page.wait_for_load_state()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.locator('input[name="code"]').fill(format_hotp_value(hotp_value(platform.totp_secret, counter)))
    submit.click()
    expect(page).to_have_url(platform.url("/beheer/"))
    platform.admin_cookies = page.context.cookies()


def mails_to(platform, address):
    """The mails that left for this address, read."""
    return [
        email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in platform.mails(address)
    ]


def first_link(message):
    """The first address in a mail's text."""
    return re.search(r"https?://\S+", message.get_body(("plain",)).get_content())[0]
