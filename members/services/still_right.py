"""Once a year: is this still right? Asked by mail, answered by one button, without signing in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.utils import timezone

from collectievekracht.common.models import SentMail
from members import emails
from members.choices import Activity
from members.models import Collective, Membership
from members.notifications import notify
from members.page_news import STILL_RIGHT
from members.queries_signs import last_sign_of, with_last_sign
from members.services.activity import confirm
from members.services.holding import hold

A_YEAR = timedelta(days=365)
REMIND_AFTER = timedelta(days=30)
LINK_LIVES = timedelta(days=60)
BATCH = 200


def occasion_of(last_sign: datetime, moment: datetime) -> str:
    """Which yearly question is open at this moment; empty when none is. It names the sign from which the year counts,
    so a collective that gave a newer one is asked anew a year after that."""
    years = (moment - last_sign) // A_YEAR
    return f"{timezone.localtime(last_sign):%Y%m%d%H%M%S}-{years}" if years >= 1 else ""


def is_due(collective: Collective) -> bool:
    """Whether its people have not looked for a year."""
    return bool(occasion_of(last_sign_of(collective), timezone.now()))


def ask(moment: datetime) -> int:
    """Mail every collective whose page nobody looked at for a year, and once more after thirty days; gives the number
    of mails. However often it runs, and how many at once: the mail's key makes it one."""
    asked = with_last_sign(Collective.objects.published().filter(closed_at=None, merged_into=None))
    due = asked.exclude(contact_email="").exclude(activity=Activity.STOPPED)
    pks = list(due.filter(last_sign__lte=moment - A_YEAR).order_by("pk").values_list("pk", flat=True))
    return sum(_ask_some(pks[start : start + BATCH], moment) for start in range(0, len(pks), BATCH))


@transaction.atomic
def _ask_some(pks: list[int], moment: datetime) -> int:
    collectives = list(with_last_sign(Collective.objects.filter(pk__in=pks)).order_by("pk"))
    keys = {}
    for one in collectives:
        occasion = occasion_of(one.last_sign, moment)
        keys[one.pk] = (
            occasion,
            emails.still_right_key(one.pk, occasion, again=False),
            emails.still_right_key(one.pk, occasion, again=True),
        )
    wanted = [key for _occasion, *both in keys.values() for key in both]
    sent_at = dict(SentMail.objects.filter(key__in=wanted).values_list("key", "created_at"))
    count = 0
    for one in collectives:
        occasion, first, again = keys[one.pk]
        if first not in sent_at:
            _ask_one(one, occasion)
            count += 1
        elif again not in sent_at and sent_at[first] <= moment - REMIND_AFTER:
            token = make_token(one, occasion)
            emails.send_still_right(one, occasion=occasion, token=token, again=True)
            count += 1
    return count


def _ask_one(collective: Collective, occasion: str) -> None:
    """The mail to the collective's address; and word on the site to representatives with another one."""
    emails.send_still_right(
        collective, occasion=occasion, token=make_token(collective, occasion), again=False
    )
    people = Membership.objects.representatives().filter(collective=collective)
    others = people.exclude(user__email__iexact=collective.contact_email).values_list("user", flat=True)
    facts = {"collective": collective.pk, "slug": collective.slug, "name": collective.name}
    notify(STILL_RIGHT, list(others), key=f"still_right:{collective.pk}:{occasion}", facts=facts)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="members.still_right", sep=".")


def make_token(collective: Collective, occasion: str) -> str:
    """What makes the link of one mail: nobody can guess it, and it names one question to one collective."""
    return _signer().sign(f"{collective.pk}_{occasion}")


def read_token(collective: Collective, token: str) -> str:
    """The question that this link answers. Raises `BadSignature` for a wrong one, `SignatureExpired` for an old one."""
    pk, _mark, occasion = _signer().unsign(token, max_age=LINK_LIVES).partition("_")
    if pk != str(collective.pk) or not occasion:
        raise BadSignature
    return occasion


def is_open(collective: Collective, occasion: str) -> bool:
    """Whether nobody answered this question yet."""
    return occasion_of(last_sign_of(collective), timezone.now()) == occasion


@transaction.atomic
def confirm_by_link(collective: Collective, occasion: str) -> bool:
    """The collective's page is still right; False when somebody said so, or changed it, before."""
    hold(collective)
    if not is_open(collective, occasion):
        return False
    confirm(collective, None)
    return True
