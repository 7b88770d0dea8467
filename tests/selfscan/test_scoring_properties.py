"""What must hold for every scan, whatever its answers."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from selfscan.answers import check_answers
from selfscan.conditions import visible_questions
from selfscan.instrument import INSTRUMENTS, parse_instrument
from selfscan.scoring import membership, score
from tests.factories.scans import YEAR, json_values, scans

DEFINITION = parse_instrument((INSTRUMENTS / "zelfscan-2026.1.yaml").read_text(encoding="utf-8"))
LIKERT = {
    item.code: (question.code, item.reverse)
    for question in DEFINITION.questions
    if question.type == "likert5"
    for item in question.items
}
MAPPED = ("succession", "breach_response", "reserves_months")
INDICATORS_OF = {}
for _indicator in DEFINITION.scoring.indicators:
    for _scored in _indicator.items:
        INDICATORS_OF.setdefault(_scored.item, []).append(_indicator.code)

any_scan = scans(DEFINITION)
any_draft = scans(DEFINITION, complete=False)
few = settings(max_examples=40, deadline=None)


def scored(answers):
    return score(DEFINITION, answers, completed_year=YEAR)


@few
@given(any_scan)
def test_made_up_scans_are_right(answers):
    checked = check_answers(DEFINITION, answers, year=YEAR)

    assert checked.problems == ()
    assert checked.answers == answers


@few
@given(any_draft)
def test_scores_stay_in_bounds(answers):
    result = scored(answers)
    values = [each.score for each in result.indicators.values()]
    values += [value for each in result.pressure.values() for value in (each.now, each.future, each.combined)]

    assert all(value is None or 0 <= value <= 100 for value in values)
    for each in result.indicators.values():
        assert (each.score is None) is (each.level in ("insufficient", "not_applicable"))
        assert (each.membership is None) is (each.score is None or each.lens != "durability")
        assert each.membership is None or 0 < each.membership < 1
        assert each.score is None or abs(each.display - each.score) <= 0.05 + 1e-9


@few
@given(any_scan, st.sampled_from(sorted(LIKERT)))
def test_better_answer_never_lowers_an_indicator(answers, item):
    question, reverse = LIKERT[item]
    if question not in answers:
        return
    before = None
    for value in (5, 4, 3, 2, 1) if reverse else (1, 2, 3, 4, 5):
        answers[question][item] = value
        after = scored(answers).indicators
        for code in INDICATORS_OF[item]:
            if before is not None and before[code].score is not None:
                assert after[code].score > before[code].score
                assert after[code].membership is None or after[code].membership > before[code].membership
        before = after


@few
@given(any_scan, st.sampled_from(MAPPED))
def test_better_option_never_lowers_an_indicator(answers, code):
    if code not in answers:
        return
    options = [option for option in DEFINITION.question(code).options if option.score is not None]
    before = None
    for option in sorted(options, key=lambda each: each.score):
        after = scored(answers | {code: option.code}).indicators
        for indicator in INDICATORS_OF[code]:
            if before is not None and before[indicator].score is not None:
                assert after[indicator].score >= before[indicator].score
        before = after


@few
@given(any_scan, st.sampled_from(sorted(INDICATORS_OF)))
def test_unknown_answer_changes_only_its_own_indicators(answers, item):
    before = scored(answers)
    if item in LIKERT:
        if LIKERT[item][0] not in answers:
            return
        answers[LIKERT[item][0]][item] = "dk"
    else:
        answers.pop(item, None)
    after = scored(answers)

    for code, indicator in after.indicators.items():
        if code in INDICATORS_OF[item]:
            assert indicator.answered <= before.indicators[code].answered
        else:
            assert indicator == before.indicators[code]


@given(st.floats(0, 100), st.floats(0, 100))
def test_membership_grows_with_the_score(one, other):
    low, high = sorted((one, other))
    assert membership(DEFINITION, low) <= membership(DEFINITION, high)
    assert (membership(DEFINITION, high) > 0.5) == (high > 57.5) or abs(high - 57.5) < 1e-9


@few
@given(any_scan, st.randoms(use_true_random=False))
def test_order_of_answers_plays_no_part(answers, chance):
    def shuffled(value):
        if isinstance(value, dict):
            keys = list(value)
            chance.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return chance.sample(value, len(value)) if isinstance(value, list) else value

    assert scored(shuffled(answers)).as_dict() == scored(answers).as_dict()


@few
@given(any_scan, any_scan, json_values)
def test_hidden_answers_change_nothing(answers, others, junk):
    visible = {question.code for question in visible_questions(DEFINITION, answers)}
    hidden = {question.code: junk for question in DEFINITION.questions if question.code not in visible}
    hidden |= {code: answer for code, answer in others.items() if code not in visible}

    assert scored(answers | hidden) == scored(answers)
    checked = check_answers(DEFINITION, answers | hidden, year=YEAR)
    assert checked.problems == ()
    assert checked.answers == answers
    assert set(checked.hidden) == {question.code for question in DEFINITION.questions} - visible


@few
@given(any_scan)
def test_the_necessary_condition_is_never_bought_off(answers):
    result = scored(answers)
    paths = [value for value in result.combination.paths.values() if value is not None]
    culture = result.indicators["shared_culture"].membership

    assert result.combination.solution_membership == (max(paths) if paths else None)
    if culture is not None:
        assert all(value <= culture for value in paths)
    if result.combination.status == "fits_combination":
        assert culture > 0.5
    assert bool(result.combination.missing_conditions) is (result.combination.status == "partly")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([question.code for question in DEFINITION.questions]), json_values))
def test_scores_of_anything_never_raise(answers):
    scored(answers).as_dict()


@few
@given(any_scan, st.data())
def test_scores_of_damaged_scans_never_raise(answers, data):
    damaged = copy.deepcopy(answers)
    code = data.draw(st.sampled_from(sorted(damaged)))
    if isinstance(damaged[code], dict) and data.draw(st.booleans()):
        damaged[code][random.Random(0).choice(sorted(damaged[code]))] = data.draw(json_values)
    else:
        damaged[code] = data.draw(json_values)

    scored(damaged).as_dict()
