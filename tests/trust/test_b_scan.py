"""B on the real scan: sent over HTTP while its broker, its workers and its database die, and built once and whole."""

import os
import random
import resource
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Timer

import psycopg
import pytest
from celery import Celery
from django.conf import settings

from collectievekracht.common.suppressions import turn_off_token
from tests.trust.figures import FULL, count, seconds, within
from tests.trust.scans import ADMIN, KNOWN, MEMBER, Scans, Visitor

ONCE = "1 collective, page, pin, PDF, Report row and mail each"
PUBLIC = [
    "/", "/en/", "/over/", "/veelgestelde-vragen/", "/contact/", "/privacy/", "/aanmelden/", "/account/login/",
    "/account/signup/", "/collectieven/", "/collectieven/?q=energie", "/collectieven/collectieven.csv", "/kaart/",
    "/kaart/embed/", "/kaart/pins.geojson?bbox=2,49,8,54&zoom=8", "/zelfscan/", "/zelfscan/plaatsen/?q=Ede",
    "/zelfscan/vragenlijst.pdf", "/sitemap.xml", "/robots.txt", "/healthz", "/readyz",
]  # fmt: skip

FAILURE = """SELECT state, last_error FROM common_promise
    WHERE task = 'selfscan.build_report' AND target = %s AND attempts > 0 AND leased_until IS NULL"""
PUBLISHING = """SELECT target FROM common_promise
    WHERE task = 'selfscan.publish_response' AND state = 'open'"""


@pytest.fixture(scope="module")
def _scans(_platform):
    _platform.make_whole()
    return Scans(_platform)


@pytest.fixture
def scans(platform, _scans):
    """Drafts to send."""
    return _scans


def idle(platform, limit, what="everything is built"):
    return platform.await_true(platform.is_idle, limit, what)


def in_the_middle():
    """A moment in a PDF: they take 0.7 s and more."""
    time.sleep(random.uniform(0, 0.5))


def test_b1_a_scan_whose_report_is_killed_is_built_once(platform, scans, table):
    times, sent, killed = count(50), [], set()

    def send(number):
        sent.extend(scans.drafts(number))
        for scan in sent[-number:]:
            assert scans.send(scan).status == 302

    def kill_first_builds():
        for pk, pid in scans.builds().items():
            in_the_middle()
            if pk not in killed and pk in scans.builds():
                os.kill(pid, signal.SIGKILL)
                killed.add(pk)
        if platform.is_idle() and len(killed) < times:
            send(times - len(killed))  # a build that was quicker than the kill doesn't count
        return platform.is_idle()

    send(times)
    platform.await_true(
        kill_first_builds, 60 + 15 * times, "all is built although each first build was killed"
    )
    faults, twice = scans.faults(sent), Counter(scans.attempts(sent))
    table.add(
        "B1",
        f"kill -9 of the report worker's child in the middle of the PDFs of {times} scans",
        seen=f"{len(sent) - len(faults)} of {len(sent)} whole, {twice[2]} begun twice {faults[:3] or ''}",
        must=ONCE,
        holds=not faults and len(killed) == times and twice[2] >= times,
    )


def test_b2_a_scan_outlives_its_whole_worker(platform, scans, table):
    waits, killed, sent = [], 0, scans.drafts(count(10))
    for scan in sent:
        assert scans.send(scan).status == 302
        platform.await_true(scans.builds, 60, "the report has begun")
        in_the_middle()
        platform.kill("report")
        again = scan.pk in scans.builds()  # else it was done just before
        killed += again
        started = time.monotonic()
        platform.start("report")
        begun = lambda scan=scan: scans.attempts([scan]) == [2]  # noqa: E731
        if again:
            platform.await_true(begun, 150, "the report has begun again")
        waits.append(time.monotonic() - started)
        idle(platform, 90)
    faults, limit = scans.faults(sent), within(120 + 15)
    table.add(
        "B2",
        f"kill -9 of the whole report worker {len(waits)} times, {killed} of them in the middle of a PDF",
        seen=f"{len(sent) - len(faults)} of {len(sent)} whole; begun again after at most {max(waits):.1f} s",
        must=f"{ONCE}; begun again within {limit} s (a lease and a sweep)",
        holds=not faults and max(waits) <= limit and killed > len(waits) // 2,
    )


