"""Charts: the same SVG in page and PDF, whole numbers, told in words."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from collectievekracht.common import charts

REGIONS = settings.BASE_DIR / "members" / "data" / "regions.geojson"
SCORES = {"culture": 80, "leadership": 75, "network": 40, "business": None, "community": 65}


def parsed(svg):
    return ElementTree.fromstring(svg)


def test_flower_is_an_image_with_a_name_and_a_description():
    svg = parsed(charts.flower(SCORES, "De vijf <voorwaarden>", "koers 80"))
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "De vijf <voorwaarden>. koers 80"
    assert [child.tag for child in svg][:2] == ["title", "desc"]


def test_flower_leaves_a_missing_condition_as_an_outline():
    svg = parsed(charts.flower(SCORES, "t", "d"))
    drawn = [shape.get("class") for shape in svg if shape.tag in {"path", "circle"}]
    assert drawn.count("c-business s-business") == 1
    assert "c-business" not in drawn
    assert "c-network" in drawn


@given(st.floats(min_value=0, max_value=100))
def test_flower_has_whole_numbers_for_any_score(score):
    svg = charts.flower(dict.fromkeys(charts.CONDITIONS, score), "t", "d")
    for path in re.findall(r' d="([^"]+)"', svg):
        assert "." not in path
        assert "nan" not in path


def test_every_shape_has_a_class_and_a_fill_of_its_own():
    pictures = [
        charts.flower(SCORES, "t", "d"),
        charts.bar("b", 50, group=(20, 60)),
        charts.dot_row("d", 2),
        charts.region_map(REGIONS, "m", pins=[(5, 52)], clusters=[(5, 52, 30)]),
        charts.locator(REGIONS, "l", 5.2, 52.1),
        charts.logo(),
        charts.swatch("network"),
    ]
    for picture in pictures:
        for shape in parsed(picture).iter():
            if shape.tag in {"path", "circle", "rect"}:
                assert {"class", "fill"} <= set(shape.keys()), picture
        assert "style=" not in picture


@pytest.mark.parametrize(("value", "x"), [(0, 0), (50, 197), (100, 394)])
def test_bar_keeps_the_mark_inside_the_track(value, x):
    marks = [shape for shape in parsed(charts.bar("b", value)) if shape.get("class") == "c-ink"]
    assert [int(mark.get("x")) for mark in marks] == [x]


def test_bar_without_a_value_has_no_mark():
    assert "c-ink" not in charts.bar("b", None, group=(20, 60))


def test_parcels_hold_every_region_within_the_map():
    projection, regions = charts.parcels(REGIONS, 600)
    assert {"NL-UT", "BE-VAN", "BE-BRU"} <= {region.code for region in regions}
    assert len(regions) == 18
    for region in regions:
        numbers = [int(number) for number in re.findall(r"\d+", region.path)]
        assert max(numbers[::2]) <= projection.width
        assert max(numbers[1::2]) <= projection.height


def test_pin_lies_where_its_place_lies():
    projection, _regions = charts.parcels(REGIONS, 600)
    utrecht, groningen = projection.point(5.12, 52.09), projection.point(6.57, 53.22)
    assert utrecht[0] < groningen[0]
    assert utrecht[1] > groningen[1]


def test_map_marks_the_asked_region_only():
    svg = parsed(charts.region_map(REGIONS, "m", marked=["NL-UT"]))
    assert sum("c-land--on" in (shape.get("class") or "") for shape in svg) == 1
