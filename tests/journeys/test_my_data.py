"""My data in a browser, before the real worker: a copy that is fetched, and being erased, taken back and done."""

import io
import json
import zipfile

import pytest

from tests.journeys.conftest import assert_accessible, first_link, mails_to

pytestmark = [pytest.mark.journey, pytest.mark.external]
WHO, NAME, PASSWORD = "gijsbrecht@vertrekt.example", "Gijsbrecht Vertrekt", "een-lang-wachtwoord-voor-gijs"
PHONE = {"width": 360, "height": 740}
MAKE = """
from allauth.account.models import EmailAddress
from members.models import User
user = User.objects.create_user({who!r}, {password!r}, name={name!r})
EmailAddress.objects.create(user=user, email={who!r}, verified=True, primary=True)
"""
DUE = """
from django.utils import timezone
from members.services import erasing
erasing.promise_due(timezone.now())
"""


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def sign_in(page, platform):
    page.goto(platform.url("/account/login/?next=/mijn/gegevens/"))
    page.locator('input[name="login"]').fill(WHO)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('main form button[type="submit"], main form button:not([type])').first.click()
    page.wait_for_load_state()


def ask_to_be_erased(page, platform):
    page.goto(platform.url("/mijn/gegevens/"))
    page.get_by_role("link", name="Verwijder mijn gegevens").click()
    assert_accessible(page)
    press(page, "Verwijder mijn gegevens")
    assert page.locator(".error-summary").count() == 1  # the box comes first
    page.locator('input[name="sure"]').check()
    press(page, "Verwijder mijn gegevens")
    if "/account/reauthenticate/" in page.url:
        page.locator('input[name="password"]').fill(PASSWORD)
        page.locator('main form button[type="submit"], main form button:not([type])').first.click()
        page.wait_for_load_state()
    assert page.get_by_text("Je gegevens worden verwijderd").first.is_visible()


def rows_with(platform, word):
    """How many rows of the whole database hold this word."""
    tables = platform.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {
        table: found
        for (table,) in tables
        if (
            found := platform.one(f'SELECT count(*) FROM "{table}" row WHERE row::text ILIKE %s', f"%{word}%")
        )
    }


def test_a_copy_of_my_data_and_being_erased(page, platform):
    page.set_viewport_size(PHONE)
    platform.manage("shell", "-v", "0", "-c", MAKE.format(who=WHO, password=PASSWORD, name=NAME))
    sign_in(page, platform)
    assert_accessible(page)

    press(page, "Maak een kopie van mijn gegevens")
    link = page.get_by_role("link", name="Download mijn gegevens (zip)")
    link.wait_for(timeout=60_000)  # the part of the page asks again by itself
    assert_accessible(page)
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        told = json.loads(archive.read("data.json"))
        words = archive.read("lees-mij.html").decode()
    assert NAME in words
    assert {row["table"] for part in told["parts"] for row in part["rows"]} >= {
        "members.user",
        "account.emailaddress",
    }
    platform.await_true(lambda: mails_to(platform, WHO), 30, "the mail that says that the copy is ready")

    ask_to_be_erased(page, platform)
    page.goto(platform.url("/mijn/"))
    assert_accessible(page)
    press(page, "Houd mijn account")
    assert page.locator("h1").inner_text() == "Je account blijft"

    ask_to_be_erased(page, platform)
    platform.await_true(lambda: len(mails_to(platform, WHO)) == 4, 30, "the mails about it")
    newest = max(mails_to(platform, WHO), key=lambda mail: mail["Date"].datetime)
    back = first_link(newest)
    assert "/mijn/gegevens/verwijderen/terug/" in back
    assert rows_with(platform, WHO)

    platform.sql("UPDATE members_erasure SET due_at = now() - interval '1 minute' WHERE cancelled_at IS NULL")
    platform.manage("shell", "-v", "0", "-c", DUE)
    gone = "SELECT count(*) FROM members_user WHERE email = %s"
    platform.await_true(lambda: platform.one(gone, WHO) == 0, 60, "the worker erases them")
    platform.await_true(lambda: len(mails_to(platform, WHO)) == 5, 30, "the last mail")
    platform.await_true(lambda: rows_with(platform, WHO) == {}, 10, "the last mail's address is forgotten")
    assert rows_with(platform, NAME) == {}
    assert not [file for file in (platform.data / "private").rglob("*") if WHO.encode() in file.name.encode()]
    page.goto(platform.url("/mijn/gegevens/"))
    assert "/account/login/" in page.url
    assert page.request.get(back).status == 410
