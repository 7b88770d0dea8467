"""F2, and D4 once more in a real browser: no page breaks its own policy, calls elsewhere, or leaves a cookie uninvited."""

from urllib.parse import urlsplit

import pytest

from tests.factories.waiting import waiting_scan
from tests.security.addresses import addresses
from tests.security.test_d_html import answers_with
from tests.security.vectors import MARK, VECTORS
from tests.trust.figures import FULL

pytestmark = pytest.mark.journey
NOTE = """
window.xk9 = () => { window.xk9ran = true; };
window.broken = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.broken.push(event.violatedDirective + " " + event.blockedURI));
"""
LOOK = """() => ({
  broken: window.broken, ran: Boolean(window.xk9ran), forms: document.querySelectorAll("form[method=post i]").length,
})"""
COOKIES = {"csrftoken", "sessionid"}
# Not pages: files and answers to scripts.
FILES = (".pdf", ".csv", ".xlsx", ".geojson", ".xml", ".txt", "/download/", "/jsi18n/", "/autocomplete/", "healthz",
         "readyz")  # fmt: skip
# In `make test` of the admin its own pages, and of the lists and rows these.
SHOWN_ROWS = (
    "/beheer/members/collective",
    "/beheer/selfscan/response",
    "/beheer/members/user",
    "/beheer/common/promise",
)


@pytest.fixture
def look(live_server, browser):
    """Goes to pages as somebody; gives what went wrong and what the page was, and counts."""
    own, contexts = urlsplit(live_server.url).netloc, {}

    def elsewhere(request):
        address = urlsplit(request.url)
        return address.scheme in ("http", "https") and address.netloc != own

    def context_of(who, client):
        if who not in contexts:
            made = contexts[who] = browser.new_context(locale="nl-NL")
            made.add_init_script(NOTE)
            if client:
                made.add_cookies(
                    [
                        {
                            "name": "sessionid",
                            "value": client.cookies["sessionid"].value,
                            "url": live_server.url,
                        }
                    ]
                )
            page = made.new_page()
            page.set_default_timeout(20_000)
            page.wrong = []
            page.on(
                "request",
                lambda request: page.wrong.append(f"asks {request.url}") if elsewhere(request) else None,
            )
            page.on(
                "console",
                lambda message: (
                    page.wrong.append(message.text) if "Security Policy" in message.text else None
                ),
            )
            page.on("pageerror", lambda error: page.wrong.append(f"script: {error}"))
            page.on("dialog", lambda dialog: (page.wrong.append("a dialog"), dialog.dismiss()))
            page.on(
                "response",
                lambda answer: page.wrong.append(f"{answer.status}") if answer.status >= 500 else None,
            )
        return contexts[who].pages[0]

    def go(path, who="visitor", client=None, act=None):
        page = context_of(who, client)
        page.wrong.clear()
        if who == "visitor":
            page.context.clear_cookies()
        page.goto(live_server.url + path, wait_until="networkidle" if "kaart" in path else "load")
        if act:
            act(page)
        seen = page.evaluate(LOOK)
        wrong = [*page.wrong, *seen["broken"], *(["ran what was typed"] if seen["ran"] else [])]
        if who == "admin":
            assert "/account/login/" not in page.url, "not signed in: nothing of the admin was looked at"
        if who == "visitor":
            left = {cookie["name"] for cookie in page.context.cookies()}
            if left - (COOKIES if seen["forms"] else set()):
                wrong.append(f"cookies {sorted(left)}")
        return [f"{who} {path}: {one}" for one in wrong]

    yield go
    for context in contexts.values():
        context.close()


def is_page(address, people):
    """Whether somebody sees a page there: no file, and no address that only a form leads to."""
    if any(part in address.path for part in FILES):
        return False
    answer = people["admin"].get(address.path)
    return answer.status_code != 405 and not answer.headers.get("Content-Disposition", "").startswith(
        "attachment"
    )


