"""Repeat scans: begun from the scan before, invited after a year, and seen side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.choices import Activity, ReviewState
from members.models import Collective, Membership, User
from members.notifications import notify
from members.services.revisions import waiting_text
from selfscan import emails, queries
from selfscan.choices import ResponseState
from selfscan.definitions import definition_of
from selfscan.development import add_months
from selfscan.instrument import Definition
from selfscan.models import Response
from selfscan.past import all_migrations
from selfscan.places import gazetteer
from selfscan.publication import page_answers
from selfscan.repeat import base_of, proposals_of
from selfscan.services.instruments import current_instrument
from selfscan.versions import way_between

NOTIFICATION = "repeat_scan"
INVITED_AT_ONCE = 500
SOONEST = timedelta(days=28)  # no instrument asks for another scan sooner


@dataclass(frozen=True)
class Standing:
    """Where a collective is with its scans: the last one sent, one that is open, and from when it can be repeated."""

    last: Response | None
    open: Response | None
    from_day: date | None

    @property
    def may_begin(self) -> bool:
        """Whether a repeat can be begun today, or gone on with."""
        return self.open is not None or (self.from_day is not None and timezone.localdate() >= self.from_day)


class TooSoon(Exception):
    """There is nothing to repeat yet, or too little time has passed; `standing` says from when."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("too soon")
        self.standing = standing


def standing_of(collective: Collective) -> Standing:
    """The collective's scans, as far as repeating one goes; one that the team refused is none: two queries."""
    scans = list(
        Response.objects.filter(collective=collective)
        .exclude(pk__in=queries.refused_scans(collective.pk))
        .only("state", "completed_at", "token", "collective", "saved_at")
        .order_by("-completed_at", "-pk")
    )
    sent = [scan for scan in scans if scan.state == ResponseState.COMPLETED]
    drafts = [scan for scan in scans if scan.state == ResponseState.DRAFT]
    last = sent[0] if sent else None
    from_day = None
    if last and last.completed_at:
        months = definition_of(current_instrument()).versioning.repeat_scan.interval_months
        from_day = add_months(timezone.localdate(last.completed_at), months.minimum_for_trend)
    return Standing(last, max(drafts, key=lambda scan: scan.saved_at, default=None), from_day)


def begin_repeat(collective: Collective, by: User, language: str) -> Response:
    """The collective's open scan, or a new one on the current questionnaire that proposes the facts of the last.

    Begun twice, or at once by two people, it is one. Raises `TooSoon`.
    """
    standing = standing_of(collective)
    if standing.open:
        return standing.open
    if standing.last is None or not standing.may_begin:
        raise TooSoon(standing)
    last = Response.objects.select_related("instrument").get(pk=standing.last.pk)
    instrument = current_instrument()
    try:
        with transaction.atomic():
            return Response.objects.create(
                instrument=instrument,
                collective=collective,
                previous=last,
                proposals=_proposals(definition_of(instrument), collective, last),
                language=language[:2],
                email=by.email,
            )
    except IntegrityError:
        return Response.objects.repeats().get(collective=collective)


def _proposals(definition: Definition, collective: Collective, last: Response) -> dict[str, Any]:
    """The facts of the last scan, and over them what the page says since, as far as they are right here."""
    way = way_between(all_migrations(), last.instrument.version, definition.version)
    year = timezone.localdate().year
    old = proposals_of(definition, last.answers, way, year=year, gazetteer=gazetteer)
    # Who changed the page and waits for the team is not asked to do so again.
    now = page_answers(waiting_text(collective) or collective.published_profile)
    if _same_place(now.get("place"), last.answers.get("place")):
        now.pop("place", None)  # the scan may hold a pin beside it
    newer = proposals_of(definition, {**last.answers, **now}, way, year=year, gazetteer=gazetteer)
    renewed = {base_of(key) for key in newer}
    return {key: value for key, value in old.items() if base_of(key) not in renewed} | newer


def _same_place(mine: Any, other: Any) -> bool:
    if not isinstance(mine, Mapping) or not isinstance(other, Mapping):
        return False
    return (mine.get("name"), mine.get("geonames_id")) == (other.get("name"), other.get("geonames_id"))


def forget_open_repeats(collective: Collective) -> None:
    """A collective that closes repeats nothing any more."""
    Response.objects.repeats().filter(collective=collective).delete()


# --- inviting


def invite_repeats(*, most: int = INVITED_AT_ONCE) -> int:
    """Invite the collectives whose last scan is a year old, each scan once; gives how many were.

    A mail to the address of the collective, and a notification to those who represent it. Who stopped, closed or
    repeats already is not asked.
    """
    months = definition_of(current_instrument()).versioning.repeat_scan.interval_months
    long_ago = add_months(timezone.localdate(), -months.invite_after)
    invited = 0
    for pk in queries.scans_to_repeat(long_ago, most):
        invited += _invite(pk)
    return invited


@transaction.atomic
def _invite(pk: int) -> bool:
    """Claim the scan and promise its mail and notification; False when another run was first."""
    claimed = Response.objects.completed().filter(pk=pk, invited_at=None)
    if not claimed.update(invited_at=timezone.now()):
        return False
    scan = Response.objects.select_related("collective").get(pk=pk)
    collective = scan.collective
    if collective is None or scan.completed_at is None:
        return False
    if collective.contact_email:
        emails.send_repeat_invitation(scan)
    people = Membership.objects.representatives().filter(collective=collective)
    notify(
        NOTIFICATION,
        sorted(people.values_list("user", flat=True)),
        key=f"{NOTIFICATION}:{pk}",
        facts={"collective": collective.pk, "slug": collective.slug, "name": collective.name},
    )
    return True


@dataclass(frozen=True)
class ToRepeat:
    """A collective whose scan can be repeated, for its representative: since when, and whether somebody began."""

    collective: Collective
    sent_at: datetime
    begun: bool


def to_repeat(user: User | AnonymousUser, today: date) -> list[ToRepeat]:
    """What this person is asked to repeat: their approved collectives whose last scan is long enough ago. Two queries,
    and one where none of their scans is a month old."""
    a_month_ago = timezone.make_aware(datetime.combine(today - SOONEST, time.min))
    mine = queries.last_sent_by(user.pk, a_month_ago)
    if not mine:
        return []
    months = definition_of(current_instrument()).versioning.repeat_scan.interval_months
    return [
        ToRepeat(one, last, begun)
        for one, last, begun in mine
        if add_months(timezone.localdate(last), months.invite_after) <= today
    ]


def may_still_repeat(user_id: int, collective_id: int) -> bool:
    """Whether this person represents this collective, and it still can repeat its scan."""
    speaks = Membership.objects.representatives().filter(
        user=user_id,
        collective=collective_id,
        collective__state=ReviewState.APPROVED,
        collective__closed_at=None,
    )
    return speaks.exclude(collective__activity=Activity.STOPPED).exists()
