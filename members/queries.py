"""Reads that several services share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from members.models import (
    Collective,
    CollectiveProfile,
    Consent,
    DirectoryEntry,
    ImportedCollective,
    MapPin,
    User,
)
from members.querysets import CollectiveQuerySet
from members.text import sort_key, website_key

GROWING = (CollectiveProfile, Consent, MapPin, DirectoryEntry, ImportedCollective)


def admins_to_notify() -> list[str]:
    """The addresses of the platform admins."""
    return list(
        User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("email", flat=True)
    )


def similar_collectives(*, name: str, place: str, website: str = "", email: str = "") -> CollectiveQuerySet:
    """Collectives that may be the same one: the same name in the same place, the same website, the same address.

    Of all states: a caller that answers a visitor narrows it to `published()`.
    """
    same = Q(sort_name=sort_key(name), profiles__place_name__iexact=place)
    if site := website_key(website):
        same |= Q(profiles__website__iregex=rf"^https?://(www\.)?{site}/?$")
    if email:
        same |= Q(contact_email__iexact=email)
    found = Collective.objects.filter(same, merged_into=None).values("pk")
    return Collective.objects.filter(pk__in=found)


def public_addresses() -> Iterator[tuple[str, date | None]]:
    """Every public profile, for the sitemap, with the day of its last approved change."""
    published = Collective.objects.visible_to(AnonymousUser()).order_by("pk")
    rows = published.values_list("slug", "published_profile__decided_at")
    base = reverse("members:directory")
    for slug, changed in rows.iterator(chunk_size=5000):
        yield f"{base}{slug}/", timezone.localdate(changed) if changed else None


def one_import_at_a_time() -> None:
    """Wait until no other import writes, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.import'))")


def look_at_sizes_anew() -> None:
    """Let the database plan by what was written in this transaction: plans made on empty tables read them whole."""
    tables = ", ".join(model._meta.db_table for model in (Collective, *GROWING))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
