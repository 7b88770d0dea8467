"""The page of somebody who is signed in, with every card on it, on a platform of 10,000 collectives."""

from functools import partial

from django.core.management import call_command

from collectievekracht.common import registry
from labs.demo import make_lab_members
from labs.models import LabMembership
from members.choices import Direction
from members.demo import make_collectives
from members.models import Collective, User
from members.notification_kinds import LET_IN, facts_of
from members.notifications import notify
from members.services.contributions import record_contribution
from selfscan.models import Instrument, Report
from tests.bench.bench_pages import session_of
from tests.bench.harness import Line, Server, Site, cpu, limit_line, queries, ratio_line
from tests.factories.members import JoinRequestFactory, MembershipFactory, UserFactory
from tests.factories.selfscan import ResponseFactory

COLLECTIVES, LAB_MEMBERS = 10_000, 2_000
FRAME, A_CARD = 4, 2
THEMES = ["financing", "impact", "leadership"]


def busy_person(number: int) -> User:
    """Somebody who represents this many collectives and is in a lab, with something to show in every card."""
    person = UserFactory(email=f"bezig{number}@meting.example")
    for one in Collective.objects.published().order_by("-pk")[:number]:
        Collective.objects.filter(pk=one.pk).update(focus_themes=THEMES)
        MembershipFactory(user=person, collective=one)
        scan = ResponseFactory(complete=True, collective=one)
        Report.objects.create(response=scan, version="1", language="nl", file=f"{scan.pk}.pdf", size=9)
        for kind, direction in (("selfscan.scan", Direction.GAVE), ("selfscan.report", Direction.GOT)):
            facts = {"reference": scan.reference}
            record_contribution(kind, direction, key=f"{kind}:{scan.pk}", collective_id=one.pk, facts=facts)
        for place in range(3):
            notify(LET_IN, [person.pk], key=f"meting {one.pk} {place}", facts=facts_of(one))
            JoinRequestFactory(collective=one)
    member = LabMembership.objects.in_force().order_by("-pk").first()
    if member and number > 1:
        LabMembership.objects.filter(pk=member.pk).update(user=person)
    return person


def lines() -> list[Line]:
    """Measure the page for one collective and for three."""
    if not Instrument.objects.exists():
        call_command("load_instrument", verbosity=0)
    make_collectives(max(0, COLLECTIVES - Collective.objects.count()), seed=2)
    if LabMembership.objects.count() < LAB_MEMBERS:
        make_lab_members(LAB_MEMBERS, seed=2)
    pages = {"plain list": ("/bench/list/", "")}
    pages |= {
        "my page, one collective": ("/mijn/", session_of(busy_person(1))),
        "my page, three collectives": ("/mijn/", session_of(busy_person(3))),
    }
    with Server() as server:
        asks = {name: partial(server.get, *page) for name, page in pages.items()}
        sizes = {name: len(ask()) / 1000 for name, ask in asks.items()}
        spent = cpu(asks, clock=server.spent)
    site, found = Site(), []
    most = FRAME + A_CARD * (
        len(list(registry.dashboard_cards)) + 1
    )  # the collectives themselves are a card too
    for name in list(pages)[1:]:
        note = f", {sizes[name]:.0f} kB"
        found.append(ratio_line(name, spent[name], spent["plain list"], "plain list", 2, note=note))
        found.append(limit_line(name, queries(partial(site.get, *pages[name])), most, "queries"))
    return found
