"""What people of a collective are told about its page: how it reads, where it leads, and who may still see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import NotificationKind, Text, notification_kinds
from members.choices import Pace
from members.models import Membership

PAGE_APPROVED = "members.page_approved"
PAGE_REFUSED = "members.page_refused"
STILL_RIGHT = "members.still_right"

Facts = Mapping[str, Any]


def _is_in(user_id: int, facts: Facts) -> bool:
    return Membership.objects.active().filter(user_id=user_id, collective=facts["collective"]).exists()


def _represents(user_id: int, facts: Facts) -> bool:
    found = Membership.objects.representatives().filter(user_id=user_id, collective=facts["collective"])
    return found.exists()


def _approved(facts: Facts) -> Text:
    if facts.get("public", True):
        return _("The change of the page of %(name)s is public.") % {"name": facts["name"]}
    return _(
        "The team approved the change of the page of %(name)s. It is public once you agree to a public page."
    ) % {"name": facts["name"]}


def _refused(facts: Facts) -> Text:
    said = {"name": facts["name"], "reason": facts["reason"]}
    if not facts["reason"]:
        return _("The page of %(name)s stays as it was: the team did not take over the change.") % said
    return (
        _(
            "The page of %(name)s stays as it was: the team did not take over the change. The reason: %(reason)s"
        )
        % said
    )


def _still_right(facts: Facts) -> Text:
    return _("Is the page of %(name)s still right? Look once a year, and say so.") % {"name": facts["name"]}


def _page(facts: Facts) -> str:
    return reverse("members:profile", args=[facts["slug"]])


def _page_or_own(facts: Facts) -> str:
    return _page(facts) if facts.get("public", True) else _own_page(facts)


def _own_page(facts: Facts) -> str:
    return reverse("pages:collective", args=[facts["slug"]])


def register() -> None:
    """Tell the notifier of them; called once at start-up."""
    for kind in (
        NotificationKind(
            PAGE_APPROVED,
            _approved,
            _page_or_own,
            _is_in,
            name=_("A change of our page is approved"),
            pace=Pace.AT_ONCE,
        ),
        NotificationKind(
            PAGE_REFUSED,
            _refused,
            _own_page,
            _is_in,
            name=_("A change of our page is refused"),
            pace=Pace.AT_ONCE,
        ),
        # The collective's address gets a mail of its own.
        NotificationKind(
            STILL_RIGHT,
            _still_right,
            _own_page,
            _represents,
            name=_("Once a year: is our page still right?"),
            pace=Pace.WEEKLY,
        ),
    ):
        notification_kinds.add(kind)
