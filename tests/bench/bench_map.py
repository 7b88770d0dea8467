"""The map at 300, 10,000 and 1,000,000 collectives."""

import gzip
import os

from django.db import connection
from django.http import QueryDict

from members.filters import DirectoryFilter
from members.gazetteer import gazetteer
from members.models import DirectoryEntry
from members.queries_map import Box, answer
from members.services.map_grid import refresh_map_grid
from tests.bench.harness import Line, in_database, limit_line

COUNTRY, CITY = (Box(2.5, 49.4, 7.3, 53.7), 7), (Box(4.75, 52.28, 5.05, 52.45), 12)
FILTERS = "sector=energy&sector=housing&age=y2010_2014&age=y2015_2019"
LARGEST = int(os.environ.get("BENCH_PINS", "1000000"))
COLUMNS = (
    "collective_id, slug, name, sort_name, country, place_name, region, summary, sectors, legal_form_group, founding_year,"
    " geo_scale, since, search, latitude, longitude"
)


def fill(number: int) -> None:
    """So many made-up entries straight into the directory: more in large places, one of seven at a spot of its own."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_directoryentry DROP CONSTRAINT IF EXISTS entry_of_collective")
        cursor.execute("DROP INDEX IF EXISTS entry_search")
        cursor.execute("TRUNCATE members_directoryentry")
        cursor.execute("CREATE TEMP TABLE towns (place text, region text, lat float, lon float, upto float)")
        total, so_far = sum(place.population + 200 for place in gazetteer.places), 0
        with cursor.copy("COPY towns FROM STDIN") as copy:
            for place in gazetteer.places:
                so_far += place.population + 200
                copy.write_row((place.name, place.region, place.latitude, place.longitude, so_far / total))
        cursor.execute("CREATE INDEX ON towns (upto)")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            f"""
            INSERT INTO members_directoryentry ({COLUMNS})
            SELECT i, 'collectief-' || i, 'Energiecoöperatie ' || place || ' ' || i, 'energiecooperatie ' || lower(place) || i,
                CASE WHEN region LIKE 'NL%%' THEN 'nl' ELSE 'be_vlg' END, place, region, 'Samen wekken wij stroom op.',
                (ARRAY['{{energy}}', '{{energy,housing}}', '{{food}}', '{{care,liveability}}', '{{housing}}',
                    '{{mobility,energy}}', '{{culture}}', '{{digital}}'])[1 + floor(power(b, 1.5) * 8)::int]::varchar[],
                (ARRAY['cooperative', 'association', 'foundation', 'company', 'informal', 'other'])[1 + floor(c * c * 6)::int],
                1990 + floor(d * 36)::int,
                (ARRAY['street', 'neighbourhood', 'village', 'municipality', 'region'])[1 + floor(b * 5)::int],
                now() - i * interval '1 minute', ' energiecooperatie ' || lower(place) || ' samen wekken wij stroom op ',
                lat + CASE WHEN d < 0.15 THEN (b - 0.5) * 0.1 ELSE 0 END,
                lon + CASE WHEN d < 0.15 THEN (c - 0.5) * 0.15 ELSE 0 END
            FROM (SELECT i, random() AS a, random() AS b, random() AS c, random() AS d FROM generate_series(1, %s) AS i) AS dice
            CROSS JOIN LATERAL (SELECT * FROM towns WHERE upto >= a ORDER BY upto LIMIT 1) AS town""",
            [number],
        )
        cursor.execute("DROP TABLE towns")
        cursor.execute("CREATE INDEX entry_search ON members_directoryentry USING gin (search gin_trgm_ops)")
        cursor.execute("VACUUM ANALYZE members_directoryentry")
    refresh_map_grid()
    with connection.cursor() as cursor:
        for table in ("mapcell", "mapbits", "mapplace"):
            cursor.execute(f"VACUUM ANALYZE members_{table}")


def asking(view: tuple[Box, int] | None, query: str):
    """A question to the map, as its view asks it."""
    asked = DirectoryFilter(QueryDict(query), queryset=DirectoryEntry.objects.all())
    search, conditions = asked.conditions()
    values = {facet: asked.asked[facet] for facet in conditions}
    box, zoom = view or (COUNTRY[0], None)
    return lambda: answer(box, zoom, search, conditions, values, "/collectieven/")


def lines() -> list[Line]:
    """Measure the map."""
    found = []
    fill(300)
    packed = len(gzip.compress(asking(None, "")().encode())) / 1000
    found.append(limit_line("map: 300 pins one by one, gzipped", packed, 10, "kB"))
    fill(10_000)
    for name, view in (("country", COUNTRY), ("city", CITY)):
        found.append(
            limit_line(f"map: 10,000 pins, {name}", in_database(asking(view, "")), 5, "ms in the database")
        )
        found.append(
            limit_line(
                f"map: 10,000 pins, {name}, filtered",
                in_database(asking(view, FILTERS)),
                15,
                "ms in the database",
            )
        )
    fill(LARGEST)
    size = f"{LARGEST:,} pins"
    for name, view, bound in (("country", COUNTRY, 35), ("city", CITY, 5)):
        found.append(
            limit_line(f"map: {size}, {name}", in_database(asking(view, "")), bound, "ms in the database")
        )
        found.append(
            limit_line(
                f"map: {size}, {name}, filtered",
                in_database(asking(view, FILTERS)),
                3 * bound,
                "ms in the database",
            )
        )
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_directoryentry, members_mapcell, members_mapbits, members_mapplace")
    return found
