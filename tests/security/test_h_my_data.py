"""H14 to H16 and F3: all of a person in one file, nothing left of who is erased, and nothing kept too long."""

import io
import json
import string
import zipfile
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from collectievekracht.common import outbox, registry, storage, suppressions, upkeep
from collectievekracht.common.mail import send
from collectievekracht.common.models import AuditEvent, FormKey, Promise, SentMail, Suppression
from collectievekracht.common.storage import PrivateFiles
from members.choices import ExportState
from members.models import AbuseReport, ContactMessage, DataExport, Erasure, JoinRequest, Notification, User
from members.services import copies, erasing, notifying, retention, sessions
from newsletter.models import Subscriber
from newsletter.services import forget_unconfirmed
from selfscan.models import Response
from selfscan.services import forget_expired_drafts
from tests.factories.members import JoinRequestFactory, UserFactory
from tests.factories.people import (
    AbuseReportFactory,
    ContactMessageFactory,
    DataExportFactory,
    NotificationFactory,
)
from tests.factories.personal import seeded_person
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import sign_in
from tests.trust.figures import count

ME, OTHER = "zoeklichtje", "buurvrouwtje"


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    """A private store of each test's own: what another one left in it is no find."""
    monkeypatch.setattr(storage.private_storage, "_wrapped", PrivateFiles(location=str(tmp_path)))


def rows_with(marker):
    """Every row of the database, the cache's and sessions' included, in which this word can be read, however written."""
    raw = marker.encode()
    # Written in base64 a word looks in three ways, by where it begins; the ends mix with what stands beside it.
    mixed = {b64encode(b"\0" * shift + raw).decode().rstrip("=")[shift + 1 : -1] for shift in range(3)}
    needles = {marker, raw.hex(), *mixed}
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT row::text FROM "{table}" row')
            for (text,) in cursor.fetchall():
                if any(needle.lower() in text.lower() for needle in needles):
                    found.append((table, text[:300]))
        cursor.execute("SELECT cache_key, value FROM cache_table")
        found += [("cache_table", key) for key, value in cursor.fetchall() if raw in b64decode(value)]
    packed = Session.objects.iterator()
    return found + [("django_session", one.pk) for one in packed if marker in str(one.get_decoded()).lower()]


