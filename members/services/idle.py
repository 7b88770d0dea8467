"""Accounts that nobody uses: two warnings, then they are erased; and those whose address was never proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from collectievekracht.common.models import SentMail
from members import emails
from members.models import User
from members.services.erasing import erase_person, tell_of_silence

log = structlog.get_logger("members.idle")
KEEP = timedelta(days=730)  # after the last sign-in: 24 months
FIRST_WARNING = timedelta(days=60)  # before that
SECOND_WARNING = timedelta(days=14)
KEEP_UNPROVEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Warned:
    """The warnings that went out since the last sign-in, and the day that the second one named."""

    first: bool = False
    second: date | None = None


def mind_idle_accounts(now: datetime) -> tuple[int, int]:
    """Warn those who didn't sign in for almost 24 months, and erase who was warned twice; how many of each.

    Nobody is erased before the day that the second warning named, whatever the scheduler missed, nor who signs in
    meanwhile. With the second warning the admins read which collectives nobody would speak for. Platform admins are
    left to their team. One account that can't be erased keeps no other.
    """
    today = timezone.localdate(now)
    warned = erased = 0
    for pk, seen_on, address, language in _idle(today - KEEP + FIRST_WARNING):
        had = _warned(pk, seen_on)
        if had.second and today >= had.second:
            erased += _erase(pk, _people().filter(seen__date=seen_on))
        elif not had.first or (not had.second and today >= seen_on + KEEP - SECOND_WARNING):
            second = had.first
            erase_on = max(seen_on + KEEP, today + (SECOND_WARNING if second else FIRST_WARNING))
            emails.send_idle_warning(
                to=address, key=_key(pk, seen_on, second, erase_on), erase_on=erase_on, language=language
            )
            if second:
                tell_of_silence(User(pk=pk), erase_on)
            warned += 1
    return warned, erased


def forget_unproven_accounts(now: datetime) -> int:
    """Throw away accounts whose address nobody proved in a week; how many. Nothing can hang on them yet."""
    addresses = EmailAddress.objects.filter(user_id=OuterRef("pk"))
    unproven = User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        is_staff=False,
        date_joined__lt=now - KEEP_UNPROVEN,
    )
    return sum(_erase(pk, unproven) for pk in unproven.values_list("pk", flat=True).order_by("pk"))


def _idle(before: date) -> Iterator[tuple[int, date, str, str]]:
    idle = _people().filter(seen__date__lte=before).order_by("pk")
    rows = idle.values_list("pk", "seen", "email", "language")
    for pk, moment, address, language in rows.iterator(chunk_size=500):
        yield pk, timezone.localdate(moment), address, language


def _people() -> QuerySet[Any]:
    """Those whom this is about, each with the moment they were seen last."""
    return User.objects.filter(is_staff=False).annotate(seen=Coalesce(F("last_login"), F("date_joined")))


def _key(pk: int, seen_on: date, second: bool, erase_on: date) -> str:
    return f"members.idle:{pk}:{seen_on.isoformat()}:{2 if second else 1}:{erase_on.isoformat()}"


def _warned(pk: int, seen_on: date) -> Warned:
    keys = SentMail.objects.filter(key__startswith=f"members.idle:{pk}:{seen_on.isoformat()}:")
    sent = [key.split(":")[3:] for key in keys.values_list("key", flat=True)]
    seconds = [date.fromisoformat(day) for number, day in sent if number == "2"]
    return Warned(any(number == "1" for number, _day in sent), min(seconds, default=None))


def _erase(pk: int, still: QuerySet[User]) -> int:
    """Erase this person if they are still one of these: others were erased since the question was asked."""
    try:
        with transaction.atomic():
            held = still.select_for_update(of=("self",)).filter(pk=pk).first()
            return int(held is not None and erase_person(pk))
    except Exception:
        log.exception("idle_account_not_erased", user=pk)
        return 0
