"""A person's page as one reader sees it: what isn't for that reader never gets here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.choices import Audience, TermKind
from members.models import Collective, PersonalProfile
from members.permissions import is_member
from members.vocabulary import labels

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

LANGUAGES = {
    "nl": _("Dutch"),
    "en": _("English"),
    "fr": _("French"),
    "de": _("German"),
    "fy": _("Frisian"),
    "ar": _("Arabic"),
    "tr": _("Turkish"),
    "pl": _("Polish"),
    "uk": _("Ukrainian"),
    "es": _("Spanish"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "dsg": _("Dutch Sign Language"),
    "vgt": _("Flemish Sign Language"),
}
# The fields that a person shows or keeps, each with its own audience; without a name there is no page.
FIELDS = ("name", "function", "about", "photo", "languages", "topics", "collectives")


@dataclass(frozen=True)
class PersonalPage:
    """What stands on the page of a person for this reader."""

    handle: str
    name: str
    function: str
    about: str
    photo_url: str
    languages: list[str]
    topics: list[str]
    collectives: list[tuple[str, str]]
    is_mine: bool


def reads(profile: PersonalProfile, reader: User | AnonymousUser) -> frozenset[str]:
    """The fields of this profile that the reader may see; one's own, all of them."""
    if reader.pk == profile.user_id:
        return frozenset(FIELDS)
    audiences = {Audience.EVERYONE, Audience.MEMBERS} if is_member(reader) else {Audience.EVERYONE}
    return frozenset(field for field in FIELDS if profile.audience_of(field) in audiences)


def personal_page(profile: PersonalProfile, reader: User | AnonymousUser) -> PersonalPage:
    """The page of a profile that came through `PersonalProfile.objects.visible_to(reader)`."""
    shown, language = reads(profile, reader), get_language() or "nl"
    themes = labels(TermKind.THEME, language)
    collectives: list[tuple[str, str]] = []
    if "collectives" in shown:
        public = Collective.objects.published().filter(
            memberships__user=profile.user_id, memberships__left_at=None
        )
        collectives = [(one.name, one.get_absolute_url()) for one in public.order_by("sort_name", "pk")]
    return PersonalPage(
        handle=profile.handle,
        name=profile.user.name if "name" in shown else "",
        function=profile.function if "function" in shown else "",
        about=profile.about if "about" in shown else "",
        photo_url=reverse("members:person_photo", args=[profile.handle])
        if profile.photo and "photo" in shown
        else "",
        languages=[str(LANGUAGES[code]) for code in profile.languages if code in LANGUAGES]
        if "languages" in shown
        else [],
        topics=[themes[code] for code in profile.topics if code in themes] if "topics" in shown else [],
        collectives=collectives,
        is_mine=reader.pk == profile.user_id,
    )
