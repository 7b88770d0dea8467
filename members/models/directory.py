"""What directory and map read: copies that the database keeps by itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members import choices, fields, querysets
from members.models.collectives import Collective


class DirectoryEntry(models.Model):
    """What directory and map show of one published collective: a copy that the database keeps by itself.

    Triggers (migration `directory_entries`) write it in the transaction that publishes, changes or hides a
    collective, so nothing can forget it; no code writes it. There is a row for published collectives only.
    """

    collective = models.OneToOneField(  # the migration's own constraint cascades in the database
        Collective, models.DO_NOTHING, primary_key=True, related_name="entry", db_constraint=False
    )
    # What map and counts read of every row stands first: the further a column, the longer it takes to reach.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    founding_year = models.PositiveSmallIntegerField(null=True)
    region = models.CharField(max_length=6, choices=choices.Region)
    legal_form_group = models.CharField(max_length=20, choices=choices.LegalFormGroup)
    geo_scale = models.CharField(max_length=40)
    sectors = ArrayField(models.CharField(max_length=40))
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120)
    country = models.CharField(max_length=6, choices=choices.Country)
    place_name = models.CharField(max_length=80)
    summary = models.CharField(max_length=220)
    since = models.DateTimeField()
    search = models.TextField()

    objects = querysets.DirectoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the directory")
        verbose_name_plural = _("directory")
        indexes = [
            models.Index(fields=["sort_name", "collective"], name="entry_by_name"),
            models.Index(fields=["-since", "collective"], name="entry_by_date"),
            models.Index(fields=["region"], name="entry_region"),
            GinIndex(fields=["sectors"], name="entry_sectors"),
            GinIndex(fields=["search"], name="entry_search", opclasses=["gin_trgm_ops"]),
            # Answers the map, filters and all, without the table itself.
            models.Index(
                fields=["latitude", "longitude"],
                name="entry_box",
                include=["collective", "sectors", "region", "legal_form_group", "founding_year", "geo_scale"],
                condition=Q(latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MapCell(models.Model):
    """From 100,000 pins on: a cell of the map's grid with its pins, which lie together in the bits of `MapBits`."""

    zoom = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    first = models.PositiveIntegerField()
    pins = models.PositiveIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    one_spot = models.BooleanField()

    class Meta:
        verbose_name = _("cell of the map")
        verbose_name_plural = _("cells of the map")
        constraints = [models.UniqueConstraint(fields=["zoom", "x", "y"], name="cell_once")]

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"


class MapBits(models.Model):
    """One value of a filter, with a bit per pin: whether it has that value. The pins stand along a Z-curve."""

    facet = models.CharField(max_length=16)
    value = models.CharField(max_length=40)
    bits = fields.BitStringField()

    class Meta:
        verbose_name = _("bits of the map")
        verbose_name_plural = _("bits of the map")
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="bits_once")]

    def __str__(self) -> str:
        return f"{self.facet}: {self.value}"


class MapPlace(models.Model):
    """Whose bit stands at this place in `MapBits`: the pins first, along the Z-curve, then who has no pin."""

    place = models.PositiveIntegerField(primary_key=True)
    collective_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("place in the bits of the map")
        verbose_name_plural = _("places in the bits of the map")

    def __str__(self) -> str:
        return str(self.place)
