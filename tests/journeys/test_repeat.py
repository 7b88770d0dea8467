"""A year later: invited by mail, begun with one button, facts confirmed, sent, and two scans side by side."""

import re
import time

import pytest

from tests.journeys.conftest import ADMIN, assert_accessible, first_link, mails_to
from tests.journeys.filling import fill_in, posted_fields
from tests.journeys.test_main_job import send

pytestmark = pytest.mark.journey
WHO = "rika@voorbeeldstroom.example"
PASSWORD = "een-lang-wachtwoord-voor-rika"
PHONE = {"width": 360, "height": 740}
FACTS = {
    "org_name", "country", "place", "website", "short_description", "founding_year", "sectors", "main_sector",
    "legal_form", "phase", "geo_scale", "definition_check", "respondent_role", "rules_in_place", "assets_owned",
    "partners",
}  # fmt: skip
# The clock of the scan is put back, instead of that of every process forward.
A_YEAR_AGO = """
from datetime import timedelta
from django.utils import timezone
from members.models import User
from selfscan.models import Response
from selfscan.services import approve_response
from selfscan.services.repeats import invite_repeats
from tests.factories.members import MembershipFactory, UserFactory
from tests.factories.waiting import waiting_scan
scan = waiting_scan(org_name="Herhaalstroom Ede", contact_email={who!r}, website="https://herhaalstroom.example/")
approve_response(scan, User.objects.get(email={admin!r}))
at = timezone.now() - timedelta(days=370)
Response.objects.filter(pk=scan.pk).update(completed_at=at, saved_at=at)
MembershipFactory(collective=scan.collective, user=UserFactory(email={who!r}, password={password!r}, name="Rika"))
print(invite_repeats())
print(scan.collective.slug)
"""


def invitation_to(platform, address):
    """The mail, as soon as the worker has sent it."""
    for _ in range(120):
        for mail in mails_to(platform, address):
            if "opnieuw" in mail.get_body(("plain",)).get_content():
                return mail
        time.sleep(0.5)
    raise AssertionError("No invitation came.")


def test_a_scan_is_repeated_after_a_year(page, platform, definition):
    made = platform.manage(
        "shell", "-v", "0", "-c", A_YEAR_AGO.format(who=WHO, admin=ADMIN[0], password=PASSWORD)
    )
    *_rest, invited, slug = made.strip().splitlines()
    assert int(invited) == 1
    page.set_viewport_size(PHONE)
    link = first_link(invitation_to(platform, WHO))
    page.goto(link)
    page.locator('input[name="login"]').fill(WHO)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('main form button[type="submit"], main form button:not([type])').first.click()
    page.wait_for_load_state()

    # The page of the invitation, and one button.
    assert page.url.endswith(f"/zelfscan/opnieuw/{slug}/")
    assert_accessible(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    scan = re.match(r"^https?://[^/]+(/zelfscan/[^/]+/)", page.url)[1]
    assert page.locator(".status--done").count() == 0

    # The facts of last time are seen with their source, and confirmed by going on.
    page.goto(platform.url(f"{scan}about/"))
    assert page.locator('input[name="org_name"]').input_value() == "Herhaalstroom Ede"
    assert page.locator(".from-before").count() == 6
    assert "klopt dit nog?" in page.locator(".from-before").first.inner_text()
    assert_accessible(page)
    fields = {
        name: value
        for name, value in posted_fields(definition, "example_energy").items()
        if re.split(r"\.|__", name)[0] not in FACTS
    }
    fields["contact_email"] = WHO
    fill_in(page, fields)
    send(page)

    page.goto(platform.url(f"/mijn/collectief/{slug}/ontwikkeling/"))
    assert_accessible(page)
    first = page.locator(".development").first
    assert first.locator(".development__moment").count() == 2
    assert "Ongeveer gelijk aan de vorige keer." in first.inner_text()
    # The page of the collective stays while the team hasn't looked.
    assert page.request.get(platform.url(f"/collectieven/{slug}/")).status == 200
