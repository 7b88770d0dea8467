"""Instruments with something changed in them."""

import copy
import json
import re

import pytest
import yaml

from selfscan.instrument import INSTRUMENTS, parse_instrument


@pytest.fixture(scope="session")
def instrument_data():
    """The first instrument as plain data; make a copy before changing it."""
    text = (INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="session")
def edited(instrument_data):
    """Parse the instrument with other values at these places; a value that is Ellipsis is taken out."""

    def parse(changes):
        data = copy.deepcopy(instrument_data)
        for place, value in changes.items():
            *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", place)]
            target = data
            for step in way:
                target = target[step]
            if value is ...:
                del target[last]
            elif last == "append":
                target.append(value)
            else:
                target[last] = value
        return parse_instrument(json.dumps(data))

    return parse
