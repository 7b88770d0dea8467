"""Directory, profile and the middleware, beside a bare page and a plain list."""

from functools import partial
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import override_settings

from labs.demo import make_lab_members
from labs.models import LabMembership
from members.demo import make_collectives
from members.models import Collective
from tests.bench.harness import Line, Server, Site, cpu, limit_line, queries, ratio_line
from tests.factories.members import UserFactory

BOUNDS = (  # page, at most so many times the plain list, at most so many queries
    ("directory", 0.8, 4),
    ("directory, filtered", 0.8, 4),
    ("profile", 0.8, 8),
    ("directory, signed in", 1.1, 7),
    ("profile, signed in", 1.1, 11),
    ("lab, filtered", 0.8, 4),
    ("lab, signed in", 1.1, 7),
    ("lab, a member", 1.1, 7),
)
MAP = "/kaart/pins.geojson?bbox=2.5,49.4,7.3,53.7&zoom=7"


def session_of(user, **more: object) -> str:
    """The cookie of somebody who is signed in, with more in the session."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.update(more)
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def lines() -> list[Line]:
    """Measure the pages."""
    if not Collective.objects.exists():
        call_command("load_instrument", verbosity=0)
        make_collectives(300, seed=1)
    if not LabMembership.objects.exists():
        make_lab_members(4000, seed=1)  # some 1,400 in the Sciencelab
    slug = Collective.objects.published().order_by("sort_name")[10].slug
    cookie = session_of(UserFactory())
    lab_member = session_of(LabMembership.objects.in_force().select_related("user").order_by("pk")[0].user)
    pages = {
        "bare": ("/bench/bare/", ""),
        "plain list": ("/bench/list/", ""),
        "directory": ("/collectieven/", ""),
        "directory, filtered": ("/collectieven/?sector=energy&region=NL-ZH", ""),
        "profile": (f"/collectieven/{slug}/", ""),
        "directory, signed in": ("/collectieven/", cookie),
        "profile, signed in": (f"/collectieven/{slug}/", cookie),
        "lab, filtered": ("/labs/science/?theme=impact&sector=energy", ""),
        "lab, signed in": ("/labs/science/", cookie),
        "lab, a member": ("/labs/science/", lab_member),
        "map answer": (MAP, ""),
        "home": ("/", ""),
    }
    with Server() as server:
        asks = {name: partial(server.get, *page) for name, page in pages.items()}
        sizes = {name: len(ask()) / 1000 for name, ask in asks.items()}
        spent = cpu(asks, clock=server.spent)
    site = Site()
    asked = {name: queries(partial(site.get, *page)) for name, page in pages.items()}
    plain, bare = spent["plain list"], spent["bare"]
    found = [
        Line("yardstick: bare", f"{bare:.2f} ms CPU", "–", "–", f"{sizes['bare']:.0f} kB", True),
        Line(
            "yardstick: plain list",
            f"{plain:.2f} ms CPU",
            f"{bare:.2f} (bare)",
            f"{plain / bare:.1f}",
            f"{sizes['plain list']:.0f} kB",
            True,
        ),
    ]
    for name, bound, most in BOUNDS:
        note = f", {sizes[name]:.0f} kB"
        found.append(ratio_line(f"page: {name}", spent[name], plain, "plain list", bound, note=note))
        found.append(limit_line(f"page: {name}", asked[name], most, "queries"))
    for name in ("map answer", "home"):
        found.append(ratio_line(f"once cached: {name}", spent[name], bare, "bare", 2.5))
        found.append(limit_line(f"once cached: {name}", asked[name], 0, "queries"))
    return [*found, middleware_line(site)]


def middleware_line(site: Site) -> Line:
    """What all middleware costs, in this process: the server's own cost would hide it."""
    with override_settings(MIDDLEWARE=[]):
        without = Site()
        without.application = WSGIHandler()
    pages = {
        "with": partial(site.get, "/bench/bare/"),
        "without": partial(without.get, "/bench/bare/"),
        "plain list": partial(site.get, "/bench/list/"),
    }
    spent = cpu(pages, times=20)
    return ratio_line(
        "all middleware", max(spent["with"] - spent["without"], 0), spent["plain list"], "plain list", 0.04
    )
