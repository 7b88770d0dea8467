"""What people of a collective are told on the site: how it reads, where it leads, and who may still see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import NotificationKind, Text, notification_kinds
from members.choices import Pace, Role
from members.models import Collective, Membership

JOIN_ASKED = "members.join_asked"
LET_IN = "members.let_in"
ROLE_CHANGED = "members.role_changed"
PERSON_LEFT = "members.person_left"

Facts = Mapping[str, Any]


def facts_of(collective: Collective, **more: Any) -> dict[str, Any]:
    """What a notification about this collective needs to know."""
    return {"collective": collective.pk, "slug": collective.slug, "of": collective.name, **more}


def _is_in(user_id: int, facts: Facts) -> bool:
    return Membership.objects.active().filter(user_id=user_id, collective=facts["collective"]).exists()


def _represents(user_id: int, facts: Facts) -> bool:
    return (
        Membership.objects.representatives().filter(user_id=user_id, collective=facts["collective"]).exists()
    )


def _people(facts: Facts) -> str:
    return reverse("members:people", args=[facts["slug"]])


def _join_asked(facts: Facts) -> Text:
    return _("%(name)s asks to join %(of)s.") % {"name": facts["name"], "of": facts["of"]}


def _let_in(facts: Facts) -> Text:
    return _("You are in: you belong to %(of)s now.") % {"of": facts["of"]}


def _role_changed(facts: Facts) -> Text:
    if facts["role"] == Role.REPRESENTATIVE:
        return _("You are a representative of %(of)s now.") % {"of": facts["of"]}
    return _("You are a colleague in %(of)s now, no longer a representative.") % {"of": facts["of"]}


def _person_left(facts: Facts) -> Text:
    words = {"name": facts["name"], "of": facts["of"]}
    if facts.get("contact"):
        return (
            _("%(name)s left %(of)s. Messages for the collective now go to another representative.") % words
        )
    return _("%(name)s left %(of)s.") % words


def _request(facts: Facts) -> str:
    return reverse("members:join_request", args=[facts["slug"], facts["request"]])


def register() -> None:
    """Tell the notifier of them; called once at start-up."""
    for kind in (
        NotificationKind(
            JOIN_ASKED,
            _join_asked,
            _request,
            _represents,
            name=_("Somebody asks to join my collective"),
            pace=Pace.AT_ONCE,
        ),
        # Who asked gets a mail of its own, account or not.
        NotificationKind(LET_IN, _let_in, _people, _is_in, name=_("I was let in"), pace=Pace.NEVER),
        NotificationKind(
            ROLE_CHANGED,
            _role_changed,
            _people,
            _is_in,
            name=_("My role in a collective changed"),
            pace=Pace.AT_ONCE,
        ),
        NotificationKind(
            PERSON_LEFT, _person_left, _people, _represents, name=_("Somebody left my collective")
        ),
    ):
        notification_kinds.add(kind)
