"""B11: two admins decide at the same moment, and many rows are approved at once; over HTTP, with a database that commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.db import connection, connections
from django.test import Client

from collectievekracht.common.models import AuditEvent, SentMail
from labs.models import Lab
from labs.services.applications import Application, apply
from members import vocabulary
from members.choices import AbuseReason, ReviewState, WorkKind
from members.models import Collective, JoinRequest, WorkItem
from members.services import work
from members.services.abuse import Thing, report_abuse
from members.services.access import request_access
from tests.factories.members import CollectiveFactory, ProfileFactory, UserFactory
from tests.factories.selfscan import shipped_instrument
from tests.factories.signing_in import enter_admin
from tests.factories.waiting import waiting_scan
from tests.trust.figures import count

REASON = "Dit past nog niet; lees de uitleg."


@dataclass(frozen=True)
class Kind:
    """Something that waits: how it is made, where it is decided, and what two admins choose."""

    make: Callable[[int], int]
    page: str
    yes: dict[str, str]
    no: dict[str, str]


def a_scan(number):
    return waiting_scan(org_name=f"Collectief {number}", contact_email=f"c{number}@wereld.example").pk


def a_revision(number):
    collective = CollectiveFactory(published=True, contact_email=f"c{number}@wereld.example")
    text = ProfileFactory(collective=collective, description="Een nieuwe tekst over wat wij samen doen.")
    work.open_work(WorkKind.REVISION, text.pk, title=text.name, collective=collective)
    return text.pk


def a_join_request(number):
    collective = CollectiveFactory(published=True)
    request_access(collective, name="Jan", email=f"jan{number}@wereld.example", message="", language="nl")
    return JoinRequest.objects.latest("pk").pk


def an_application(number):
    lab, _ = Lab.objects.get_or_create(code="finance", defaults={"nl": "Financelab", "en": "Finance Lab"})
    told = Application(
        organisation="Bank Voorbeeld", function="", expertise="Leningen voor collectieven.", themes=["financing"], sectors=[],
        regions=[], brings="Tijd en kennis.", website="", capacity=1,
    )  # fmt: skip
    person = UserFactory(email=f"lid{number}@wereld.example")
    assert apply(person, lab, told)
    return person.lab_memberships.get().pk


def a_report(number):
    told = {
        "address": "/collectieven/",
        "reason": AbuseReason.WRONG,
        "text": "Dit klopt niet.",
        "language": "nl",
    }
    return report_abuse(Thing("page"), reporter=None, email=f"ziet{number}@wereld.example", **told).pk


YES, NO = {"decision": "approved"}, {"decision": "refused"}
KINDS = {
    WorkKind.SCAN: Kind(a_scan, "selfscan/response", YES, NO | {"refused-reason": REASON}),
    WorkKind.REVISION: Kind(a_revision, "members/collectiveprofile", YES, NO | {"reason": REASON}),
    WorkKind.JOIN_REQUEST: Kind(a_join_request, "members/joinrequest", YES, NO | {"reason": REASON}),
    WorkKind.APPLICATION: Kind(an_application, "labs/labmembership", YES, NO | {"refused-reason": REASON}),
    WorkKind.ABUSE: Kind(a_report, "members/abusereport", YES | {"answer": REASON}, NO | {"answer": REASON}),
}


@pytest.fixture
def team(transactional_db):
    """Two admins, each in a browser of their own, and an instrument."""
    vocabulary.forget()
    shipped_instrument()
    browsers = [Client(raise_request_exception=False) for _ in range(2)]
    for browser in browsers:
        enter_admin(browser)
    yield browsers
    vocabulary.forget()
    connection.close()


def at_once(acts):
    """Do these at the same moment, each on a connection of its own."""
    barrier = Barrier(len(acts))

    def one(act):
        barrier.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def decisions():
    """Audit rows of a decision, by their words."""
    ends = (".approved", ".refused")
    return [action for action in AuditEvent.objects.values_list("action", flat=True) if action.endswith(ends)]


def test_b11_every_kind_that_can_wait_is_asked():
    assert set(KINDS) == set(WorkKind)


@pytest.mark.parametrize("kind", KINDS)
def test_b11_of_two_who_decide_at_once_one_wins(team, kind, table):
    times, wrong = count(100), []
    asked = KINDS[kind]
    for number in range(times):
        pk = asked.make(number)
        path = f"/beheer/{asked.page}/{pk}/beoordelen/"
        audited, mailed = len(decisions()), SentMail.objects.count()
        pair = [asked.yes, asked.no] if number % 2 else [asked.no, asked.yes]
        answers = at_once(
            [partial(browser.post, path, data) for browser, data in zip(team, pair, strict=True)]
        )
        said = [" ".join(map(str, get_messages(answer.wsgi_request))) for answer in answers]
        item = WorkItem.objects.get(kind=kind, target_id=pk)
        seen = {
            "led": sorted(
                answer["Location"].partition("?")[0] for answer in answers if answer.status_code == 302
            ),
            "told": sum(str(item.decided_by) in words for words in said),
            "audit": len(decisions()) - audited,
            "mails": SentMail.objects.count() - mailed,
            "decided": bool(item.decision),
        }
        must = {
            "led": sorted(["/beheer/werk/volgende/", path]),
            "told": 1,
            "audit": 1,
            "mails": 1,
            "decided": True,
        }
        wrong += [seen] if seen != must else []
    table.add(
        "B11",
        f"approve and refuse one {kind} at the same moment, {times} times",
        seen=f"{times - len(wrong)} with one winner, the other told who, 1 audit row and 1 mail {wrong[:3] or ''}",
        must="all of them",
        holds=not wrong,
    )


def test_b11_of_many_approved_at_once_all_but_the_bad_one_are(team, table):
    rows = count(200)
    for number in range(rows - 1):
        a_revision(number) if number % 3 else a_join_request(number)
    gone = work.open_work(WorkKind.SCAN, 987_654_321, title="De slechte rij")
    audited, mailed = len(decisions()), SentMail.objects.count()
    marked = list(WorkItem.objects.values_list("pk", flat=True))
    response = team[0].post("/beheer/werk/goedkeuren/", {"werk": marked}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    seen = (
        len(decisions()) - audited,
        SentMail.objects.count() - mailed,
        list(WorkItem.objects.open()) == [gone],
        [said[0].split()[0], said[1].count("<li>"), "De slechte rij" in said[1]],
    )
    table.add(
        "B11",
        f"{rows} rows approved at once, one of them bad",
        seen=f"{seen[0]} approved with an audit row and {seen[1]} mails; the bad one "
        f"{'left open' if seen[2] else 'not left open'} and {'named' if seen[3][2] else 'not named'}",
        must=f"{rows - 1} and 1 named error",
        holds=seen == (rows - 1, rows - 1, True, [str(rows - 1), 1, True]),
    )


def test_approving_many_twice_at_once_decides_each_once(team):
    for number in range(6):
        a_join_request(number)
    marked = {"werk": list(WorkItem.objects.values_list("pk", flat=True))}
    mailed = SentMail.objects.count()
    at_once([partial(browser.post, "/beheer/werk/goedkeuren/", marked) for browser in team])
    assert len(decisions()) == SentMail.objects.count() - mailed == 6
    assert set(JoinRequest.objects.values_list("state", flat=True)) == {ReviewState.APPROVED}
    assert not Collective.objects.filter(work_items__decided_at=None, work_items__isnull=False).exists()
