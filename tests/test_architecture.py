"""The floors of the house, as far as the import linter can't see them."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

CHECKOUT = Path(__file__).parent.parent
# From the ground up; apps on one floor may not refer to each other.
FLOORS = (
    {"common"},
    {"members"},
    {"labs"},
    {"library", "events", "forums"},
    {"newsletter"},
    {"selfscan"},
    {"pages"},
)
FLOOR_OF = {app: number for number, floor in enumerate(FLOORS) for app in floor}
# A view reaches rows by a door: a method that takes who asks or what they hold.
DOORS = {"visible_to", "open_to", "published", "behind", "of", "represented_by", "peopled_for", "shown_alike"}
VIEWS = sorted(
    path
    for path in CHECKOUT.glob("*/views*")
    for path in ([path] if path.suffix == ".py" else sorted(path.glob("*.py")))
)


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOOR_OF]


def test_every_app_of_ours_has_a_floor():
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(CHECKOUT)}
    assert {label for label in ours if ".venv" not in apps.get_app_config(label).path} == set(FLOOR_OF)


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_no_foreign_key_points_up(model):
    floor = FLOOR_OF[model._meta.app_label]
    targets = {
        field.related_model._meta.app_label
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
    }
    higher = {
        target
        for target in targets & FLOOR_OF.keys()
        if FLOOR_OF[target] > floor or (FLOOR_OF[target] == floor and target != model._meta.app_label)
    }
    assert higher == set()


def test_the_machinery_has_no_foreign_keys():
    relations = [
        field
        for model in apps.get_app_config("common").get_models()
        for field in model._meta.get_fields()
        if field.is_relation
    ]
    assert relations == []


def objects_without_a_door(source):
    """Where `X.objects` is followed by anything but a door."""
    followed = {
        node.value
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute) and node.attr in DOORS and isinstance(node.value, ast.Attribute)
    }
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute) and node.attr == "objects" and node not in followed
    ]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_view_reaches_rows_by_a_door(path):
    assert objects_without_a_door(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_check_on_doors_can_fail():
    assert objects_without_a_door(ast.parse("Thing.objects.filter(pk=1)")) == ["line 1: Thing.objects"]
    assert objects_without_a_door(ast.parse("Thing.objects.visible_to(user).filter(pk=1)")) == []
