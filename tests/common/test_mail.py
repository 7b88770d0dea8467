import email
import smtplib
import socket
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from collectievekracht.common import mail, outbox, registry, suppressions, upkeep
from collectievekracht.common.models import Promise, SentMail

pytestmark = pytest.mark.django_db

TEXT = {"task": "<b>a & b</b>", "target": 1, "version": "", "attempts": 3, "error": "ValueError"}


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setattr(registry.mail_kinds, "_entries", dict(registry.mail_kinds._entries))

    def make(**options):
        registry.mail_kind("test", **{"reason": "You get this because you asked.", "name": "Test"} | options)

    return make


def send(key="a", **options):
    mail.send(
        "common/step_failed",
        **{"to": "Someone@Example.org", "key": key, "kind": "admin_alert", "context": TEXT, "language": "nl"}
        | options,
    )


def deliver():
    return outbox.run_due()


def test_mail_leaves_once_with_text_and_html():
    send()
    deliver()
    (message,) = django_mail.outbox
    assert message.to == ["someone@example.org"]
    assert "<b>a & b</b>" in message.subject
    assert "<b>a & b</b>" in message.body
    html = message.alternatives[0].content
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in html
    assert "<style" not in html
    assert 'style="' in html
    row = SentMail.objects.get()
    assert (row.state, row.context, row.answer) == ("sent", {}, "accepted")
    assert row.accepted_at is not None


def test_second_mail_with_the_same_key_is_none():
    send()
    deliver()
    send()
    send("b")
    deliver()
    assert len(django_mail.outbox) == 2
    assert SentMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_same_key_at_once_is_one_mail(at_once):
    at_once(lambda _: send(), 20)
    at_once(lambda _: outbox.run(mail.TASK, SentMail.objects.get().pk), 20)
    assert len(django_mail.outbox) == 1


def test_message_id_is_the_same_for_the_same_mail(settings):
    assert mail.message_id("a") == mail.message_id("a") != mail.message_id("b")
    send()
    deliver()
    assert django_mail.outbox[0].extra_headers["Message-ID"] == mail.message_id("a")


def test_mail_is_in_its_readers_language():
    send(language="en")
    send("b", language="xx")
    deliver()
    english, dutch = django_mail.outbox
    assert '<html lang="en"' in english.alternatives[0].content
    assert '<html lang="nl"' in dutch.alternatives[0].content


def test_may_receive_is_asked_when_the_mail_leaves(kind):
    allowed = {"someone@example.org"}
    kind(may_receive=lambda address: address in allowed)
    send(kind="test")
    allowed.clear()
    deliver()
    assert django_mail.outbox == []
    assert SentMail.objects.get().state == "withheld"
    assert SentMail.objects.get().context == {}
    assert Promise.objects.get().state == "done"


@pytest.mark.parametrize("purpose", ["mail", "mail:test"])
def test_a_suppressed_address_gets_nothing(kind, purpose):
    kind()
    send(kind="test")
    suppressions.suppress(" SOMEONE@example.org", purpose)
    deliver()
    assert django_mail.outbox == []


def test_a_suppression_does_not_hold_the_address(kind):
    suppressions.suppress("someone@example.org", "mail")
    suppressions.suppress("someone@example.org", "mail")
    row = suppressions.Suppression.objects.get()
    assert "someone" not in row.digest
    suppressions.allow("someone@example.org", "mail")
    assert not suppressions.is_suppressed("someone@example.org", "mail")


def test_mail_that_can_be_turned_off_says_how(kind):
    kind(turn_off=lambda address: None)
    send(kind="test")
    deliver()
    (message,) = django_mail.outbox
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert suppressions.read_turn_off_token(token) == ("test", "someone@example.org")
    assert "You get this because you asked." in message.body


def test_mail_that_can_not_be_turned_off_has_no_such_link():
    send()
    deliver()
    assert "List-Unsubscribe" not in django_mail.outbox[0].extra_headers


def test_forged_turn_off_tokens_are_refused():
    good = suppressions.turn_off_token("test", "a@example.org")
    for place in range(len(good)):
        forged = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        assert suppressions.read_turn_off_token(forged) in (None, ("test", "a@example.org"))
        if place < 24:
            assert suppressions.read_turn_off_token(forged) is None
    for token in ("", "x", "é", "A" * 500, "\0", good + "AAAA"):
        assert suppressions.read_turn_off_token(token) is None


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028"])
def test_no_line_break_reaches_a_header(break_):
    evil = f"x{break_}Bcc: victim@example.org"
    send(context=TEXT | {"task": evil})
    send("b", reply_to=f"a@example.org{break_}Bcc: victim@example.org")
    send("c", to=f"a@example.org{break_}Bcc: victim@example.org")
    deliver()
    assert len(django_mail.outbox) == 2
    assert SentMail.objects.get(key="c").state == "bounced"
    for message in django_mail.outbox:
        raw = message.message().as_bytes()
        parsed = email.message_from_bytes(raw)
        assert parsed["Bcc"] is None
        assert parsed["To"] == "someone@example.org"
        assert b"victim" not in b"".join(raw.partition(b"\n\n")[:1]) or parsed["Subject"]
        assert message.reply_to == []


