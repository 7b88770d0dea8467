"""The map and the list beside it in a real browser, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible

pytestmark = pytest.mark.journey
MAKE = "from members.demo import make_collectives; make_collectives(60, seed=11)"
NORTHERNMOST = """() => [...document.querySelectorAll("#map .map__cluster")]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0].click()"""
FOCUS = "document.activeElement.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def site(platform):
    platform.manage("shell", "-v", "0", "-c", MAKE)
    return f"http://127.0.0.1:{platform.web_port}"


def loaded(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page.locator("#map .leaflet-marker-icon")


def count_above(page):
    return int(re.match(r"\d+", page.locator(".directory__count").inner_text())[0])


@pytest.mark.parametrize("path", ["/kaart/", "/kaart/embed/", "/collectieven/", "/en/collectieven/"])
@pytest.mark.parametrize("width", [1280, 360])
def test_map_pages_are_accessible_and_ask_nobody_else(page, site, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    loaded(page, site + path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_every_marker_has_a_name_of_its_own_and_all_collectives_are_on_the_map(page, site):
    markers = loaded(page, f"{site}/kaart/")
    names = markers.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) > 3
    numbers = [re.match(r"([\d.]+) collectieven", name) for name in names]
    shown = sum(int(found[1].replace(".", "")) if found else 1 for found in numbers)
    pins = page.request.get(f"{site}/kaart/pins.geojson").json()["features"]
    assert shown == len(pins)


def test_keyboard_zooms_a_cluster_opens_a_pin_and_comes_back(page, site):
    loaded(page, f"{site}/kaart/")
    page.locator("#map .map__cluster").first.focus()
    for _ in range(8):
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
        if page.locator(".leaflet-popup").count():
            break
        assert "Ingezoomd" in page.locator("[data-map-status]").inner_text()
        assert page.evaluate(FOCUS)
    link = page.locator(".leaflet-popup-content a").first
    assert link.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)
    assert page.locator(".leaflet-popup").count() == 0
    assert page.evaluate("document.activeElement.closest('#map .leaflet-marker-icon') !== null")


def test_pins_on_one_spot_open_as_a_list(page, site, platform):
    make = (
        "from members.models import Collective, MapPin;"
        "pks = list(Collective.objects.published().filter(pin__isnull=False).values_list('pk', flat=True)[:3]);"
        "MapPin.objects.filter(collective__in=pks).update(latitude=53.65, longitude=5.8)"
    )
    platform.manage("shell", "-v", "0", "-c", make)
    platform.manage("shell", "-v", "0", "-c", "from members import map_cache; map_cache.forget()")
    loaded(page, f"{site}/kaart/")
    for _ in range(10):  # the spot lies north of all others
        page.evaluate(NORTHERNMOST)
        page.wait_for_timeout(600)
        if page.locator(".leaflet-popup li").count():
            break
    assert page.locator(".leaflet-popup li a").count() == 3


def test_filters_change_list_and_map_together_and_back_undoes_it(page, site):
    loaded(page, f"{site}/collectieven/")
    everything = page.locator(".directory__count").inner_text()
    page.locator("summary", has_text="Provincie").click()
    page.locator("input[name=region]").first.check()
    page.wait_for_url("**/collectieven/?region=*")
    page.wait_for_load_state("networkidle")
    box = page.locator("input[name=region]").first
    expect(box).to_be_visible()  # the filter stays open
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    number = count_above(page)
    assert page.locator(".entries > li").count() == min(number, 24)
    assert "region=" in page.locator("[data-map-link]").get_attribute("href")
    page.go_back()
    expect(page.locator("input[name=region]:checked")).to_have_count(0)
    expect(page.locator(".directory__count")).to_have_text(everything)
    assert number < count_above(page)


def test_list_and_filters_work_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/collectieven/")
    page.locator("summary", has_text="Terrein").click()
    page.locator("input[name=sector]").first.check()
    page.locator("details[open] button").click()
    assert "sector=" in page.url
    assert page.locator(".entries > li").count() > 0
    page.goto(f"{site}/kaart/")
    assert page.locator(".map__off a").is_visible()
    context.close()
