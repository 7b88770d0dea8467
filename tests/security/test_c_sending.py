"""C: one scan sent many times, opened in two tabs, and taken out of order; over HTTP, with a database that commits."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
import requests
from django.db import connection
from django.utils import timezone

from collectievekracht.common.models import Promise, SentMail
from members.models import Collective
from selfscan.choices import ResponseState, Step
from selfscan.models import Response
from tests.factories.selfscan import ResponseFactory, shipped_instrument
from tests.selfscan.forms import Form, _Forms
from tests.trust.figures import count

AGAIN = 10


class Tab:
    """A tab of somebody's browser on one scan; each has its own cookies."""

    def __init__(self, live_server, scan):
        self.session, self.start = requests.Session(), f"{live_server.url}/zelfscan/{scan.token}/"

    def get(self, part=""):
        return self.session.get(self.start + part, allow_redirects=False, timeout=60)

    def form(self, part):
        """The scan's form on this page, as it is now."""
        parser = _Forms()
        parser.feed(self.get(part).text)
        return next(
            Form(one) for one in parser.forms if one["attributes"].get("method", "").lower() == "post"
        )

    def post(self, part, data):
        """Send a form with this browser's own secret."""
        if "csrftoken" not in self.session.cookies:
            self.form(part)
        secret = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        return self.session.post(self.start + part, data=data | secret, allow_redirects=False, timeout=60)


def at_once(acts):
    """Do these at the same moment."""
    barrier = Barrier(len(acts))

    def one(act):
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def instrument(live_server):
    """The instrument, in a database that commits."""
    from members import vocabulary

    vocabulary.forget()
    yield shipped_instrument()
    vocabulary.forget()


@pytest.fixture
def tab(live_server, instrument):
    return lambda scan: Tab(live_server, scan)


def test_c5_sent_ten_times_at_once_it_is_sent_once(tab, table):
    rounds, wrong = count(20), []
    for _round in range(rounds):
        scan = ResponseFactory(draft=True)
        tabs = [tab(scan) for _ in range(AGAIN)]
        for one in tabs:
            assert one.get("controle/").status_code == 200
        answers = at_once([partial(one.post, "controle/", {}) for one in tabs])
        answers += [
            tabs[0].get("controle/"),
            tabs[0].post("controle/", {}),
            tabs[1].get("about/"),
        ]  # Back, refresh, a page
        scan.refresh_from_db()
        seen = {
            "answers": {(one.status_code, one.headers.get("Location")) for one in answers},
            "collectives": Collective.objects.filter(responses=scan).count(),
            "promises": Promise.objects.filter(task=Step.PUBLISH, target=scan.pk).count(),
            "state": scan.state,
        }
        must = {
            "answers": {(302, f"/zelfscan/{scan.token}/klaar/")},
            "collectives": 1,
            "promises": 1,
            "state": ResponseState.COMPLETED,
        }
        wrong += [seen] if seen != must else []
    extra = Collective.objects.count() - rounds, SentMail.objects.count()
    table.add(
        "C5",
        f"a scan sent {AGAIN} times at once, then Back and refresh, {rounds} times",
        seen=f"{rounds - len(wrong)} of {rounds} with 1 collective, 1 promise, {AGAIN + 3} equal answers {wrong[:2] or ''}",
        must="all of them",
        holds=not wrong and extra == (0, 0),
    )


def test_c6_two_tabs_never_overwrite_each_other_silently(tab, table):
    times, silent, shown = count(100), 0, 0
    scan = ResponseFactory(draft=True)
    for number in range(times):
        one, other = tab(scan), tab(scan)
        texts = [f"tekst {number} van de ene tab", f"tekst {number} van de andere tab"]
        fields = [
            tab_.form("about/").data | {"org_name": [text]}
            for tab_, text in zip((one, other), texts, strict=True)
        ]
        if number % 2:
            first, second = one.post("about/", fields[0]), other.post("about/", fields[1])
        else:
            first, second = at_once(
                [partial(one.post, "about/", fields[0]), partial(other.post, "about/", fields[1])]
            )
        scan.refresh_from_db()
        kept = scan.answers["org_name"]
        clash = first if first.status_code == 409 else second
        silent += sorted([first.status_code, second.status_code]) != [302, 409] or kept not in texts
        shown += all(text in clash.text for text in texts)
    table.add(
        "C6",
        f"two tabs save the same page, {times} times, half of them at the same moment",
        seen=f"{silent} overwritten in silence, {shown} told with both texts",
        must=f"0 in silence, {times} told",
        holds=silent == 0 and shown == times,
    )


