"""A person's own profile, and the photo in it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from collectievekracht.common import storage
from members.models import PersonalProfile, User
from members.signals import person_changed

FOLDER = "photos"
TEXTS = ("function", "about", "languages", "topics")


@transaction.atomic
def save_profile(user: User, given: Mapping[str, Any], audiences: Mapping[str, str]) -> PersonalProfile:
    """Keep what the person tells, and who may see each part of it."""
    profile = _mine(user)
    for field in TEXTS:
        setattr(profile, field, given[field])
    profile.audiences |= {field: str(audience) for field, audience in audiences.items()}
    profile.save()
    if given["name"] != user.name:
        user.name = given["name"]
        user.save(update_fields=["name"])
    person_changed.send(sender=PersonalProfile, user_id=user.pk)
    return profile


@transaction.atomic
def set_photo(user: User, webp: bytes) -> None:
    """Keep this photo, which `photos.clean_photo` made, in place of the one that was there."""
    name = storage.write_atomically(f"{FOLDER}/{secrets.token_urlsafe(24)}.webp", webp)
    _replace(_mine(user), name)


@transaction.atomic
def remove_photo(user: User) -> None:
    """Take the person's photo away, file and all; nothing happens when there is none."""
    profile = PersonalProfile.objects.select_for_update().filter(user=user).first()
    if profile:
        _replace(profile, "")


def _mine(user: User) -> PersonalProfile:
    PersonalProfile.objects.get_or_create(user=user)
    return PersonalProfile.objects.select_for_update().get(user=user)


def _replace(profile: PersonalProfile, name: str) -> None:
    old, profile.photo = profile.photo, name
    profile.save(update_fields=["photo", "changed_at"])
    if old:
        transaction.on_commit(lambda: storage.delete(old), robust=True)
