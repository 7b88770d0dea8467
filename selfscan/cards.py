"""What the self-scan puts on other pages: a card on the dashboard, a notification, a kind of mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import suppressions
from collectievekracht.common.registry import (
    DashboardCard,
    DashboardPart,
    NotificationKind,
    Text,
    dashboard_cards,
    mail_kind,
    notification_kinds,
)
from selfscan import emails
from selfscan.models import Instrument
from selfscan.services.repeats import NOTIFICATION, may_still_repeat, to_repeat

Facts = Mapping[str, Any]


def register() -> None:
    """Called once at start-up."""
    dashboard_cards.add(
        DashboardCard(
            "repeat_scan", "selfscan/card_repeat.html", repeat_card, order=20, part=DashboardPart.WAITS
        )
    )
    notification_kinds.add(
        NotificationKind(
            NOTIFICATION, _text, _link, _may_still_see, name=_("The yearly repeat scan"), pace="weekly"
        )
    )
    mail_kind(
        emails.REPEAT,
        name=_("Once a year: repeat your self-scan"),
        reason=_("You get this mail because your collective did the self-scan a year ago with this address."),
        turn_off=ask_no_more,
    )


def ask_no_more(address: str) -> None:
    """This address is not invited any more; on the dashboard the invitation stands as before."""
    suppressions.suppress(address, f"mail:{emails.REPEAT}")


def _text(facts: Facts) -> Text:
    return _("It is a year since %(name)s did the self-scan. Repeat it, and see how you developed.") % {
        "name": facts["name"]
    }


def _link(facts: Facts) -> str:
    return reverse("selfscan:repeat", args=[facts["slug"]])


def _may_still_see(user_id: int, facts: Facts) -> bool:
    return may_still_repeat(user_id, facts["collective"])


def repeat_card(request: HttpRequest) -> Mapping[str, Any] | None:
    """The collectives that this person represents, and whose last scan is a year old or whose repeat is open."""
    try:
        found = to_repeat(request.user, timezone.localdate())
    except Instrument.DoesNotExist:  # nothing was ever asked
        return None
    return {"repeats": found} if found else None
