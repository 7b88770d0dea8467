"""The one mailer: a mail is a row and a promise, rendered and sent by the worker in its reader's language."""

import hashlib
import hmac
import re
import smtplib
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import structlog
from css_inline import CSSInliner
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from collectievekracht.common import outbox, registry, suppressions
from collectievekracht.common.models import MailState, SentMail

log = structlog.get_logger("collectievekracht.mail")
TASK = "common.deliver_mail"
MAX_ATTEMPTS = 5


def absolute(path: str) -> str:
    """The full address of a path of this site, for a mail."""
    return f"{settings.SITE_URL}{path}"


def send(
    template: str,
    *,
    to: str,
    key: str,
    kind: str,
    context: dict[str, Any],
    language: str,
    reply_to: str = "",
) -> None:
    """Promise one mail to one person on one occasion; part of the caller's transaction, and never raises on input.

    `key` is unique per person and occasion: sending with it again does nothing. It is kept for good, so an address in
    it is kept as a hash. `template` names `mails/<template>.subject.txt`, `.body.txt` and `.body.html`; the context
    must be JSON. Whether the person may get this `kind` (see `registry.mail_kind`) is asked when it leaves.
    """
    registry.mail_kinds[kind]
    key = _nameless(key, to)
    mail = SentMail(
        key=key,
        template=template,
        kind=kind,
        to=suppressions.normal(to)[:254],
        reply_to=reply_to if is_address(reply_to) else "",
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        context=_storable(context),
    )
    if not is_address(mail.to):
        mail.state, mail.answer, mail.context = MailState.BOUNCED, "not an address", {}
    with transaction.atomic():
        SentMail.objects.bulk_create([mail], ignore_conflicts=True)
        made = SentMail.objects.filter(key=key, state=MailState.QUEUED).values_list("pk", flat=True).first()
        if made:
            outbox.promise(TASK, made, max_attempts=MAX_ATTEMPTS)


def _nameless(key: str, to: str) -> str:
    """The key with a mark in place of the address, also of one that was cut."""
    address = suppressions.normal(to)
    if not address or "@" not in key:
        return key
    mark = suppressions.mark(address, "mail")[:24]
    for written in (address, address[:70]):
        key = re.sub(re.escape(written), mark, key, flags=re.IGNORECASE)
    return key


def deliver(pk: int) -> None:
    """Send the mail if it may be sent, and record that the mail server took it.

    A crash between sending and recording leaves one unclear mail: it is sent again with the same Message-ID.
    """
    mail = _claim(pk)
    if mail is None:
        return
    message = _message(mail)
    try:
        connection = get_connection(fail_silently=False)
        connection.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        _judge(mail, error)
        return
    _close(mail, MailState.SENT, answer="accepted", accepted_at=timezone.now())
    log.info("mail_accepted", mail=mail.pk, kind=mail.kind)


def _claim(pk: int) -> SentMail | None:
    """Lock the row, ask whether its reader may still get it, and mark it as being sent."""
    with transaction.atomic():
        waiting = SentMail.objects.select_for_update().filter(pk=pk)
        mail = waiting.filter(state__in=[MailState.QUEUED, MailState.SENDING]).first()
        if mail is None:
            return None
        kind = registry.mail_kinds.get(mail.kind)
        off = suppressions.is_suppressed(mail.to, "mail", f"mail:{mail.kind}")
        if kind is None or off or not kind.may_receive(mail.to):
            _close(mail, MailState.WITHHELD)
            return None
        filled = _filled(kind, mail)
        if filled is None:
            _close(mail, MailState.WITHHELD)
            return None
        if mail.state == MailState.SENDING:
            mail.unclear += 1
        mail.state = MailState.SENDING
        mail.message_id = message_id(mail.key)
        mail.save(update_fields=["state", "message_id", "unclear"])
        mail.context = filled  # never kept: what is told now is asked again at the next try
        return mail


