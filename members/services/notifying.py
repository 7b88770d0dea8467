"""Mailing what people are told, at the pace that they chose, and what they say about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import registry
from collectievekracht.common.mail import absolute
from collectievekracht.common.models import SentMail
from members.choices import Pace
from members.emails import notifications as emails
from members.models import Notification, NotificationChoice, User
from members.notifications import Line, in_words

DIGESTS_LEAVE = time(7, 0)  # Amsterdam; on Monday the week's
WEEKLY_DAY = 0
LINES = 50  # in one mail; what is left comes with the next
PIECE = 200
PEOPLE_A_RUN = 2_000
AT_ONCE_FAILED = timedelta(hours=1)  # after this, what was meant to be told at once comes with the day's
KEEP = timedelta(days=365)


# Who wants what.


def paces_of(user_id: int) -> dict[str, Pace]:
    """The pace that holds for this person now, of every kind; one query."""
    chosen = dict(NotificationChoice.objects.filter(user_id=user_id).values_list("kind", "pace"))
    return {kind.code: Pace(chosen.get(kind.code, kind.pace)) for kind in registry.notification_kinds}


@transaction.atomic
def choose_paces(user_id: int, chosen: Mapping[str, Pace]) -> None:
    """From now on the person is mailed about these kinds so. What came while a kind was off is never mailed."""
    User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    before = paces_of(user_id)
    changed = {kind: pace for kind, pace in chosen.items() if kind in before and before[kind] != pace}
    NotificationChoice.objects.bulk_create(
        [NotificationChoice(user_id=user_id, kind=kind, pace=pace) for kind, pace in changed.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["pace"],
    )
    back_on = [kind for kind in changed if before[kind] == Pace.NEVER]
    if back_on:
        came = Notification.objects.filter(user_id=user_id, kind__in=back_on, mailed_at=None)
        came.update(mailed_at=timezone.now())


@transaction.atomic
def read_all(user_id: int, until: int) -> int:
    """Mark everything up to this notification as read; gives how many were not. What came after it stays unread."""
    unread = Notification.objects.filter(user_id=user_id, pk__lte=until).unread()
    return unread.update(read_at=timezone.now())


def read(notification: Notification) -> None:
    """Mark this one as read, once."""
    Notification.objects.filter(pk=notification.pk).unread().update(read_at=timezone.now())


# What is mailed when.


def _pace() -> Coalesce:
    """Of each notification the pace that holds for its person now; nothing for kinds that are no more."""
    chosen = NotificationChoice.objects.filter(user_id=OuterRef("user_id"), kind=OuterRef("kind"))
    defaults = [When(kind=kind.code, then=Value(kind.pace)) for kind in registry.notification_kinds]
    default = Case(*defaults, default=Value(""), output_field=CharField())
    return Coalesce(Subquery(chosen.values("pace")[:1]), default)


def _to_mail() -> QuerySet[Notification]:
    """Neither read nor mailed, of people whose account lives, with their `pace`."""
    rows = Notification.objects.unread().filter(mailed_at=None, user__is_active=True)
    return rows.annotate(pace=_pace())


def mail_at_once(first: int, version: str) -> None:
    """Mail those of a row of notifications that their people want at once; each is mailed once, also if this dies."""
    last = int(version)
    while True:
        with transaction.atomic():
            wanted = _to_mail().filter(Q(pace=Pace.AT_ONCE), pk__range=(first, last)).order_by("pk")
            piece = list(
                wanted.select_for_update(of=("self",), skip_locked=True).select_related("user")[:PIECE]
            )
            for notification in piece:
                emails.send_notification(notification)
            Notification.objects.filter(pk__in=[one.pk for one in piece]).update(mailed_at=timezone.now())
        if not piece:
            return


def last_end(pace: Pace, now: datetime) -> datetime:
    """The moment at which the last period of this pace ended."""
    here = timezone.localtime(now)
    end = timezone.make_aware(datetime.combine(here.date(), DIGESTS_LEAVE))
    if pace == Pace.WEEKLY:
        end = _days_before(end, (here.weekday() - WEEKLY_DAY) % 7)
    if end > now:
        end = _days_before(end, 7 if pace == Pace.WEEKLY else 1)
    return end


def _days_before(moment: datetime, days: int) -> datetime:
    """The same time on the clock, days before; also where the clock was changed between."""
    day = timezone.localtime(moment).date() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, DIGESTS_LEAVE))


def _due(pace: Pace, end: datetime) -> QuerySet[Notification]:
    """What belongs in the digests of the period that ended at `end`."""
    wanted = Q(pace=pace)
    if pace == Pace.DAILY:
        wanted |= Q(pace=Pace.AT_ONCE, made_at__lt=end - AT_ONCE_FAILED)
    return _to_mail().filter(wanted, made_at__lt=end)


def mail_digests(now: datetime) -> int:
    """Mail everyone their digest of the period that ended last; gives how many were promised by this call.

    One a person and period, whatever runs twice, at once or dies half-way; what a run didn't reach, the next does.
    """
    sent = 0
    for pace in emails.DIGESTS:
        end = last_end(pace, now)
        day = timezone.localdate(end)
        key = Concat(
            Value(emails.digest_key("", pace, day)), Cast(OuterRef("user_id"), CharField()),
            output_field=CharField(),
        )  # fmt: skip
        waiting = _due(pace, end).exclude(Exists(SentMail.objects.filter(key=key)))
        people = waiting.order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE_A_RUN]
        for user_id in list(people):
            sent += _mail_digest(user_id, pace, end, day)
    return sent


@transaction.atomic
def _mail_digest(user_id: int, pace: Pace, end: datetime, day: date) -> bool:
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if person is None or SentMail.objects.filter(key=emails.digest_key(user_id, pace, day)).exists():
        return False
    mine = _due(pace, end).filter(user_id=user_id).order_by("made_at", "pk")
    rows = list(mine.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:LINES])
    if not rows:
        return False
    emails.send_digest(person, pace, day, rows)
    Notification.objects.filter(pk__in=rows).update(mailed_at=timezone.now())
    return True


def forget_old(now: datetime) -> int:
    """Delete what people were told over a year ago, read or not."""
    return Notification.objects.filter(made_at__lt=now - KEEP).delete()[0]


# What the mailer asks when such a mail leaves.


def fill(address: str, context: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the mail tells now: of its notifications those that are unread, wanted, and still to be seen by the person."""
    rows = Notification.objects.unread().filter(
        pk__in=context["notifications"], user__email=address, user__is_active=True
    )
    wanted = rows.annotate(pace=_pace()).exclude(pace__in=[Pace.NEVER, ""]).order_by("made_at", "pk")
    lines = [_mailed(line) for row in wanted if may_still_see(row) and (line := in_words(row))]
    if not lines:
        return None
    return {
        "lines": lines,
        "first": lines[0],
        "all_url": absolute(reverse("members:notifications")),
        "choices_url": absolute(reverse("members:notification_choices")),
    }


