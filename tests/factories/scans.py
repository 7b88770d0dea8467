"""Answers for tests: the three published examples, and made-up scans in every variety."""

import copy
import functools
from pathlib import Path

import yaml
from hypothesis import strategies as st

from selfscan.conditions import holds, is_answered, options_given

DATA = Path(__file__).parent.parent / "data"
YEAR = 2026


@functools.cache
def _examples():
    scans = yaml.safe_load((DATA / "example-scans.yaml").read_text(encoding="utf-8"))["scans"]
    return {scan["code"]: scan["answers"] for scan in scans}


def example(code="example_energy", **changes):
    """One published example; an answer that is None is left out."""
    answers = copy.deepcopy(_examples()[code]) | changes
    return {code: answer for code, answer in answers.items() if answer is not None}


EXAMPLES = tuple(_examples())


@functools.cache
def expected():
    """The published scores of the examples."""
    return yaml.safe_load((DATA / "example-scans.expected.yaml").read_text(encoding="utf-8"))["expected"]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**18, 10**40)
    | st.floats()
    | st.sampled_from(
        ["", "dk", "nl", "yes", "other", "none", "1", "5", "\x00", "\u202e", "9" * 400, "https://a.nl"]
    )
    | st.text(alphabet=st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def scans(draw, definition, *, complete=True):
    """Right answers to every visible question, or (not complete) to some of them."""
    answers = {}
    for question in definition.questions:
        if question.show_if is not None and not holds(question.show_if, answers):
            continue
        needed = question.required and complete
        answer = draw(_answer(question, answers) if needed else st.none() | _answer(question, answers))
        if is_answered(answer):
            answers[question.code] = answer
    return answers


def _answer(question, answers):
    rules = question.validation
    if question.type in ("short_text", "long_text"):
        if question.code == "postcode":
            return st.sampled_from(
                ["1234 AB", "9999XY"] if answers.get("country") != "be_vlg" else ["9000", "1000"]
            )
        return st.sampled_from(
            ["Een klein collectief van buren die samen iets moois willen maken.", "Ωé" * 30]
        )
    if question.type == "integer":
        return st.integers(rules.min, rules.max) | st.integers(0, 600)
    if question.type == "year":
        return st.integers(rules.min, YEAR)
    if question.type == "multiple":
        options = options_given(question, answers)
        plain = [option.code for option in options if not option.exclusive]
        alone = [[option.code] for option in options if option.exclusive]
        most = min(rules.max_select or len(plain), len(plain))
        several = st.lists(st.sampled_from(plain), min_size=1, max_size=most, unique=True)
        return several | st.sampled_from(alone) if alone else several
    if question.type == "likert5" or (question.type == "single" and question.items):
        codes = (
            [1, 2, 3, 4, 5, "dk"]
            if question.type == "likert5"
            else [option.code for option in question.options]
        )
        return st.fixed_dictionaries({item.code: st.sampled_from(codes) for item in question.items})
    if question.type == "single":
        return st.sampled_from([option.code for option in options_given(question, answers)])
    if question.type == "scale_0_4_matrix":
        row = st.fixed_dictionaries({"now": st.integers(0, 4)}, optional={"future": st.integers(0, 4)})
        codes = [item.code for item in question.items]
        return st.fixed_dictionaries(dict.fromkeys(codes[:3], row), optional=dict.fromkeys(codes[3:], row))
    if question.type == "percentage_split":
        return _split([part.code for part in question.parts])
    return {
        "url": st.just("https://voorbeeld.example/"),
        "email": st.just("bestuur@voorbeeld.example"),
        "place": st.just({"name": "Fantasieveen"}),
        "yes_no": st.booleans(),
    }[question.type]


def _split(parts):
    borders = st.lists(st.integers(0, 100), min_size=len(parts) - 1, max_size=len(parts) - 1).map(sorted)
    return borders.map(
        lambda cuts: {
            part: end - start
            for part, start, end in zip(parts, [0, *cuts], [*cuts, 100], strict=True)
            if end > start
        }
    )