def values():
    return list(Response.objects.order_by("pk").values())


def test_c7_steps_cannot_be_skipped_forged_or_taken_from_another(tab, table):
    begun, other, full = (
        ResponseFactory(),
        ResponseFactory(draft=True, code="example_care"),
        ResponseFactory(draft=True),
    )
    expired = ResponseFactory(draft=True, saved_at=timezone.now() - timedelta(days=91))
    sent = ResponseFactory(complete=True)
    old = ResponseFactory(complete=True, completed_at=timezone.now() - timedelta(days=31))
    bare = {"org_name": "Gekaapt", "version": "0"}
    page = bare | {"shown": "org_name"}
    tampered = begun.token[:-1] + ("a" if begun.token[-1] != "a" else "b")
    with_token = lambda token: Response(token=token)  # noqa: E731
    # (whose link, part, what is posted, status)
    attacks = [
        (begun, "controle/", {}, 200),  # nothing filled in yet: it says what is missing
        (begun, "klaar/", None, 302),
        (begun, "rapport.pdf", None, 302),
        (begun, "about/99/", bare, 302),
        (begun, "about/0/", bare, 302),
        (begun, "consent/99/", {"consent_profile": "yes"}, 302),
        (begun, "nergens/", page, 404),
        (full, "about/", page | {"version": "8", "seen": "x"}, 409),
        (full, "about/", page | {"version": "-1", "seen": ""}, 409),
        (full, "about/", page | {"version": "9" * 30}, 409),
        (full, "consent/", page | {"version": "9"}, 200),  # a question of another section is left aside
        (with_token(tampered), "about/", page, 404),
        (with_token("x" * 32), "controle/", {}, 404),
        (expired, "about/", page | {"version": "9"}, 404),
        (expired, "controle/", {}, 404),
        (expired, "", None, 404),
        (sent, "about/", page | {"version": "9"}, 302),
        (sent, "controle/", {}, 302),
        (sent, "bewaard/", {"email": "x@voorbeeld.example"}, 302),
        (old, "klaar/", None, 404),
        (old, "rapport.pdf", None, 404),
    ]
    key = tab(other)
    key.form("about/")  # another's own, living session: its secret opens nothing of the rest
    accepted = []
    for scan, part, data, status in attacks:
        key.start = re.sub(r"[^/]+/$", f"{scan.token}/", key.start)
        before = values()
        answer = key.get(part) if data is None else key.post(part, data)
        after = values()
        if (answer.status_code, after) != (status, before):
            accepted.append((part, data, answer.status_code))

    saved = tab(full)
    for number in range(3):  # the session ends in the middle of a form; the link brings everything back
        form = saved.form("members/").data | {"member_count": [str(100 + number)]}
        saved.session.cookies.clear()
        refused = saved.session.post(saved.start + "members/", data=form, timeout=60)
        assert refused.status_code == 403
        saved = tab(full)
        assert (
            saved.post(
                "members/", saved.form("members/").data | {"member_count": [str(100 + number)]}
            ).status_code
            == 302
        )
        assert tab(full).form("members/").data["member_count"] == [str(100 + number)]
    table.add(
        "C7",
        f"{len(attacks)} steps skipped, forged, of another's, expired or after sending; 3 sessions ended half-way",
        seen=f"{len(accepted)} accepted {accepted or ''}; all saved steps back",
        must="0 accepted; all saved steps back",
        holds=not accepted,
    )


@pytest.fixture(autouse=True)
def _connections():
    yield
    connection.close()