def may_still_see(notification: Notification) -> bool:
    """Whether its person may still see what it is about; no, where that can't be asked any more."""
    kind = registry.notification_kinds.get(notification.kind)
    try:
        return kind is not None and kind.may_still_see(notification.user_id, notification.facts)
    except (LookupError, TypeError, ValueError):
        return False


def _mailed(line: Line) -> dict[str, str]:
    return {"text": line.text, "url": absolute(line.link)}


def _paces_at(address: str) -> tuple[int, dict[str, Pace]] | None:
    person = User.objects.filter(email=address, is_active=True).values_list("pk", flat=True).first()
    return (person, paces_of(person)) if person else None


def wants_kind(kind: str, address: str) -> bool:
    """Whether the person with this address wants mail about this kind."""
    found = _paces_at(address)
    return found is not None and found[1].get(kind, Pace.NEVER) != Pace.NEVER


def turn_kind_off(kind: str, address: str) -> None:
    """Mail the person with this address no more about this kind."""
    if found := _paces_at(address):
        choose_paces(found[0], {kind: Pace.NEVER})


def has_digest(pace: Pace, address: str) -> bool:
    """Whether the person with this address chose this pace for anything. What a digest on its way says is up to `fill`:
    what moved to another pace meanwhile comes in no other mail."""
    found = _paces_at(address)
    return found is not None and pace in found[1].values()


def turn_digest_off(pace: Pace, address: str) -> None:
    """Mail the person with this address no more about what they get at this pace; what comes at once stays."""
    if found := _paces_at(address):
        choose_paces(found[0], {kind: Pace.NEVER for kind, chosen in found[1].items() if chosen == pace})


def register_mails() -> None:
    """Tell the mailer of the digests, and of a kind of mail for every kind of notification; once at start-up."""
    registry.mail_kind(
        emails.DIGESTS[Pace.DAILY],
        name=_("What is new, once a day"),
        reason=_("You get this mail because you have an account and want to hear once a day what is new."),
        turn_off=partial(turn_digest_off, Pace.DAILY),
        fill=fill,
        is_on=partial(has_digest, Pace.DAILY),
    )
    registry.mail_kind(
        emails.DIGESTS[Pace.WEEKLY],
        name=_("What is new, once a week"),
        reason=_("You get this mail because you have an account and want to hear once a week what is new."),
        turn_off=partial(turn_digest_off, Pace.WEEKLY),
        fill=fill,
        is_on=partial(has_digest, Pace.WEEKLY),
    )
    registry.notification_kinds.for_each(_register_mail)


def _register_mail(kind: registry.NotificationKind) -> None:
    code = f"{emails.NEWS}{kind.code}"
    if registry.mail_kinds.get(code):
        return
    registry.mail_kind(
        code,
        name=kind.name or kind.code,
        reason=format_lazy(
            "{} {}.",
            _("You get this mail at once because you have an account and want to hear about:"),
            kind.name,
        ),
        may_receive=partial(wants_kind, kind.code),
        turn_off=partial(turn_kind_off, kind.code),
        fill=fill,
    )
