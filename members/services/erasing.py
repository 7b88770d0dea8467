"""Erasing people: asked for, taken back, done when it is due, and done again after a restore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from collectievekracht.common import admin_alerts, audit, outbox, suppressions
from collectievekracht.common.registry import personal_data
from collectievekracht.common.templatetags.ui_formats import format_day
from members import emails, map_cache
from members.emails.links import link_to
from members.emails.my_data import read_take_back_token
from members.models import Collective, Erasure, Membership, User
from members.services import memberships
from members.services.holding import hold

TASK = "members.erase_person"
GRACE = timedelta(days=30)
NOTICE = timedelta(days=7)  # before an erasure that leaves a collective without anybody


class StillNeeded(Exception):
    """Nobody else speaks for these collectives: somebody must take over, or they must be closed first."""

    def __init__(self, collectives: list[Collective]) -> None:
        super().__init__("still needed")
        self.collectives = collectives


def addresses_of(user: User) -> tuple[str, ...]:
    """The addresses that the person proved, the main one first; empty for somebody who proved none.

    Somebody made by the team has no row for their address: it is theirs. One that they typed and never proved may be
    another's, so nothing is listed or erased by it.
    """
    known = list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk"))
    proven = [row.email.lower() for row in known if row.verified]
    if not known:
        return (user.email.lower(),)
    return tuple(dict.fromkeys(proven))


def kept_of(user: User) -> Iterator[tuple[int | None, str]]:
    """With what each app is asked: the account with its main address, then every other proven address."""
    main, *others = addresses_of(user) or ("",)
    yield user.pk, main
    for address in others:
        yield None, address


def waiting_erasure(user: User) -> Erasure | None:
    """The erasure that this person asked for and that is not done yet."""
    return open_erasures().filter(user=user).first()


def erasure_behind(token: str) -> Erasure | None:
    """The erasure that the link of a mail takes back, also when it is too late; None for a link that is none."""
    return Erasure.objects.filter(pk=read_take_back_token(token) or 0).first()


def open_erasures() -> QuerySet[Erasure]:
    """Asked for, not taken back and not done."""
    return Erasure.objects.filter(cancelled_at=None, done_at=None, user__isnull=False)


@transaction.atomic
def ask_erasure(user: User) -> Erasure:
    """Erase this person in 30 days, unless they change their mind; asking again changes nothing.

    Raises `StillNeeded` when a collective would have nobody left to speak for it; of two who ask at once, one stays.
    Every address that the person proved gets the mail: who took an account over may have changed the main one.
    """
    mine = Membership.objects.representatives().filter(user=user).values("collective")
    hold(*Collective.objects.filter(pk__in=mine))
    alone = list(memberships.only_representative_of(user).order_by("sort_name", "pk"))
    if alone:
        raise StillNeeded(alone)
    now = timezone.now()
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(user=user, asked_at=now, due_at=now + GRACE)
    except IntegrityError:
        return open_erasures().get(user=user)
    audit.record(user.pk, "erasure.asked", erasure)
    emails.send_erasure_asked(erasure, to=dict.fromkeys((user.email, *addresses_of(user))))
    return erasure


@transaction.atomic
def take_back(erasure: Erasure) -> bool:
    """The person stays; False when they were erased already, or took it back before."""
    # One table, one question: whoever waits here for an erasure that is being done then sees that it was.
    if not open_erasures().filter(pk=erasure.pk).update(cancelled_at=timezone.now()):
        return False
    audit.record(erasure.user_id, "erasure.taken_back", erasure)
    emails.send_erasure_taken_back(erasure)
    return True


def promise_due(now: datetime) -> int:
    """Promise every erasure whose time has come; one that failed is tried again the next day. How many there were."""
    due = list(open_erasures().filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True))
    for pk in due:
        outbox.promise(TASK, pk, version=f"{timezone.localdate(now)}")
    return len(due)


def warn_team(now: datetime) -> None:
    """Tell the admins a week ahead of collectives that nobody speaks for once somebody is erased; once for each."""
    soon = open_erasures().filter(due_at__gt=now, due_at__lte=now + NOTICE).select_related("user")
    for erasure in soon.order_by("pk"):
        assert erasure.user is not None
        tell_of_silence(erasure.user, timezone.localdate(erasure.due_at))


def tell_of_silence(user: User, day: date) -> None:
    """Tell the admins which collectives nobody speaks for from this day on, when this person is erased."""
    for collective in memberships.only_representative_of(user).order_by("pk"):
        admin_alerts.send(
            "members/nobody_soon",
            key=f"members.nobody_soon:{collective.pk}:{user.pk}:{day.isoformat()}",
            context=_about(collective) | {"day": format_day(day, settings.LANGUAGE_CODE)},
        )


@transaction.atomic
def erase_due(pk: int) -> None:
    """Do one erasure whose time has come; an error stops all of it, and the admins hear of it."""
    erasure = Erasure.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
    if erasure is None or erasure.user is None or erasure.cancelled_at or erasure.done_at:
        return
    if erasure.due_at > timezone.now():
        return
    to, language = erasure.user.email, erasure.user.language
    erase_person(erasure.user.pk)
    emails.send_erased(to=to, occasion=pk, language=language)


@transaction.atomic
def erase_person(user_id: int) -> bool:
    """Take everything about this person out of every app, in one transaction; False when there is no such person.

    An error in any app stops all of it and is raised.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        return False
    asked = tuple(kept_of(user))
    open_erasures().filter(user=user).update(done_at=timezone.now())
    _leave_collectives(user)
    for entry in personal_data:
        for pk, address in asked:
            entry.erase(pk, address)
    user.delete()
    map_cache.forget()
    transaction.on_commit(caches["pages"].clear, robust=True)
    audit.record(None, "person.erased", ("members.user", user_id))
    suppressions.remember_erased(user_id, [address for _pk, address in asked if address], timezone.now())
    return True


def _leave_collectives(user: User) -> None:
    """Who stays is told, and the collective's address becomes theirs; one that has nobody left is told to the admins."""
    mine = Membership.objects.active().filter(user=user).select_related("collective")
    for membership in mine.order_by("collective"):
        try:
            spoken_for = memberships.leave_for_good(membership.collective, user)
        except memberships.NotIn:
            continue
        if not spoken_for:
            admin_alerts.send(
                "members/nobody_speaks",
                key=f"members.nobody_speaks:{membership.pk}",
                context=_about(membership.collective),
            )


def _about(collective: Collective) -> dict[str, object]:
    """What the admins read about a collective, with the page on which they make somebody its representative."""
    url = link_to("members:people", collective.slug, language=settings.LANGUAGE_CODE)
    return {"collective": collective.name, "number": collective.pk, "url": url}


@transaction.atomic
def reapply() -> int:
    """After an older backup was put back: erase again who was erased since; how many people and addresses there were.

    What somebody gave after they were erased is theirs again, and stays.
    """
    erased = suppressions.erased_since()
    found = 0
    for user in User.objects.order_by("pk"):
        marks = [suppressions.account_mark(user.pk), *map(suppressions.digest, addresses_of(user))]
        if any(mark in erased and user.date_joined < erased[mark] for mark in marks):
            found += erase_person(user.pk)
    for entry in personal_data:
        if entry.known is None:
            continue
        again = {
            address.lower()
            for address, since in entry.known()
            if since < erased.get(suppressions.digest(address), since)
        }
        for address in sorted(again):
            entry.erase(None, address)
        found += len(again)
    return found