def test_b4_scans_sent_while_the_broker_is_dead_are_built(platform, scans, table):
    length, sent = seconds(60), scans.drafts(count(90))
    scans.read_check_page(sent[0])
    platform.kill("redis")
    answers = platform.spread([lambda scan=scan: scans.send(scan) for scan in sent], over=length)
    platform.start_redis()
    backlog = idle(platform, 300)
    faults = scans.faults(sent)
    failed = sum(answer.status != 302 for answer in answers)
    slowest = max(answer.seconds for answer in answers)
    table.add(
        "B4",
        f"Redis (nothing kept) killed for {length:.0f} s while {len(sent)} scans are sent",
        seen=f"{failed} failed, slowest {slowest:.2f} s, {len(sent) - len(faults)} of {len(sent)} whole, "
        f"{backlog:.1f} s after its return {faults[:3] or ''}",
        must=f"0 failed, slowest {within(1)} s, {ONCE} within {within(60)} s",
        holds=not (failed or faults) and slowest <= within(1) and backlog <= within(60),
    )


def test_b6_what_people_do_works_without_the_broker(platform, scans, table):
    waiting, unfinished, ready = scans.drafts(3)
    assert scans.send(waiting).status == 302
    idle(platform, 60)
    slug = platform.one(
        "SELECT slug FROM members_collective WHERE contact_email = %s AND state = 'pending'", waiting.email
    )
    platform.kill("redis")
    stranger, member, admin = (Visitor(platform) for _ in range(3))
    page = f"/collectieven/{scans.known}/"
    statuses = {path: stranger.get(path).status_code for path in [*PUBLIC, page, ready.path("controle/")]}
    review = f"/beheer/selfscan/response/{waiting.pk}/beoordelen/"

    def begin_a_scan():
        where = stranger.fill("/zelfscan/", form_key=stranger.form("/zelfscan/", "form_key").data["form_key"])
        return where.startswith("/zelfscan/") and stranger.get(where).status_code == 200

    def save_a_step():
        taken = stranger.fill(unfinished.path("about/"), org_name="Bewaard zonder Redis")
        kept = "SELECT answers->>'org_name' FROM selfscan_response WHERE id = %s"
        return bool(taken) and platform.one(kept, unfinished.pk) == "Bewaard zonder Redis"

    def sign_out():
        return bool(member.fill("/account/logout/", csrfmiddlewaretoken=member.session.cookies["csrftoken"]))

    def write_a_letter():
        letter = {"message": "Kunnen we eens komen kijken?", "name": "Vera", "email": "vera@fault.example"}
        return "verstuurd" in stranger.fill(f"{page}contact/", **letter)

    def write_to_the_team():
        letter = {
            "message": "Er staat een fout op een pagina.",
            "name": "Vera",
            "email": "vera@fault.example",
        }
        return "verstuurd" in stranger.fill("/contact/", **letter, subject="mistake")

    def turn_off_with_one_click():
        """As a mail program does: no page of ours before it, no cookie, no secret."""
        path = f"/afmelden/{turn_off_token('pages.invitation', 'genoeg@fault.example')}/"
        program = Visitor(platform)
        sent = program.ask("POST", path, data={"List-Unsubscribe": "One-Click"})
        kept = "SELECT count(*) FROM common_suppression WHERE purpose = 'mail:pages.invitation'"
        return sent.status_code == 200 and platform.one(kept) == 1

    did = {
        f"{len(statuses)} public pages": set(statuses.values()) == {200},
        "sign-in": member.sign_in(MEMBER) and member.get("/mijn/").status_code == 200,
        "sign-out": sign_out() and member.get("/mijn/").status_code == 302,
        "beginning a scan": begin_a_scan(),
        "saving a step": save_a_step(),
        "mailing its link": bool(stranger.fill(unfinished.path("bewaard/"), email="later@fault.example")),
        "sending a scan": scans.send(ready).status == 302,
        "admin sign-in with a second factor": admin.sign_in(ADMIN)
        and admin.get("/beheer/").status_code == 200,
        "admin approval": bool(admin.fill(review, decision="approved"))
        and stranger.get(f"/collectieven/{slug}/").status_code == 200,
        "contact form": write_a_letter(),
        "letter to the team": write_to_the_team(),
        "one-click unsubscribe": turn_off_with_one_click(),
    }
    slowest = max(visitor.slowest for visitor in (stranger, member, admin))
    platform.start_redis()
    idle(platform, 120)
    faults = scans.faults([ready])
    wanted = {waiting.email: 2, "later@fault.example": 1, KNOWN: 1, settings.TEAM_EMAIL: 1}
    mailed = {email: len(platform.mails(email)) for email in wanted}
    failed = [what for what, works in did.items() if not works]
    table.add(
        "B6",
        f"without Redis: {', '.join(did)} (event sign-up: not built)",
        seen=f"{len(did) - len(failed)}/{len(did)} work, slowest {slowest:.2f} s; after its return all built and mailed "
        f"{failed or faults or ''}",
        must=f"{len(did)}/{len(did)}; {ONCE}",
        holds=not failed and not faults and mailed == wanted,
    )


