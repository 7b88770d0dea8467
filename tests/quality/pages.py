"""Every page of a small platform, found by itself: who gets to see it, what was answered, of which templates it was drawn.

All addresses come from the resolver, every page of a scan from its own links, what a form answers from the list of forms
that the attacks use too, and the error pages from their files. What none of these shows stands in `other_states`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache, caches
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.test.utils import override_settings
from django.utils import timezone

from labs.models import LabMembership
from members.emails.my_data import CONFIRM_LIFE, confirm_token, take_back_token
from members.models import User
from selfscan.instrument import INSTRUMENTS
from selfscan.models import Instrument
from selfscan.services import load_instrument
from tests.factories.labs import LabFactory
from tests.factories.members import PASSWORD, CollectiveFactory, MembershipFactory, UserFactory
from tests.factories.people import DataExportFactory
from tests.factories.signing_in import give_factor, sign_in
from tests.security.addresses import addresses
from tests.security.asking import Undone
from tests.security.surface import SURFACES
from tests.security.world import World
from tests.selfscan.forms import post, scan_form

# Least first: a page belongs to the first of them who gets to see it.
PEOPLE = ("visitor", "newcomer", "representative", "admin")
# Not a page of ours: leads on, or isn't for a plain request.
NO_PAGE = (301, 302, 304, 405)


@dataclass(frozen=True)
class Page:
    """An answer with HTML. `asked` says how, where it isn't by a plain GET of its address."""

    who: str
    path: str
    status: int
    html: str
    templates: frozenset[str]
    root: str
    asked: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it is a document, and no part of one for a script."""
        return self.html.lstrip()[:9].lower() == "<!doctype"

    @property
    def language(self) -> str:
        return "en" if self.path.startswith("/en/") else "nl"

    @property
    def is_admin(self) -> bool:
        return "/beheer/" in self.path

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may show it."""
        return (
            self.status == 200 and not self.asked and not re.search(r'name="robots"[^>]*noindex', self.html)
        )

    def __str__(self) -> str:
        return f"{self.who} {self.path}{f' ({self.asked})' if self.asked else ''}"


