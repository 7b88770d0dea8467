"""Mails about somebody's own data: a copy that is ready, and being erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core import signing
from django.utils import timezone, translation

from collectievekracht.common import mail
from collectievekracht.common.templatetags.ui_formats import format_day
from members.emails.links import link_to
from members.models import DataExport, Erasure, User

CONFIRM_LIFE = timedelta(hours=1)
_TAKE_BACK, _CONFIRM = "members.erasure.take_back", "members.erasure.confirm"


def take_back_token(pk: int) -> str:
    """The secret of the link by which somebody who asked to be erased changes their mind."""
    return signing.dumps(pk, salt=_TAKE_BACK)


def read_take_back_token(token: str) -> int | None:
    """The erasure of a token, or None when it wasn't made here."""
    return _read(token, _TAKE_BACK)


def confirm_token(user_id: int) -> str:
    """The secret of the link by which somebody without a password shows that it is them."""
    return signing.dumps(user_id, salt=_CONFIRM)


def read_confirm_token(token: str, *, also_late: bool = False) -> int | None:
    """The person of a token, or None when it wasn't made here or, unless `also_late`, is older than an hour."""
    return _read(token, _CONFIRM, None if also_late else CONFIRM_LIFE)


def _read(token: str, salt: str, life: timedelta | None = None) -> int | None:
    try:
        return int(signing.loads(token, salt=salt, max_age=life))
    except (signing.BadSignature, ValueError):
        return None


def send_copy_ready(copy: DataExport) -> None:
    """The copy can be fetched; the link asks to sign in."""
    language = copy.user.language
    assert copy.expires_at is not None
    mail.send(
        "members/copy_ready",
        to=copy.user.email,
        key=f"members.copy_ready:{copy.pk}",
        kind="my_data",
        language=language,
        context={
            "name": copy.user.get_short_name(),
            "url": link_to("members:my_data", language=language),
            "until": _day(copy.expires_at, language),
        },
    )


def send_erasure_confirm(user: User) -> None:
    """The link by which somebody without a password or a second step shows that it is them."""
    moment = timezone.now()
    mail.send(
        "members/erasure_confirm",
        to=user.email,
        key=f"members.erasure_confirm:{user.pk}:{moment:%Y%m%d%H%M}",
        kind="my_data",
        language=user.language,
        context={
            "name": user.get_short_name(),
            "url": link_to("members:confirm_erasure", confirm_token(user.pk), language=user.language),
        },
    )


def send_erasure_asked(erasure: Erasure, *, to: Iterable[str]) -> None:
    """Somebody asked to be erased: until when it can be taken back, and how; to each of these addresses of theirs."""
    user = erasure.user
    assert user is not None
    context = {
        "name": user.get_short_name(),
        "due": _day(erasure.due_at, user.language),
        "url": link_to("members:take_back_erasure", take_back_token(erasure.pk), language=user.language),
    }
    for address in to:
        mail.send(
            "members/erasure_asked",
            to=address,
            key=f"members.erasure_asked:{erasure.pk}:{address[:70]}",
            kind="my_data",
            language=user.language,
            context=context,
        )


def send_erasure_taken_back(erasure: Erasure) -> None:
    """The person stays."""
    user = erasure.user
    assert user is not None
    mail.send(
        "members/erasure_taken_back",
        to=user.email,
        key=f"members.erasure_taken_back:{erasure.pk}",
        kind="my_data",
        language=user.language,
        context={"name": user.get_short_name(), "url": link_to("members:my_data", language=user.language)},
    )


def send_erased(*, to: str, occasion: int, language: str) -> None:
    """The last mail: it is done. The address is forgotten as soon as it has left."""
    mail.send(
        "members/erased",
        to=to,
        key=f"members.erased:{occasion}",
        kind="erased",
        language=language,
        context={},
    )


def _day(moment: object, language: str) -> str:
    with translation.override(language):
        return format_day(timezone.localdate(moment), language)  # type: ignore[arg-type]