@contextmanager
def at_work(platform, scans, scan):
    """The worker is in the middle of publishing this scan, and goes on when we leave."""
    with psycopg.connect(platform.address) as connection:
        connection.execute("LOCK TABLE members_workitem IN SHARE MODE")
        assert scans.send(scan).status == 302
        platform.await_true(
            lambda: platform.sql(f"{PUBLISHING} AND leased_until > now()"), 60, "it is being published"
        )
        yield


def test_b7_workers_live_on_when_their_broker_dies_while_they_work(platform, scans, table):
    """A worker that ends takes with it what its other children do, and an attempt of each."""
    sent = scans.drafts(count(3))
    for scan in sent:
        with at_work(platform, scans, scan):
            platform.kill("redis")
            time.sleep(1)
        platform.start_redis()
        platform.await_true(lambda: not platform.sql(PUBLISHING), 60, "it is published")
        platform.await_true(lambda: platform.is_alive("worker"), 60, "the worker is back")
    idle(platform, 120)
    faults = scans.faults(sent)
    ended = [name for name in ("worker", "report", "beat") if platform.children[name].ended() is not None]
    table.add(
        "B7",
        f"Redis (nothing kept) killed {len(sent)} times while a scan is being published",
        seen=f"{len(sent) - len(faults)} of {len(sent)} whole {faults[:3] or ''}; ended: {ended or 'none'}",
        must=f"no worker ends; {ONCE}",
        holds=not faults and not ended,
    )


@contextmanager
def just_before_the_last_write(platform, waiting):
    """Hold up what is being sent at its promise, the last thing that it writes, until the database goes down."""
    they_wait = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO%'"
    )
    with psycopg.connect(platform.address) as connection:
        connection.execute("LOCK TABLE common_promise IN SHARE MODE")
        holder = connection.info.backend_pid

        def await_them():
            platform.await_true(lambda: platform.one(they_wait) >= waiting, 20, "they wait")
            os.kill(holder, signal.SIGSTOP)  # so that it lets go after all of them were cut off
            Timer(1, os.kill, (holder, signal.SIGCONT)).start()

        yield await_them