@contextmanager
def noting_templates() -> Iterator[list[str]]:
    """The names of the templates that are drawn meanwhile, the outermost first."""
    names: list[str] = []

    def note(sender: Any, template: Any, **kwargs: Any) -> None:
        if template.name:
            names.append(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


def page_of(who: str, path: str, ask: Any, asked: str = "") -> Page | None:
    """What `ask` answers, as a page of that address; None when it is no page."""
    caches["pages"].clear()
    cache.clear()
    with noting_templates() as names:
        answer = ask()
    if answer.status_code in NO_PAGE or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return None
    if hasattr(answer, "render") and not answer.is_rendered:
        answer.render()
    html = answer.content.decode()
    return Page(who, path, answer.status_code, html, frozenset(names), names[0] if names else "", asked)


def people_of(world: World) -> dict[str, Client]:
    """A client for each kind of person."""
    clients = {who: Client(raise_request_exception=False) for who in PEOPLE}
    sign_in(clients["newcomer"], UserFactory(email="nieuw@wereld.example", name="Noor Nieuw"))
    sign_in(clients["representative"], world.representative)
    sign_in(clients["admin"], world.admin)
    return clients


def pages(world: World, people: dict[str, Client]) -> tuple[list[Page], list[str]]:
    """All pages, and the addresses that gave nobody one (files, parts for scripts, what only a form leads to)."""
    found: list[Page] = []
    silent = []
    for address in addresses(world):
        seen = shown_to(address.path, people)
        found += seen
        if not seen:
            silent.append(address.path)
    found += [page for path in scan_paths(world, people["visitor"]) for page in shown_to(path, people)]
    states = (other_states, lab_states, my_data_states, account_states, refused_forms, error_pages)
    found += [page for make in states for page in make(world, people) if page]
    public = [page.path for page in found if page.who == "visitor" and not page.asked]
    found += [page for path in public if path[:4] != "/en/" for page in shown_to(f"/en{path}", people)]
    kept = {(page.who, page.path, page.asked): page for page in found}
    return list(kept.values()), silent


def shown_to(path: str, people: dict[str, Client]) -> list[Page]:
    """This address as the first person sees it who may; and as others do who see it drawn of other templates."""
    shown: list[Page] = []
    for who, client in people.items():
        page = page_of(who, path, lambda client=client: client.get(path))
        if page and page.status == 200 and all(page.templates - other.templates for other in shown):
            shown.append(page)
    return shown


def scan_paths(world: World, visitor: Client) -> Iterator[str]:
    """Every page of every section of a filled-in scan, and of an empty one its first."""
    for scan, most in ((world.draft, 20), (world.other_draft, 0)):
        overview = f"/zelfscan/{scan.token}/"
        html = visitor.get(overview).content.decode()
        for section in dict.fromkeys(re.findall(rf'href="({overview}[\w-]+/)"', html)):
            yield section
            for number in range(2, most):
                if visitor.get(f"{section}{number}/").status_code != 200:
                    break
                yield f"{section}{number}/"


def refused_forms(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """What every form answers to nothing at all, and to too much."""
    for surface in SURFACES:
        if surface.method != "post":
            continue
        path = surface.path(world)
        wrong = {
            "empty": dict.fromkeys(surface.fields, ""),
            "wrong": dict.fromkeys(surface.fields, "x" * 9_000),
        }
        for asked, data in wrong.items():
            client = people[surface.who]
            cookies = client.cookies.copy()
            with Undone():
                page = page_of(
                    surface.who,
                    path,
                    lambda s=surface, d=data: s.send(world, people, d),
                    f"{surface.name}, {asked}",
                )
            client.cookies = cookies  # of a session that never happened
            if page and page.status in (200, 409, 429):
                yield page


def other_states(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """Pages in a state that an address alone does not bring about."""
    visitor, admin = people["visitor"], people["admin"]
    plain = (
        ("visitor", "/collectieven/?sector=energy&region=NL-OV&q=zon"),
        ("visitor", "/collectieven/?q=xqxqxq"),
        ("visitor", "/kaart/?q=xqxqxq"),
        ("visitor", "/zelfscan/bestaat-al/?q=zonnig"),
        ("visitor", "/zelfscan/bestaat-al/?q=xqxqxq"),
        ("visitor", "/zelfscan/hervatten/?verstuurd"),
        ("visitor", "/bestaat-niet/"),
        ("visitor", "/en/bestaat-niet/"),
        ("visitor", f"/zelfscan/{'x' * 32}/"),
        ("visitor", "/over/?q=%00"),
        ("admin", "/beheer/?zoek=xqxqxq"),
        ("admin", "/beheer/?toon=te-laat"),
    )
    for who, path in plain:
        yield page_of(who, path, lambda who=who, path=path: people[who].get(path))
    strict = Client(enforce_csrf_checks=True)
    yield page_of("visitor", "/zelfscan/", lambda: strict.post("/zelfscan/"), "without the form's secret")
    section = f"/zelfscan/{world.draft.token}/members/"
    with Undone():
        first, second = (scan_form(visitor.get(section)) for _ in range(2))
        post(visitor, section, first, {"member_count": "100"})
        yield page_of(
            "visitor", section, lambda: post(visitor, section, second, {"member_count": "200"}), "two at once"
        )
    with Undone():
        wrong = {"member_count": "veel", "volunteers_active": "-1"}
        form = scan_form(visitor.get(section))
        yield page_of("visitor", section, lambda: post(visitor, section, form, wrong), "with mistakes")
    with patch("selfscan.views.start.current_instrument", side_effect=Instrument.DoesNotExist):
        yield page_of("visitor", "/zelfscan/", lambda: visitor.get("/zelfscan/"), "without a questionnaire")
    twin = f"/zelfscan/{world.draft.token}/bestaat-al/"
    with patch("selfscan.views.between.twins_of", return_value=[world.published]):
        yield page_of("visitor", twin, lambda: visitor.get(twin), "with a twin")
    waiting = f"/collectieven/{world.sent.collective.slug}/"
    yield page_of("admin", waiting, lambda: admin.get(waiting), "not public")
    bare = CollectiveFactory(name="Zonder pagina").get_absolute_url()
    yield page_of("admin", bare, lambda: admin.get(bare), "without a text")
    yield page_of("admin", "/zelfscan/", lambda: admin.get("/zelfscan/"), "signed in")


def lab_states(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """A lab as a Flemish collective sees it, an application and a membership in their further states."""
    visitor, mine = people["visitor"], world.lab_member
    for query in ("?q=xqxqxq", "?theme=xqxqxq"):
        path = f"{mine.lab.get_absolute_url()}{query}"
        yield page_of("visitor", path, lambda path=path: visitor.get(path))
    gone = "/labs/bevestigen/afgebroken/"
    yield page_of("visitor", gone, lambda: visitor.get(gone))
    flemish = MembershipFactory(
        collective=CollectiveFactory(published=True, name="Gentse Zon", country="be_vlg")
    ).user
    dutch = LabFactory(dutch=True).get_absolute_url()
    for path in ("/labs/", dutch):
        yield page_of(
            "newcomer",
            path,
            lambda path=path: sign_in(Client(), flemish).get(path),
            "of a Flemish collective",
        )
    apply = f"/labs/{world.application.lab.code}/aanmelden/"
    applicant = sign_in(Client(), world.application.user)
    yield page_of("newcomer", apply, lambda: applicant.get(apply), "with an application that waits")
    for path in ("/mijn/", f"/mijn/labs/{world.application.lab.code}/einde/"):
        yield page_of(
            "newcomer", path, lambda path=path: applicant.get(path), "with an application that waits"
        )
    unproven = sign_in(Client(), UserFactory(email="onbewezen@wereld.example", verified=False))
    yield page_of("newcomer", apply, lambda: unproven.get(apply), "without a proven address")
    with Undone():
        LabMembership.objects.filter(pk=world.application.pk).update(state="returned")
        yield page_of("newcomer", apply, lambda: applicant.get(apply), "with a question")
    with Undone():
        LabMembership.objects.filter(pk=mine.pk).update(confirm_by=timezone.localdate() - timedelta(days=70))
        for path in ("/mijn/", f"/mijn/labs/{mine.lab.code}/", mine.lab.get_absolute_url()):
            yield page_of(
                "representative", path, lambda path=path: people["representative"].get(path), "not confirmed"
            )


def my_data_states(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """A copy in the making, gone or failed, and being erased: halfway, taken back, and too late."""
    path = "/mijn/gegevens/"
    for state, made in (("busy", {}), ("failed", {"failed": True})):
        person = sign_in(Client(), DataExportFactory(**made).user)
        yield page_of("newcomer", path, lambda person=person: person.get(path), f"a copy that is {state}")
    old = DataExportFactory(ready=True, expires_at=timezone.now())
    gone = f"{path}kopie/{old.token}/"
    yield page_of("newcomer", gone, lambda: sign_in(Client(), old.user).get(gone), "past its week")
    leaving = sign_in(Client(), world.erasure.user)
    for part in ("", "verwijderen/"):
        yield page_of("newcomer", f"{path}{part}", lambda part=part: leaving.get(f"{path}{part}"), "leaving")
    yield page_of("newcomer", "/mijn/", lambda: leaving.get("/mijn/"), "leaving")
    nobody = UserFactory(email="vrij@wereld.example")
    free = sign_in(Client(), nobody)
    yield page_of("newcomer", f"{path}verwijderen/", lambda: free.get(f"{path}verwijderen/"), "free to go")
    with time_machine.travel(timezone.now() - CONFIRM_LIFE - timedelta(minutes=1)):
        late = f"{path}verwijderen/bevestigen/{confirm_token(nobody.pk)}/"
    yield page_of("newcomer", late, lambda: free.get(late), "after an hour")
    back = f"{path}verwijderen/terug/{take_back_token(world.erasure.pk)}/"
    with Undone():
        yield page_of("visitor", back, lambda: Client().post(back, follow=True), "taken back")
    with Undone():
        type(world.erasure).objects.filter(pk=world.erasure.pk).update(user=None, done_at=timezone.now())
        yield page_of("visitor", back, lambda: Client().get(back), "too late")


def account_states(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """Pages halfway a sign-in, and those that ask for a fresh one."""
    person = give_factor(UserFactory(email="sleutel@wereld.example", name="Sam Sleutel"))
    client = sign_in(Client(), person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/recovery-codes/generate/", {})
    after, own = "signed in again", "/account/2fa/"
    for part in (
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        "webauthn/add/",
    ):
        path = own + part
        yield page_of("newcomer", path, lambda path=path: client.get(path), after)
    # A passkey that nobody could use: these pages only name it.
    key = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Mijn telefoon", "credential": {}}
    )
    for part in ("webauthn/", f"webauthn/keys/{key.pk}/edit/", f"webauthn/keys/{key.pk}/remove/"):
        path = own + part
        yield page_of("newcomer", path, lambda path=path: client.get(path), f"{after}, with a passkey")
    fresh = sign_in(Client(), UserFactory(email="vers@wereld.example"))
    fresh.post("/account/reauthenticate/", {"password": PASSWORD})
    path = "/account/2fa/totp/activate/"
    yield page_of("newcomer", path, lambda: fresh.get(path), "with a fresh sign-in")
    path = "/account/email/"
    yield page_of(
        "newcomer", path, lambda: fresh.post(path, {"email": "n@wereld.example", "action_add": ""}, follow=True),
        "just changed",
    )  # fmt: skip
    without = UserFactory(email="zonder@wereld.example")
    without.set_unusable_password()
    without.save()
    path = "/account/password/set/"
    yield page_of("newcomer", path, lambda: sign_in(Client(), without).get(path), "without a password")
    halfway = (
        ("/account/signup/", {"email": "kom@wereld.example", "password1": PASSWORD, "password2": PASSWORD}),
        ("/account/login/code/", {"email": "beheer@wereld.example"}),
        ("/account/login/", {"login": "beheer@wereld.example", "password": PASSWORD}),
        ("/account/password/reset/", {"email": "beheer@wereld.example"}),
    )
    for path, data in halfway:
        yield page_of(
            "visitor", path, lambda path=path, data=data: Client().post(path, data, follow=True), "sent"
        )
    yield from surfconext_states(person)
    boss = sign_in(Client(), UserFactory(admin=True, email="nog@wereld.example"), second_factor=False)
    yield page_of("admin", "/beheer/", lambda: boss.get("/beheer/", follow=True), "without a second factor")


def surfconext_states(person: User) -> Iterator[Page | None]:
    """The pages of sign-in through SURFconext, which are there when it is set up."""
    SocialAccount.objects.create(user=person, provider="surfconext", uid="1")
    visitor, own, asked = Client(), sign_in(Client(), person), "with SURFconext"
    where = {"authorization_endpoint": "https://surf.example/a", "token_endpoint": "https://surf.example/t"}
    given = {f"SURFCONEXT_{name}": "https://surf.example" for name in ("SERVER_URL", "CLIENT_ID", "SECRET")}
    path = "/account/oidc/surfconext/login/"
    with override_settings(**given), patch.object(OpenIDConnectOAuth2Adapter, "openid_config", where):
        for client, who, address in (
            (visitor, "visitor", "/account/login/"),
            (visitor, "visitor", "/account/signup/"),
            (visitor, "visitor", path),
            (visitor, "visitor", "/account/3rdparty/login/cancelled/"),
            (visitor, "visitor", "/account/3rdparty/login/error/"),
            (own, "newcomer", "/account/"),
            (own, "newcomer", "/account/3rdparty/"),
            (sign_in(Client(), UserFactory()), "newcomer", "/account/3rdparty/"),
        ):
            yield page_of(who, address, lambda client=client, address=address: client.get(address), asked)
        page = page_of("visitor", path, lambda: visitor.post(path), f"{asked}, leading on")
        # A browser would be gone before anybody looks.
        yield page and replace(page, html=re.sub(r'<meta http-equiv="refresh"[^>]*>', "", page.html))


def error_pages(world: World, people: dict[str, Client]) -> Iterator[Page | None]:
    """Each page for an error, by its file."""
    request = RequestFactory().get("/fout/")
    request.user, request.session = world.admin, {}
    for file in sorted((settings.BASE_DIR / "templates").glob("[45][0-9][0-9]*.html")):
        yield page_of("visitor", "/fout/", lambda file=file: render(request, file.name), file.stem)


def shipped_instrument() -> Instrument:
    """The first instrument, loaded."""
    return load_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
