import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import members.fields

# Withdrawing, hiding or deleting takes the entry away in the same transaction, whatever code does it. The row of the
# collective is locked first: of two transactions that change one collective, the second sees what the first wrote.
KEEP_ENTRIES = """
ALTER TABLE members_directoryentry DROP CONSTRAINT IF EXISTS entry_of_collective;
ALTER TABLE members_directoryentry ADD CONSTRAINT entry_of_collective
    FOREIGN KEY (collective_id) REFERENCES members_collective (id) ON DELETE CASCADE;

CREATE FUNCTION members_keep_entries(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM members_collective c JOIN unnest(ids) AS changed (id) USING (id)
        ORDER BY c.id FOR NO KEY UPDATE OF c;
    DELETE FROM members_directoryentry e USING members_collective c, unnest(ids) AS changed (id)
        WHERE c.id = changed.id AND e.collective_id = c.id
        AND (c.state <> 'approved' OR c.published_profile_id IS NULL);
    INSERT INTO members_directoryentry AS e (
        collective_id, slug, name, sort_name, country, place_name, region, summary, sectors, legal_form_group,
        founding_year, geo_scale, since, search, latitude, longitude)
    SELECT c.id, c.slug, p.name, c.sort_name, p.country, p.place_name, p.region, p.summary, p.sectors,
        p.legal_form_group, p.founding_year, p.geo_scale, coalesce(c.onboarded_at, c.created_at),
        ' ' || regexp_replace(
            lower(unaccent(normalize(p.name || ' ' || p.place_name || ' ' || p.description))), '[^[:alnum:]]+', ' ', 'g'
        ) || ' ',
        pin.latitude, pin.longitude
    FROM unnest(ids) AS changed (id)
    JOIN members_collective c ON c.id = changed.id AND c.state = 'approved'
    JOIN members_collectiveprofile p ON p.id = c.published_profile_id
    LEFT JOIN members_mappin pin ON pin.collective_id = c.id
    ON CONFLICT (collective_id) DO UPDATE SET
        slug = EXCLUDED.slug, name = EXCLUDED.name, sort_name = EXCLUDED.sort_name, country = EXCLUDED.country,
        place_name = EXCLUDED.place_name, region = EXCLUDED.region, summary = EXCLUDED.summary,
        sectors = EXCLUDED.sectors, legal_form_group = EXCLUDED.legal_form_group,
        founding_year = EXCLUDED.founding_year, geo_scale = EXCLUDED.geo_scale, since = EXCLUDED.since,
        search = EXCLUDED.search, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
    WHERE e IS DISTINCT FROM EXCLUDED;
END $$;

CREATE FUNCTION members_collective_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_keep_entries(ARRAY(SELECT DISTINCT id FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION members_profile_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_keep_entries(ARRAY(
        SELECT c.id FROM members_collective c JOIN changed ON c.published_profile_id = changed.id));
    RETURN NULL;
END $$;
CREATE FUNCTION members_pin_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_keep_entries(ARRAY(SELECT DISTINCT collective_id FROM changed));
    RETURN NULL;
END $$;

CREATE TRIGGER keep_entry_insert AFTER INSERT ON members_collective
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_collective_changed();
CREATE TRIGGER keep_entry_update AFTER UPDATE ON members_collective
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_collective_changed();
CREATE TRIGGER keep_entry_update AFTER UPDATE ON members_collectiveprofile
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_profile_changed();
CREATE TRIGGER keep_entry_insert AFTER INSERT ON members_mappin
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_pin_changed();
CREATE TRIGGER keep_entry_update AFTER UPDATE ON members_mappin
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_pin_changed();
CREATE TRIGGER keep_entry_delete AFTER DELETE ON members_mappin
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_pin_changed();

SELECT members_keep_entries(ARRAY(SELECT id FROM members_collective));
"""
LET_GO = """
DROP FUNCTION members_collective_changed() CASCADE;
DROP FUNCTION members_profile_changed() CASCADE;
DROP FUNCTION members_pin_changed() CASCADE;
DROP FUNCTION members_keep_entries(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("common", "0002_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "collective",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="members.collective",
                    ),
                ),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("founding_year", models.PositiveSmallIntegerField(null=True)),
                (
                    "region",
                    models.CharField(
                        choices=[
                            ("NL-DR", "Drenthe"),
                            ("NL-FL", "Flevoland"),
                            ("NL-FR", "Fryslân"),
                            ("NL-GE", "Gelderland"),
                            ("NL-GR", "Groningen"),
                            ("NL-LI", "Limburg (Netherlands)"),
                            ("NL-NB", "North Brabant"),
                            ("NL-NH", "North Holland"),
                            ("NL-OV", "Overijssel"),
                            ("NL-UT", "Utrecht (province)"),
                            ("NL-ZE", "Zeeland"),
                            ("NL-ZH", "South Holland"),
                            ("BE-VAN", "Antwerp (province)"),
                            ("BE-VLI", "Limburg (Flanders)"),
                            ("BE-VOV", "East Flanders"),
                            ("BE-VBR", "Flemish Brabant"),
                            ("BE-VWV", "West Flanders"),
                            ("BE-BRU", "Brussels"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "legal_form_group",
                    models.CharField(
                        choices=[
                            ("cooperative", "Cooperative"),
                            ("association", "Association"),
                            ("foundation", "Foundation"),
                            ("company", "Company"),
                            ("partnership", "Partnership"),
                            ("informal", "No legal form"),
                            ("combination", "Combination"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("geo_scale", models.CharField(max_length=40)),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("slug", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("sort_name", models.CharField(max_length=120)),
                (
                    "country",
                    models.CharField(
                        choices=[("nl", "The Netherlands"), ("be_vlg", "Flanders or Brussels")], max_length=6
                    ),
                ),
                ("place_name", models.CharField(max_length=80)),
                ("summary", models.CharField(max_length=220)),
                ("since", models.DateTimeField()),
                ("search", models.TextField()),
            ],
            options={
                "verbose_name": "entry of the directory",
                "verbose_name_plural": "directory",
                "indexes": [
                    models.Index(fields=["sort_name", "collective"], name="entry_by_name"),
                    models.Index(fields=["-since", "collective"], name="entry_by_date"),
                    models.Index(fields=["region"], name="entry_region"),
                    django.contrib.postgres.indexes.GinIndex(fields=["sectors"], name="entry_sectors"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="entry_search", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        condition=models.Q(("latitude__isnull", False)),
                        fields=["latitude", "longitude"],
                        include=(
                            "collective",
                            "sectors",
                            "region",
                            "legal_form_group",
                            "founding_year",
                            "geo_scale",
                        ),
                        name="entry_box",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MapBits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=16)),
                ("value", models.CharField(max_length=40)),
                ("bits", members.fields.BitStringField()),
            ],
            options={
                "verbose_name": "bits of the map",
                "verbose_name_plural": "bits of the map",
                "constraints": [models.UniqueConstraint(fields=("facet", "value"), name="bits_once")],
            },
        ),
        migrations.CreateModel(
            name="MapCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("zoom", models.PositiveSmallIntegerField()),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("first", models.PositiveIntegerField()),
                ("pins", models.PositiveIntegerField()),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("one_spot", models.BooleanField()),
            ],
            options={
                "verbose_name": "cell of the map",
                "verbose_name_plural": "cells of the map",
                "constraints": [models.UniqueConstraint(fields=("zoom", "x", "y"), name="cell_once")],
            },
        ),
        migrations.RunSQL(KEEP_ENTRIES, LET_GO),
    ]