def _filled(kind: registry.MailKind, mail: SentMail) -> dict[str, Any] | None:
    """What the mail says now; None when there is nothing to say any more."""
    if kind.fill is None:
        return mail.context
    with translation.override(mail.language):
        filled = kind.fill(mail.to, mail.context)
    return None if filled is None else dict(filled)


def _close(mail: SentMail, state: MailState, **values: Any) -> None:
    """Record the mail's end, after which nothing of its content is kept, and of some kinds no address either."""
    kind = registry.mail_kinds.get(mail.kind)
    if kind and not kind.keeps_address:
        values |= {"to": "", "reply_to": ""}
    SentMail.objects.filter(pk=mail.pk).update(state=state, context={}, **values)


def _judge(mail: SentMail, error: Exception) -> None:
    """5xx: bounced. 4xx, or 5xx of what must arrive: one of five tries. A server that can't be reached or misses our
    sign-in: later, uncounted."""
    SentMail.objects.filter(pk=mail.pk).update(state=MailState.QUEUED)
    code = _code(error)
    kind = registry.mail_kinds.get(mail.kind)
    if 500 <= code <= 599 and not (kind and kind.must_arrive):
        _close(mail, MailState.BOUNCED, answer=str(code))
        log.info("mail_bounced", mail=mail.pk, kind=mail.kind, code=code)
    elif 400 <= code <= 599:
        promised = (
            outbox.Promise.objects.filter(task=TASK, target=mail.pk)
            .values_list("attempts", flat=True)
            .first()
        )
        minutes = (1, 5, 30, 120, 120)[min(promised or 1, 5) - 1]
        raise outbox.Retry(timedelta(minutes=minutes), why=f"SMTP {code}") from error
    else:
        age = (timezone.now() - mail.created_at).total_seconds()
        later = timedelta(seconds=min(300, max(15, age / 4)))
        raise outbox.Retry(later, counts=False, why=type(error).__name__) from error


def _code(error: Exception) -> int:
    """The server's answer about this mail; 0 when it is no answer about the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code
    return 0


def _storable(value: Any) -> Any:
    """The context without what the database can't hold (NUL, half characters); it is left out of mails anyway."""
    if isinstance(value, dict):
        return {_storable(name): _storable(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    return value


def is_address(text: str) -> bool:
    """Whether this can be an e-mail address, of a length that can be kept."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def message_id(key: str) -> str:
    """The same mail always has the same Message-ID, so that receivers can tell a double."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"message-id {key}".encode(), hashlib.sha256).hexdigest()[
        :40
    ]
    return f"<{mark}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def _message(mail: SentMail) -> EmailMultiAlternatives:
    subject, text, html, turn_off_url = render(mail.template, mail.kind, mail.to, mail.context, mail.language)
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if turn_off_url:
        headers |= {
            "List-Unsubscribe": f"<{turn_off_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def render(
    template: str, kind: str, to: str, context: dict[str, Any], language: str
) -> tuple[str, str, str, str]:
    """Subject (one line), text, HTML, and the address that turns this kind off (empty: it can't be)."""
    entry = registry.mail_kinds[kind]
    turn_off_url = ""
    if entry.turn_off:
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        turn_off_url = f"{settings.SITE_URL}{prefix}/afmelden/{suppressions.turn_off_token(kind, to)}/"
    with translation.override(language):
        values = {
            "site_url": settings.SITE_URL,
            "language": language,
            "reason": str(entry.reason),
            "turn_off_url": turn_off_url,
        } | context
        subject = " ".join(_plain(f"mails/{template}.subject.txt", values).split())
        text = _plain(f"mails/{template}.body.txt", values).strip() + "\n"
        html = _inliner().inline(get_template(f"mails/{template}.body.html").render(values))
    return subject, text, html, turn_off_url


def _plain(name: str, values: dict[str, Any]) -> str:
    """A text template: nothing is escaped, and control characters that people typed are left out."""
    template: Any = get_template(name)
    text = template.template.render(Context(values, autoescape=False))
    return "".join(c for c in text if c in "\n\t" or c.isprintable())