def chosen(address):
    """In `make test` not every row of the admin: they are drawn by the same code."""
    is_row = address.path.count("/") > 3 and address.is_admin and "/beoordelen/" not in address.path
    return FULL or not is_row or address.path.startswith(SHOWN_ROWS)


def test_f2_no_page_breaks_its_policy_or_leaves_a_cookie(live_server, look, world, people, table):
    found = [address for address in addresses(world) if is_page(address, people)]
    public = [address.path for address in found if not address.is_admin]
    wrong, seen = [], 0
    for path in [
        *public,
        *(f"/en{path}" for path in public[:: 1 if FULL else 6]),
        "/bestaat-niet/",
        "/collectieven/?sector=x",
    ]:
        wrong += look(path)
        seen += 1
    inside = [address.path for address in found if chosen(address) and "logout" not in address.path]
    inside = [path for path in inside if path.startswith(("/beheer/", "/account/", "/mijn/", "/stijlgids/"))]
    for path in [*inside, "/beheer/?zoek=niets", "/zelfscan/", "/"]:
        wrong += look(path, "admin", people["admin"])
        seen += 1
    table.add(
        "F2",
        f"{seen} pages in Chromium, as visitor and as admin with a second factor",
        seen=f"{len(wrong)} violations, requests elsewhere, errors or cookies {wrong[:12] or ''}",
        must="0; with a form only csrftoken and the session",
        holds=not wrong and seen > 80,
    )


def test_only_the_partners_map_can_be_framed(live_server, look, world, browser):
    page = browser.new_page()
    frames = {"map": "/kaart/embed/", "home": "/", "scan": "/zelfscan/"}
    page.set_content(
        "".join(
            f'<iframe name="{name}" src="{live_server.url}{path}">x</iframe>' for name, path in frames.items()
        )
    )
    page.wait_for_load_state("networkidle")
    assert page.frame("map").locator("h1").count() == 1
    assert [page.frame(name).url[:13] for name in ("home", "scan")] == ["chrome-error:"] * 2
    page.close()


def open_every_pin(page):
    """Open what lies on the map, by a click, until the names that were typed stand in a popup."""
    markers, opened = page.locator(".leaflet-marker-icon"), ""
    for number in range(2 * markers.count()):
        markers.nth(number % markers.count()).click(force=True)
        page.wait_for_timeout(400)
        opened += "".join(page.locator(".leaflet-popup-content").all_inner_texts())
        if MARK in opened:
            return
    raise AssertionError(f"no popup with what was typed: {opened}")


def test_d4_what_is_typed_does_nothing_in_a_browser(live_server, look, world, people, definition, table):
    used = [vector for vector in VECTORS if "<" in vector]
    used = used if FULL else used[::12]
    wrong, seen = [], 0
    for start in range(0, len(used), 10):
        answers, _given = answers_with(definition, used[start : start + 10])
        scan = waiting_scan(**answers | {"contact_email": f"v{start}@voorbeeld.example"})
        review = f"/beheer/selfscan/response/{scan.pk}/beoordelen/"
        wrong += look(review, "admin", people["admin"])
        people["admin"].post(review, {"decision": "approved"})
        profile = scan.collective.get_absolute_url()
        wrong += look(profile) + look(f"/en{profile}") + look(f"/zelfscan/{scan.token}/klaar/")
        seen += 4
    for path in ("/collectieven/?q=xk9", "/kaart/?q=xk9", "/kaart/embed/?q=xk9"):
        wrong += look(path, act=open_every_pin if "kaart" in path else None)
    for path in (
        "/beheer/?zoek=xk9",
        "/beheer/members/collective/?q=xk9",
        "/beheer/members/collectiveprofile/",
    ):
        wrong += look(path, "admin", people["admin"])
    table.add(
        "D4",
        f"{len(used)} vectors on {seen + 6} pages in Chromium, popups of the map included",
        seen=f"{len(wrong)} ran, were blocked by the policy, or loaded something {wrong[:8] or ''}",
        must="0",
        holds=not wrong,
    )