def test_reply_to_is_set():
    send(reply_to="Asker@example.org")
    deliver()
    assert django_mail.outbox[0].reply_to == ["Asker@example.org"]


def failing(monkeypatch, error):
    tries = []

    class Connection:
        def send_messages(self, messages):
            tries.append(messages)
            if error:
                raise error
            return len(messages)

    monkeypatch.setattr(mail, "get_connection", lambda **options: Connection())
    return tries


def refused(code):
    return smtplib.SMTPRecipientsRefused({"someone@example.org": (code, b"no")})


@pytest.mark.parametrize("error", [refused(550), smtplib.SMTPDataError(554, b"no")])
def test_refused_for_good_bounces_after_one_try(monkeypatch, error):
    tries = failing(monkeypatch, error)
    send()
    for _ in range(3):
        deliver()
    assert len(tries) == 1
    row = SentMail.objects.get()
    assert (row.state, row.answer[:1], row.context) == ("bounced", "5", {})
    assert outbox.state_of(mail.TASK, row.pk) == "done"


def test_what_must_arrive_is_kept_whole_until_an_admin_looks(kind, monkeypatch):
    kind(must_arrive=True)
    tries = failing(monkeypatch, refused(552))
    send(kind="test")
    for _ in range(8):
        deliver()
        Promise.objects.update(due_at=timezone.now())
    row = SentMail.objects.get(kind="test")
    assert (len(tries) >= 5, row.state, row.context) == (True, "queued", TEXT)
    assert outbox.state_of(mail.TASK, row.pk) == "failed"
    failing(monkeypatch, None)
    outbox.renew(mail.TASK, row.pk)
    deliver()
    assert SentMail.objects.get(kind="test").state == "sent"


@pytest.mark.parametrize("error", [refused(450), smtplib.SMTPDataError(451, b"later")])
def test_refused_for_now_is_tried_five_times_ever_later(monkeypatch, error):
    tries = failing(monkeypatch, error)
    send(kind="admin_alert")
    waits = []
    for _ in range(8):
        deliver()
        promise = Promise.objects.get()
        waits.append(promise.due_at - timezone.now())
        Promise.objects.update(due_at=timezone.now())
    assert len(tries) == 5
    assert Promise.objects.get().state == "failed"
    assert timedelta(0) < waits[0] < waits[1] < waits[2] < waits[3]


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        socket.gaierror(),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPConnectError(421, b"busy"),
        smtplib.SMTPAuthenticationError(535, b"our own password"),
    ],
)
def test_a_mail_server_that_is_away_costs_no_try(monkeypatch, error):
    tries = failing(monkeypatch, error)
    send()
    for _ in range(8):
        deliver()
        Promise.objects.update(due_at=timezone.now())
    assert len(tries) == 8
    assert Promise.objects.get().state == "open"

    failing(monkeypatch, None)
    deliver()
    assert SentMail.objects.get().state == "sent"


def test_crash_between_sending_and_recording_is_unclear_once(monkeypatch):
    send()
    pk = SentMail.objects.get().pk

    def crash(*args, **values):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_close", crash)
        with pytest.raises(SystemExit):
            mail.deliver(pk)
    mail.deliver(pk)
    first, second = django_mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert SentMail.objects.get().unclear == 1


def test_alert_that_fails_is_not_alerted(monkeypatch):
    failing(monkeypatch, refused(450))
    send()
    Promise.objects.update(attempts=4)
    deliver()
    assert Promise.objects.get().state == "failed"
    assert SentMail.objects.count() == 1


def test_control_characters_do_not_reach_a_mail():
    send(context=TEXT | {"task": "a\x00\x07\u202eb"})
    deliver()
    assert "\x00" not in django_mail.outbox[0].body
    assert "ab" in django_mail.outbox[0].body


def test_addresses_are_forgotten_after_90_days_but_keys_stay():
    send()
    deliver()
    SentMail.objects.update(created_at=timezone.now() - timedelta(days=91))
    upkeep.prune()
    assert SentMail.objects.get().to == ""
    send()
    assert outbox.run_due() == 0


@pytest.mark.parametrize(("promise", "kept"), [("open", True), ("failed", False)])
def test_a_mail_that_never_left_is_given_up_with_its_words_unless_it_is_still_tried(promise, kept):
    send()
    SentMail.objects.update(created_at=timezone.now() - timedelta(days=91))
    outbox.Promise.objects.update(state=promise)
    upkeep.prune()
    row = SentMail.objects.get()
    assert (row.state, bool(row.to), bool(row.context)) == ("queued" if kept else "bounced", kept, kept)


def test_unknown_kind_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        send(kind="nothing")


@pytest.mark.parametrize(("wanted", "state"), [(True, "sent"), (False, "withheld")])
def test_a_kind_may_forget_its_reader_as_soon_as_its_mail_is_done(kind, wanted, state):
    kind(may_receive=lambda address: wanted, keeps_address=False)
    send(kind="test", reply_to="b@example.org")
    row = SentMail.objects.get()
    assert (row.to, row.reply_to) == ("someone@example.org", "b@example.org")
    deliver()
    row = SentMail.objects.get()
    assert (row.state, row.to, row.reply_to, row.context) == (state, "", "", {})
    send(kind="test")
    deliver()
    assert len(django_mail.outbox) == wanted