def test_b9_a_scan_is_sent_whole_or_not_at_all(platform, scans, table):
    rounds, at_once, all_sent = count(20), 2, []
    statuses, states, refused = Counter(), Counter(), 0
    scans.read_check_page(scans.drafts(1)[0])
    for number in range(rounds):
        sent = scans.drafts(at_once)
        with ThreadPoolExecutor(at_once) as pool:
            if number % 2 == 0:
                try:
                    with just_before_the_last_write(platform, at_once) as await_them:
                        answers = [pool.submit(scans.send, scan) for scan in sent]
                        await_them()
                        platform.restart_postgres()
                except psycopg.OperationalError:
                    pass  # our own session was cut too
            else:
                answers = [pool.submit(scans.send, scan) for scan in sent]
                time.sleep(random.uniform(0, 0.1))
                platform.restart_postgres()
        told = [answer.result().status for answer in answers]
        kept = [scans.whole_or_not(scan) for scan in sent]
        statuses.update(told)
        states.update(kept)
        refused += sum(status == 302 and whole is not True for status, whole in zip(told, kept, strict=True))
        assert [scans.send(scan).status for scan in sent] == [302] * at_once
        assert [scans.whole_or_not(scan) for scan in sent] == [True] * at_once
        all_sent += sent
    idle(platform, 60 + 4 * len(all_sent))
    faults = scans.faults(all_sent)
    table.add(
        "B9",
        f"PostgreSQL restarted {rounds} times while {at_once} scans are being sent; the same form sent again",
        seen=f"{states[True]} whole, {states[False]} not at all, {states[None]} between, {refused} said to be sent "
        f"that weren't; sent again {len(all_sent) - len(faults)} of {len(all_sent)} whole {faults[:3] or ''} "
        f"(answers {dict(sorted(statuses.items()))})",
        must=f"0 between, 0 falsely sent; sent again {ONCE}",
        holds=not (states[None] or refused or faults) and states[False] >= at_once * len(range(0, rounds, 2)),
    )


def test_b10_every_step_of_a_scan_that_comes_a_hundred_times_is_done_once(platform, scans, table):
    times, (scan,) = count(100), scans.drafts(1)
    broker = Celery(broker=platform.environment["REDIS_URL"], set_as_current=False)
    steps = {"publish_response": "worker", "build_report": "report", "mail_report": "worker"}

    def deliver(step, version):
        queue = "report" if step == "build_report" else "celery"
        send = lambda _: broker.send_task(f"selfscan.{step}", args=[scan.pk, version], queue=queue)  # noqa: E731
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(send, range(times)))

    def promised(step):
        return platform.sql("SELECT 1 FROM common_promise WHERE task = %s", f"selfscan.{step}")

    # Each step's messages wait together before its worker takes the first.
    platform.freeze("worker")
    assert scans.send(scan).status == 302
    version = platform.one("SELECT version::text FROM selfscan_response WHERE id = %s", scan.pk)
    deliver("publish_response", version)
    platform.freeze("report")
    platform.thaw("worker")
    platform.await_true(lambda: promised("build_report"), 60, "the report is promised")
    deliver("build_report", version)
    platform.thaw("report")
    platform.await_true(lambda: promised("mail_report"), 60, "the mail is promised")
    deliver("mail_report", version)
    idle(platform, 90)
    for step in steps:
        deliver(step, version)  # and once more after all is done
    await_queues_empty(platform, broker)
    runs = platform.sql(
        "SELECT attempts FROM common_promise WHERE task LIKE 'selfscan.%%' AND target = %s", scan.pk
    )
    faults = scans.faults([scan])
    table.add(
        "B10",
        f"each of the three messages of one scan delivered {times} times by 20 threads, and {times} times afterwards",
        seen=f"runs per step {[attempts for (attempts,) in runs]}; {faults or 'whole'}",
        must=f"1 run per step; {ONCE}",
        holds=runs == [(1,)] * len(steps) and not faults,
    )


def await_queues_empty(platform, broker):
    """Wait until every message was taken."""
    with broker.connection_for_write() as connection:
        client = connection.default_channel.client
        platform.await_true(
            lambda: not client.llen("celery") + client.llen("report") + client.hlen("unacked"),
            120,
            "all taken",
        )