def files_with(marker):
    """Files of the private store and of media with this word in their name or in them, packed or not."""
    found = []
    for store in (storage.private_storage, default_storage):
        for name in _walk(store, ""):
            with store.open(name, "rb") as file:
                content = file.read()
            if content[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"".join(archive.read(part) for part in archive.namelist())
            if marker in name or marker.encode() in content:
                found.append(name)
    return found


def _walk(store, folder):
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _walk(store, f"{folder}{name}/")


def broker_with(marker):
    """Keys of the broker and of the cache of pages with this word in them."""
    client = caches["pages"]._cache.get_client(None, write=True)
    found = []
    for key in client.scan_iter(count=1000):
        value = client.dump(key) or b""
        if marker.encode() in key + value:
            found.append(key)
    return found


def unpacked(copy):
    with zipfile.ZipFile(io.BytesIO(storage.read(copy.file))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def made_copy(user):
    assert copies.ask_copy(user)
    outbox.run_due()
    return DataExport.objects.get(user=user, state=ExportState.READY)


def test_h14_copy_holds_every_table_and_nobody_else(instrument, client, table):
    me, _other = seeded_person(ME), seeded_person(OTHER)
    started = datetime.now()
    files = unpacked(made_copy(me))
    took = (datetime.now() - started).total_seconds()

    told = json.loads(files["data.json"])
    tables = {row["table"] for part in told["parts"] for row in part["rows"]}
    asked = {label.lower() for entry in registry.personal_data for label in entry.models}
    others = sum(content.decode(errors="replace").lower().count(OTHER) for content in files.values())
    photos = [content for content in files.values() if content == f"foto van {ME}".encode()]
    page = sign_in(client, me).get("/mijn/gegevens/").content.decode()
    by = timezone.localdate() + timedelta(days=30)
    clock = f'datetime="{by}"' in page or f"{by.day} " in page
    table.add(
        "H14",
        "a person with a row in every table that may hold one; a copy of it all",
        seen=f"{len(tables & asked)} of {len(asked)} tables in the file (missing {sorted(asked - tables)}), "
        f"{others} words of another, {len(photos)} photo, {took:.1f} s, the month's clock shown: {clock}",
        must="every table, 0 words of another, within 5 minutes, the clock shown",
        holds=tables == asked and others == 0 and len(photos) == 1 and took < 300 and clock,
    )


def erased_in_time():
    """The 30 days are over: the scheduler's task, and what it promised."""
    with time_machine.travel(timezone.now() + erasing.GRACE + timedelta(minutes=1)):
        erasing.promise_due(timezone.now())
        outbox.run_due()
        outbox.run_due()  # mails that were promised meanwhile


def test_h15_nothing_is_left_of_who_is_erased(instrument, table):
    me, other = seeded_person(ME), seeded_person(OTHER)
    made_copy(me)
    caches["pages"].set("whole:proef", f"Een bladzijde met {ME}")
    before = len(rows_with(ME))
    others = Counter(name for name, _text in rows_with(OTHER))
    cache.set("proef", {"words": f"Iets van {me.email}"}, 60)
    erasing.ask_erasure(me)
    erased_in_time()
    caches["pages"].clear()  # as after the commit, which a test has none of

    rows, files, queue = rows_with(ME), files_with(ME), broker_with(ME)
    left = Counter(name for name, _text in rows_with(OTHER))
    kept = Suppression.objects.filter(purpose=suppressions.ERASED).count()
    trail = AuditEvent.objects.filter(
        target_type="members.user", target=me.pk, action="person.erased"
    ).count()
    assert (rows, files, queue) == ([], [], [])
    assert not User.objects.filter(pk=me.pk).exists()
    assert Erasure.objects.filter(done_at__isnull=False, user=None).exists()
    table.add(
        "H15",
        f"a person in {before} rows, files, cache and queue is erased; their name and addresses looked up everywhere",
        seen=f"{len(rows)} rows, {len(files)} files, {len(queue)} keys of cache and queue; {kept} hashes of who it was, "
        f"{trail} line in the trail; the other person lost rows in {dict(others - left) or 'none'} "
        f"and got some in {dict(left - others) or 'none'}",
        must="0, but for the hashes (the account and two addresses); the other person untouched",
        holds=(rows, files, queue, kept, trail, left) == ([], [], [], 3, 1, others),
    )
    assert User.objects.filter(pk=other.pk).exists()


def test_h15_erased_again_after_a_restore(instrument, table):
    me, other = seeded_person(ME), seeded_person(OTHER)
    old = {"pk": me.pk, "email": me.email, "date_joined": me.date_joined, "name": me.name}
    second = f"tweede.{ME}@voorbeeld.example"
    erasing.ask_erasure(me)
    erased_in_time()
    assert rows_with(ME) == []
    others = len(rows_with(OTHER))

    # An older backup: the person is there, and the list of who was erased is not.
    Suppression.objects.filter(purpose=suppressions.ERASED).delete()
    put_back = User.objects.create(**old)
    EmailAddress.objects.create(
        user=put_back, email="eerder.adres@voorbeeld.example", verified=True, primary=True
    )
    JoinRequestFactory(name=old["name"], email=second)
    Subscriber.objects.create(email=second, channel="website", text_version="1")
    ResponseFactory(draft=True, email=old["email"])
    seen = rows_with(ME)
    again = len({name for name, _ in seen})
    call_command("reapply_erasures", stdout=io.StringIO())
    left = rows_with(ME)
    call_command("reapply_erasures", stdout=(second_run := io.StringIO()))

    # Who comes back of their own accord after that is not erased by it.
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        back = UserFactory(email=old["email"], name="Opnieuw Hier")
        Subscriber.objects.create(email=second, channel="website", text_version="1")
        call_command("reapply_erasures", stdout=io.StringIO())
    stayed = User.objects.filter(pk=back.pk).exists() and Subscriber.objects.filter(email=second).exists()
    table.add(
        "H15",
        f"an older backup put back the person in {again} tables, without the list of the erased; reapply_erasures",
        seen=f"{len(left)} rows left; a second run: {second_run.getvalue().strip()}; who came back later stayed: {stayed}; "
        f"the other person in {len(rows_with(OTHER))} of {others} rows",
        must="0 rows, 0 the second time, who came back stays, others untouched",
        holds=left == [] and "again 0" in second_run.getvalue() and stayed and len(rows_with(OTHER)) == others
        and again >= 3,
    )  # fmt: skip
    assert User.objects.filter(pk=other.pk).exists()


def test_an_error_stops_all_of_it_and_the_admins_hear_of_it(instrument, settings, monkeypatch):
    settings.ADMINS_NOTIFY = ["beheer@voorbeeld.example"]
    me = seeded_person(ME)
    erasing.ask_erasure(me)
    before = {table for table, _text in rows_with(ME)}
    broken = registry.personal_data["labs"]

    def fail(user_id, email):
        raise RuntimeError("no")

    monkeypatch.setitem(registry.personal_data._entries, "labs", replace(broken, erase=fail))
    with time_machine.travel(timezone.now() + erasing.GRACE + timedelta(minutes=1)):
        erasing.promise_due(timezone.now())
        Promise.objects.filter(task=erasing.TASK).update(max_attempts=1)
        outbox.run_due()
    assert {table for table, _text in rows_with(ME)} >= before
    assert User.objects.filter(pk=me.pk).exists()
    assert Erasure.objects.get(user=me, cancelled_at=None).done_at is None
    assert SentMail.objects.filter(template="common/step_failed", to="beheer@voorbeeld.example").count() == 1

    monkeypatch.undo()
    monkeypatch.setattr(storage.private_storage, "_wrapped", storage.private_storage._wrapped)
    with time_machine.travel(timezone.now() + erasing.GRACE + timedelta(days=1, minutes=1)):
        erasing.promise_due(timezone.now())  # the next day it is tried again
        outbox.run_due()
    assert not User.objects.filter(pk=me.pk).exists()


# --- H16


def limits_of():
    """What is kept for how long: how a row is made that is so old, and what throws it away."""
    return {
        "draft of a scan, 90 days": (90, _old_draft, lambda now: forget_expired_drafts()),
        "unconfirmed newsletter, 7 days": (7, _old_subscriber, forget_unconfirmed),
        "address of a mail, 90 days": (90, _old_mail, lambda now: upkeep.prune()),
        "copy of my data, 7 days": (7, _old_copy, copies.expire_copies),
        "notification, a year": (365, _old_notification, notifying.forget_old),
        "message to a collective, 90 days": (90, _old_message, retention.forget_letters),
        "refused request, a year": (365, _old_request, retention.forget_letters),
        "answered report, a year": (365, _old_report, retention.forget_letters),
        "key of a form, 2 days": (2, _old_form_key, lambda now: upkeep.prune()),
        "session that ended, at once": (0, _old_session, lambda now: sessions.forget_ended_sessions()),
    }


def _old_draft(at, number):
    one = ResponseFactory(draft=True, email=f"concept{number}@voorbeeld.example", saved_at=at)
    return lambda: Response.objects.filter(pk=one.pk).exists()


def _old_subscriber(at, number):
    one = Subscriber.objects.create(
        email=f"lezer{number}@voorbeeld.example", channel="website", text_version="1", asked_at=at
    )
    return lambda: Subscriber.objects.filter(pk=one.pk).exists()


def _old_mail(at, number):
    address = f"post{number}@voorbeeld.example"
    words = {"subject": "x", "body": address}
    send("members/account", to=address, key=f"m:{address}", kind="account", language="nl", context=words)
    outbox.run_due()
    SentMail.objects.filter(to=address).update(created_at=at)
    return lambda: bool(rows_with(address))


def _old_copy(at, number):
    one = DataExportFactory(
        ready=True, asked_at=at, ready_at=at, expires_at=at + copies.LIFE, user=UserFactory()
    )
    name = storage.write_atomically(f"copies/{one.pk}.zip", b"PK")
    DataExport.objects.filter(pk=one.pk).update(file=name)
    return lambda: storage.exists(name)


def _old_notification(at, number):
    one = NotificationFactory(made_at=at)
    return lambda: Notification.objects.filter(pk=one.pk).exists()


def _old_message(at, number):
    one = ContactMessageFactory(created_at=at)
    return lambda: ContactMessage.objects.filter(pk=one.pk).exists()


def _old_request(at, number):
    one = JoinRequestFactory(state="refused", created_at=at)
    return lambda: JoinRequest.objects.filter(pk=one.pk).exists()


def _old_report(at, number):
    one = AbuseReportFactory(state="approved", made_at=at)
    return lambda: AbuseReport.objects.filter(pk=one.pk).exists()


def _old_form_key(at, number):
    one = FormKey.objects.create(key=uuid4(), scope="proef")
    FormKey.objects.filter(pk=one.pk).update(created_at=at)
    return lambda: FormKey.objects.filter(pk=one.pk).exists()


def _old_session(at, number):
    one = Session.objects.create(session_key=f"sessie-{number}", session_data="", expire_date=at)
    return lambda: Session.objects.filter(pk=one.pk).exists()


def test_h16_nothing_is_kept_longer_than_said(instrument, table):
    today = timezone.now().replace(microsecond=0)
    seen = []
    for name, (days, make, forget) in limits_of().items():
        with time_machine.travel(today, tick=False):
            moment = timezone.now() - timedelta(days=days)
            young = [make(moment + timedelta(days=1), number) for number in range(3)]
            old = [make(moment - timedelta(days=1), 10 + number) for number in range(3)]
            forget(timezone.now())
            seen.append((name, sum(not here() for here in young), sum(not here() for here in old)))
    wrong = [one for one in seen if one[1:] != (0, 3)]
    table.add(
        "H16",
        f"{len(seen)} kinds of data, three rows a day before their limit and three a day after",
        seen=f"removed a day before {sum(one[1] for one in seen)}, a day after {sum(one[2] for one in seen)} of {3 * len(seen)}"
        + (f"; wrong: {wrong}" if wrong else ""),
        must="0 and all",
        holds=not wrong,
    )


# --- F3


def test_f3_a_link_gives_its_file_to_its_owner_for_a_week_only(instrument, client, table):
    me, other = UserFactory(), UserFactory()
    first, copy = made_copy(me), None
    sign_in(client, me)
    path = f"/mijn/gegevens/kopie/{first.token}/"
    downloads = [client.get(path) for _ in range(3)]
    assert [answer.status_code for answer in downloads] == [200] * 3
    assert all("attachment" in answer["Content-Disposition"] for answer in downloads)
    assert all(answer["X-Content-Type-Options"] == "nosniff" for answer in downloads)
    assert all("no-store" in answer["Cache-Control"] for answer in downloads)
    logged = AuditEvent.objects.filter(action="copy.downloaded", actor=me.pk, target=first.pk).count()

    files, answers = 0, Counter()

    def tried(who, address, **extra):
        nonlocal files
        answer = who.get(address, **extra)
        files += answer.get("Content-Type", "") == "application/zip" or b"PK\x03\x04" in answer.content
        answers[answer.status_code] += 1
        return answer.status_code

    stranger = sign_in(Client(), other)
    nothing = "x" * len(first.token)
    missing, theirs = stranger.get(path.replace(first.token, nothing)), stranger.get(path)
    same = missing.content.replace(nothing.encode(), first.token.encode())  # the page names its own address
    assert (theirs.status_code, theirs.content) == (404, same)
    files += b"PK" in theirs.content[:4]
    assert Client().get(path).status_code == 302  # signed out: to sign-in
    random, letters = Random(3), string.ascii_letters + string.digits + "-_"
    for _ in range(count(1000)):
        at = random.randrange(len(first.token))
        letter = random.choice([one for one in letters if one != first.token[at]])
        assert (
            tried(client, f"/mijn/gegevens/kopie/{first.token[:at]}{letter}{first.token[at + 1 :]}/") == 404
        )
    copy = made_copy(me)  # a new one takes the place of the old one
    assert tried(client, path) == 410
    with time_machine.travel(copy.expires_at + timedelta(seconds=1), tick=False):
        sign_in(client, me)
        assert tried(client, f"/mijn/gegevens/kopie/{copy.token}/") == 410
        copies.expire_copies(timezone.now())
        assert tried(client, f"/mijn/gegevens/kopie/{copy.token}/") == 410
    sign_in(client, me)
    third = made_copy(me)
    stolen = client.cookies.copy()  # what somebody saw is sent again after signing out
    client.post("/account/logout/")
    replay = Client()
    replay.cookies = stolen
    assert tried(replay, f"/mijn/gegevens/kopie/{third.token}/") == 302
    sign_in(client, me)
    erasing.erase_person(me.pk)
    assert tried(client, f"/mijn/gegevens/kopie/{third.token}/") == 302
    assert not storage.names(copies.FOLDER)
    total = AuditEvent.objects.filter(action="copy.downloaded").count()
    table.add(
        "F3",
        f"links to a copy: fetched 3 times, then tampered with {count(1000)} times, another's, replaced, expired, replayed "
        "after signing out, and after erasure",
        seen=f"{files} files, answers {dict(answers)}; {logged} of 3 downloads in the trail, {total} in all",
        must="0 files; 404, 410 or to sign-in; every download in the trail and nothing else",
        holds=files == 0 and set(answers) <= {404, 410, 302} and logged == total == 3,
    )
