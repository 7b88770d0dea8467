"""Mails about a collective's page: what was decided, and whether it is still right."""

from __future__ import annotations

from django.conf import settings

from collectievekracht.common import mail
from members.emails.links import link_to
from members.models import Collective, CollectiveProfile


def send_revision_decided(profile: CollectiveProfile, *, approved: bool, reason: str = "") -> None:
    """Tell a collective in which nobody has an account what was decided about a change of its page."""
    collective = profile.collective
    public = collective.published_profile_id is not None
    page_url = link_to("members:profile", collective.slug, language=collective.language)
    mail.send(
        "members/revision_decided",
        to=collective.contact_email,
        key=f"members.revision_decided:{profile.pk}",
        kind="collective",
        language=collective.language,
        reply_to=settings.TEAM_EMAIL,
        context={
            "collective": collective.name,
            "approved": approved,
            "public": public,
            "why": reason,
            "page_url": page_url if public else "",
        },
    )


def send_still_right(collective: Collective, *, occasion: str, token: str, again: bool) -> None:
    """Ask once a year whether the page is still right, and once more when nobody answers."""
    mail.send(
        "members/still_right",
        to=collective.contact_email,
        key=still_right_key(collective.pk, occasion, again=again),
        kind="still_right",
        language=collective.language,
        context={
            "collective": collective.name,
            "again": again,
            "url": link_to("members:still_right", collective.slug, token, language=collective.language),
        },
    )


def still_right_key(collective_id: int, occasion: str, *, again: bool) -> str:
    """The key of the yearly mail: one for each occasion, and one for its reminder."""
    return f"members.still_right{'_again' if again else ''}:{collective_id}:{occasion}"