def test_c5_ten_sends_at_once_to_the_live_web_are_one(platform, scans, table):
    again, sent, wrong = 10, scans.drafts(count(20)), 0
    scans.read_check_page(sent[0])
    for scan in sent:
        with ThreadPoolExecutor(again) as pool:
            answers = list(pool.map(scans.send, [scan] * again))
        wrong += {answer.status for answer in answers} != {302} or scans.whole_or_not(scan) is not True
    idle(platform, 60 + 4 * len(sent))
    faults = scans.faults(sent)
    table.add(
        "C5",
        f"over two live web processes: a scan sent {again} times at once, {len(sent)} times",
        seen=f"{wrong} with other answers or parts; {len(sent) - len(faults)} of {len(sent)} whole {faults[:3] or ''}",
        must=f"0; {ONCE}",
        holds=not wrong and not faults,
    )


@contextmanager
def full_disk(platform, store):
    """The report worker can write no more than 40 kB: its PDF breaks off in the middle."""
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in platform.processes("report")}
    try:
        for pid, (_soft, hard) in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (40_000, hard))
        yield
    finally:
        for pid, before in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def no_folder(platform, store):
    """Something that is no folder stands where the reports go."""
    aside = store.with_name("reports.aside")
    store.mkdir(parents=True, exist_ok=True)
    store.rename(aside)
    store.write_text("in the way")
    try:
        yield
    finally:
        store.unlink()
        aside.rename(store)


def try_in_vain(platform, scans, scan):
    """Wait until the report couldn't be written; the promise as it stands, and what can be seen of a half file."""
    platform.await_true(lambda: platform.sql(FAILURE, scan.pk), 60, "it could not be written")
    stranger = Visitor(platform)
    statuses = [stranger.get(scan.path(part)).status_code for part in ("rapport.pdf", "klaar/")]
    left = len(scans.files(scan)) if (platform.data / "private" / "reports").is_dir() else 0
    return *platform.sql(FAILURE, scan.pk)[0], left, statuses == [302, 200]


def test_b13_a_report_that_cannot_be_written_is_never_half(platform, scans, table):
    store, seen, holds = platform.data / "private" / "reports", [], True
    for fault, scan in zip((full_disk, no_folder), scans.drafts(2), strict=True):
        with fault(platform, store):
            assert scans.send(scan).status == 302
            state, error, left, unserved = try_in_vain(platform, scans, scan)
        if not FULL:  # the next try comes by itself, ten seconds later
            platform.sql("UPDATE common_promise SET due_at = now() WHERE state = 'open'")
        idle(platform, 90)
        faults = scans.faults([scan])
        seen.append(f"{fault.__name__}: {error}, {state}, {left} files, then {faults or 'whole'}")
        holds = holds and unserved and not left and not faults and state == "open"
    table.add(
        "B13",
        "disk full in the middle of a PDF; then no folder to write in",
        seen="; ".join(seen),
        must=f"no half file, nothing served, tried again by itself: {ONCE}",
        holds=holds,
    )


def test_b13_a_report_that_was_given_up_is_built_when_an_admin_says_so(platform, scans, table):
    store, (scan,) = platform.data / "private" / "reports", scans.drafts(1)

    def given_up():
        platform.sql("UPDATE common_promise SET due_at = now() WHERE state = 'open' AND due_at > now()")
        return platform.is_idle()

    with no_folder(platform, store):
        assert scans.send(scan).status == 302
        platform.await_true(given_up, 120, "it is given up")
        state, error, _left, unserved = try_in_vain(platform, scans, scan)
        attempts, alarms = scans.attempts([scan]), len(platform.mails("alarm@example.org"))
    admin, review = Visitor(platform), f"/beheer/selfscan/response/{scan.pk}"
    assert admin.sign_in(ADMIN)
    assert admin.fill(f"{review}/beoordelen/", step="selfscan.build_report")
    idle(platform, 90)
    faults = scans.faults([scan])
    table.add(
        "B13",
        "a disk that stays full; later an admin tries again",
        seen=f"{error} after {attempts[0]} tries: {state}, {alarms} alarm; then {faults or 'whole'}",
        must=f"3 tries, failed, 1 alarm, nothing served; then {ONCE}",
        holds=(state, attempts, alarms) == ("failed", [3], 1) and unserved and not faults,
    )
