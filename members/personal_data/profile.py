"""The personal profile, with its photo."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import storage
from collectievekracht.common.personal import Rows, rows
from collectievekracht.common.registry import PersonalData
from members.models import PersonalProfile


def _profile(user_id: int | None, email: str) -> Rows:
    yield from rows(
        PersonalProfile.objects.filter(user_id=user_id) if user_id else PersonalProfile.objects.none(),
        *("handle", "function", "about", "languages", "topics", "photo", "audiences", "changed_at"),
    )


def photo_of(user_id: int) -> Iterator[tuple[str, bytes]]:
    """The person's photo, when there is one."""
    for name in (
        PersonalProfile.objects.filter(user_id=user_id).exclude(photo="").values_list("photo", flat=True)
    ):
        if storage.exists(name):
            yield f"foto{name[name.rfind('.') :] if '.' in name else ''}", storage.read(name)


def _forget_profile(user_id: int | None, email: str) -> None:
    if user_id is None:
        return
    mine = PersonalProfile.objects.filter(user_id=user_id)
    for name in mine.exclude(photo="").values_list("photo", flat=True):
        storage.delete(name)
    mine.delete()


PROFILE = PersonalData(
    "profile",
    _("Your personal profile"),
    _profile,
    _forget_profile,
    models=("members.PersonalProfile",),
    what=_("What you tell of yourself, your photo, and who may see which part."),
    files=photo_of,
)
