"""The first instrument is read whole; a wrong one is refused with the place and the reason."""

# ruff: noqa: E501 -- a table reads best with one case a line

import hashlib
import re
import time

import pytest

from selfscan.instrument import (
    INSTRUMENTS,
    InstrumentError,
    instrument_file,
    instrument_hash,
    parse_instrument,
    text,
)

FILE = INSTRUMENTS / "zelfscan-2026.1.yaml"
TEXT = FILE.read_text(encoding="utf-8")
SHA256 = "e2391dea2453f3ff06db79e4168de76842e7883425b0d322664bdb2dede488b9"


def test_the_first_instrument_is_unchanged():
    """A published file never changes: what is new is a new version."""
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == SHA256
    assert instrument_hash(TEXT) == SHA256
    assert instrument_file("2026.1") == FILE


def test_the_first_instrument_is_read_whole(definition):
    assert (definition.version, definition.scoring_version, definition.sha256) == ("2026.1", "2026.1", SHA256)
    assert (len(definition.sections), len(definition.questions)) == (9, 55)
    assert definition.question("place").type == "place"
    assert definition.section("consent").title["nl"] == "Toestemming en contact"
    assert definition.section_of("place").code == "about"
    assert [option.value for option in definition.question("member_practice").scale] == [1, 2, 3, 4, 5, "dk"]
    assert [column.code for column in definition.question("chal_members").columns] == ["now", "future"]
    assert definition.retired == ()


def test_definitions_of_one_file_are_equal(definition, edited):
    same, other = parse_instrument(TEXT), edited({"instrument.title.nl": "Anders"})

    assert same == definition
    assert hash(same) == hash(definition)
    assert other != definition


def test_a_definition_is_frozen(definition):
    with pytest.raises(ValueError, match="frozen"):
        definition.question("place").required = False


def test_reading_is_fast():
    start = time.process_time()
    parse_instrument(TEXT)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ({"nl": "ja", "en": "yes"}, "nl", "ja"),
        ({"nl": "ja", "en": "yes"}, "en", "yes"),
        ({"nl": "ja", "en": "yes"}, "en-gb", "yes"),
        ({"nl": "ja"}, "en", "ja"),
        ({"nl": "ja"}, "fr", "ja"),
        (None, "nl", ""),
    ],
)
def test_text_falls_back_to_dutch(value, language, shown):
    assert text(value, language) == shown


# --- what is not readable at all


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        ("", "file", "valid dictionary|object"),
        ("[]", "file", "object"),
        ("just words", "file", "object"),
        ("a: [1, 2", "line [12]", "not YAML"),
        ("a: 1\nb: 2\na: 3", "line 3", "'a' stands here twice"),
        ("a: &x [1]\nb: *x", "line 2", "references"),
        ("!!python/object/apply:os.system ['true']", "line 1", "not YAML"),
        ("a: \x00", "file", "not YAML"),
        ("a: " + "[" * 5000, "", ""),
        ("a: 2026-02-31", "file", "cannot be read|not YAML"),
        ("x" * 2_000_001, "file", "longer"),
        (TEXT.replace("schema_version:", "schema_versie:", 1), "schema_version|file", "required"),
        ("schema_version: \ud800", "file", "not YAML|cannot"),
    ],
    ids=range(13),
)
def test_unreadable_file_is_refused(content, place, reason):
    with pytest.raises(InstrumentError) as refused:
        parse_instrument(content)

    assert re.search(place, refused.value.place)
    assert re.search(reason, refused.value.reason)
    assert str(refused.value).startswith(f"{refused.value.place}: ")


# --- what refers to something that isn't there, or contradicts it: (where to change, the new value, place, reason)

Q = "sections[0].questions"
OPTION = {"code": "nl", "label": {"nl": "Nog een"}}
WRONG = [
    # shape
    ("schema_version", "2.0", "schema_version", "'1.0'"),
    ("extra", 1, "extra", "not permitted"),
    ("instrument.version", "newest", "instrument.version", "pattern"),
    ("instrument.title", {"en": "Self-scan"}, "instrument.title", "Dutch text (nl) is missing"),
    ("instrument.title", {"nl": ""}, "instrument.title.nl", "at least 1 character"),
    ("instrument.title", {"nl": "x", "de": "x"}, "instrument.title", "'de' is no language"),
    ("sections[0].questions[0].colour", "red", f"{Q}[0].colour", "not permitted"),
    ("sections[0].questions[0].required", "yes", f"{Q}[0].required", "boolean"),
    ("sections[0].questions[0].required", ..., f"{Q}[0].required", "required"),
    ("sections[0].questions[0].type", "essay", f"{Q}[0].type", "short_text"),
    ("sections[0].questions[0].visibility", "everyone", f"{Q}[0].visibility", "public_profile"),
    ("sections[0].questions[0].code", "Org Name", f"{Q}[0].code", "pattern"),
    ("sections[0].questions[0].code", "org__name", f"{Q}[0].code", "pattern"),
    ("sections[0].questions[0].validation.max_length", "120", f"{Q}[0].validation.max_length", "integer"),
    ("sections[0].questions[0].validation.max_length", -1, f"{Q}[0].validation.max_length", "greater"),
    ("sections[0].questions[0].scale", [], f"{Q}[0]", "belong in option_sets"),
    ("sections[0].questions[1].options[0].code", True, f"{Q}[1].options[0].code", "string"),
    ("sections[0].questions[1].options[0].score", 101, f"{Q}[1].options[0].score", "less than or equal to 100"),
    # codes
    ("sections[1].questions[0].code", "org_name", "sections[1].questions[0].code", "already taken by sections[0].questions[0]"),
    ("sections[1].questions[0].code", "place_id", "sections[1].questions[0].code", "already taken"),
    ("sections[1].questions[6].items[0].code", "org_name", "sections[1].questions[6].items[0].code", "already taken"),
    ("sections[3].questions[1].parts[0].code", "inc_sales", "sections[3].questions[1].parts[1].code", "already taken"),
    ("sections[1].code", "about", "sections[1].code", "stands twice"),
    ("sections[1].code", "controle", "sections[1].code", "address of the platform"),
    ("sections[1].code", "bewaard", "sections[1].code", "address of the platform"),
    ("sections[0].questions[1].options.append", OPTION, f"{Q}[1].options", "'nl' stands twice"),
    ("sections[0].questions[0].code", "club_name", "sections", "needs a question 'org_name'"),
    # conditions
    ("sections[0].questions[8].show_if", {"q": "sectors"}, f"{Q}[8].show_if", "a condition is"),
    ("sections[0].questions[8].show_if", {"all": []}, f"{Q}[8].show_if.all", "at least 1"),
    ("sections[0].questions[8].show_if.op", "resembles", f"{Q}[8].show_if.op", "Input should be"),
    ("sections[0].questions[8].show_if.q", "sector", f"{Q}[8].show_if.q", "'sector' is no earlier question"),
    ("sections[0].questions[8].show_if.q", "phase", f"{Q}[8].show_if.q", "'phase' is no earlier question"),
    ("sections[0].questions[8].show_if.q", "main_sector", f"{Q}[8].show_if.q", "no earlier question"),
    ("sections[0].questions[8].show_if.op", "eq", f"{Q}[8].show_if.op", "eq can't be asked of 'sectors'"),
    ("sections[0].questions[8].show_if.value", "two", f"{Q}[8].show_if.value", "must be a number"),
    ("sections[0].questions[8].show_if.value", [2], f"{Q}[8].show_if.value", "count_gte needs one value"),
    ("sections[1].questions[1].show_if.value", "dream", "sections[1].questions[1].show_if.value", "'dream' is no option"),
    ("sections[3].questions[1].show_if.value", "none", "sections[3].questions[1].show_if.value", "not_in needs a list"),
    ("sections[3].questions[1].show_if.value", [], "sections[3].questions[1].show_if.value", "empty"),
    ("sections[8].questions[1].show_if.value", "true", "sections[8].questions[1].show_if.value", "true or false"),
    ("sections[8].questions[1].show_if", {"all": [{"not": {"q": "gold", "op": "answered", "value": True}}]}, "sections[8].questions[1].show_if.all[0].not.q", "no earlier"),
    ("sections[0].questions[9].options[0].show_if.value", "fr", f"{Q}[9].options[0].show_if.value", "'fr' is no option"),
    ("sections[0].questions[9].options[0].show_if.q", "geo_scale", f"{Q}[9].options[0].show_if.q", "no earlier"),
    # where options come from
    ("sections[0].questions[8].options_from", "sector", f"{Q}[8].options_from", "no earlier question of type multiple"),
    ("sections[0].questions[8].options_from", "country", f"{Q}[8].options_from", "no earlier question of type multiple"),
    ("sections[0].questions[8].options", [OPTION], f"{Q}[8]", "exclude each other"),
    ("sections[7].questions[0].options_from_vocabulary", "birds", "sections[7].questions[0].options_from_vocabulary", "'birds'"),
    ("sections[0].questions[1].extra_options", [OPTION], f"{Q}[1].extra_options", "options_from_vocabulary only"),
    ("sections[7].questions[0].extra_options[0].code", "financing", "sections[7].questions[0].options", "stands twice"),
    ("sections[1].questions[6].option_set", "agree7", "sections[1].questions[6].option_set", "no option set 'agree7'"),
    ("sections[1].questions[6].option_set", "severity_0_4", "sections[1].questions[6].option_set", "scale_0_4_matrix"),
    ("option_sets.agree5.options[0].value", 0, "option_sets.agree5.options", "the values of likert5"),
    ("option_sets.severity_0_4.columns", [], "option_sets.severity_0_4.columns", "must be"),
    # shape of questions
    ("sections[0].questions[1].options", ..., f"{Q}[1].options", "needed for single"),
    ("sections[0].questions[0].options", [OPTION], f"{Q}[0].options", "not for short_text"),
    ("sections[1].questions[6].items", [], "sections[1].questions[6].items", "needed for likert5"),
    ("sections[3].questions[1].parts", [], "sections[3].questions[1].parts", "needed for percentage_split"),
    ("sections[0].questions[1].options[0].exclusive", True, f"{Q}[1].options[0]", "type multiple"),
    ("sections[2].questions[3].options[0].score", ..., "sections[2].questions[3].options[0].score", "every option needs a score"),
    ("sections[2].questions[3].options[0].score", None, "sections[2].questions[3].options[0].score", "missing: true"),
    ("sections[0].questions[0].validation.max_select", 3, f"{Q}[0].validation.max_select", "not for a question of type short_text"),
    ("sections[0].questions[0].validation.min_length", 500, f"{Q}[0].validation.max_length", "120 is below 500"),
    ("sections[0].questions[7].validation.min_select", 60, f"{Q}[7].validation.max_select", "below"),
    ("sections[6].questions[1].validation.min_rows_answered", 5, "sections[6].questions[1].validation.min_rows_answered", "there are 4 rows"),
    ("sections[1].questions[0].validation.max", "current_year", "sections[1].questions[0].validation.max", "for a year"),
    ("sections[3].questions[1].validation.sum", 99, "sections[3].questions[1].validation.sum", "100"),
    ("sections[0].questions[3].validation.pattern_by.q", "phase", f"{Q}[3].validation.pattern_by.q", "no earlier"),
    ("sections[0].questions[3].validation.pattern_by.fr", "x", f"{Q}[3].validation.pattern_by", "no option 'fr'"),
    ("sections[0].questions[3].validation.pattern_by.nl", "[", f"{Q}[3].validation.pattern_by.nl", "no regular expression"),
    # constructs, tags, labs, sources
    ("sections[0].questions[0].feeds", ["soul"], f"{Q}[0].feeds", "no construct 'soul'"),
    ("sections[1].questions[6].items[0].feeds", ["soul"], "sections[1].questions[6].items[0].feeds", "no construct 'soul'"),
    ("sections[6].questions[1].items[0].tag", "gold", "sections[6].questions[1].items[0].tag", "no tag 'gold'"),
    ("constructs.profile.sources", ["rumour"], "constructs.profile.sources", "no source 'rumour'"),
    ("vocabularies.labs_excluded_by_country.be_vlg", ["moon"], "vocabularies.labs_excluded_by_country.be_vlg", "no lab 'moon'"),
    ("vocabularies.labs_excluded_by_country.fr", [], "vocabularies.labs_excluded_by_country", "no option of country 'fr'"),
    # scoring
    ("scoring.indicators[0].items[0].item", "lead_gold", "scoring.indicators[0].items[0].item", "'lead_gold' is no statement"),
    ("scoring.indicators[0].items[0].item", "mem_value", "scoring.indicators[0].items[0].item", "does not feed"),
    ("scoring.indicators[0].items[4].item", "phase", "scoring.indicators[0].items[4].item", "no question whose options have scores"),
    ("scoring.indicators[0].items[1].item", "lead_shared", "scoring.indicators[0].items", "stands twice"),
    ("scoring.indicators[0].items[0].reverse", True, "scoring.indicators[0].items[0].reverse", "differs from the item itself"),
    ("scoring.indicators[0].min_answered", 6, "scoring.indicators[0].min_answered", "there are 5 items"),
    ("scoring.indicators[0].construct", "soul", "scoring.indicators[0].construct", "no construct 'soul'"),
    ("scoring.indicators[1].code", "collective_leadership", "scoring.indicators", "stands twice"),
    ("scoring.indicators[2].not_applicable_if.value", "nil", "scoring.indicators[2].not_applicable_if.value", "no option"),
    ("scoring.reverse_coded_items", ["mem_few"], "scoring.reverse_coded_items", "differs"),
    ("scoring.levels.default[1].below", 69, "scoring.levels.default[0]", "gap or overlap"),
    ("scoring.levels.default[2].code", "strong", "scoring.levels.default", "all three levels"),
    ("scoring.pressure_indicators.list[0].rows[0]", "ch_gold", "scoring.pressure_indicators.list[0].rows", "no row 'ch_gold'"),
    ("scoring.pressure_indicators.list[0].question", "phase", "scoring.pressure_indicators.list[0].question", "scale_0_4_matrix"),
    ("scoring.calibration.anchors.full_out", 90, "scoring.calibration.anchors", "full_out < crossover"),
    ("scoring.calibration.present_if", "membership > 0.5 (score above 60)", "scoring.calibration.present_if", "the crossover is 57.5"),
    ("scoring.configurations.paths[0].all[1]", "government_relation", "scoring.configurations.paths[0].all", "no durability indicator"),
    ("scoring.configurations.paths[0].all[0]", "business_model", "scoring.configurations.paths[0].all", "is necessary"),
    ("scoring.configurations.source", "rumour", "scoring.configurations.source", "no source"),
    ("scoring.configurations.statuses.partly", "whatever", "scoring.configurations.statuses.partly", "only this rule is built"),
    ("scoring.balance.talking_points.equity", "mem_gold", "scoring.balance.talking_points.equity", "no statement 'mem_gold'"),
    ("scoring.balance.flag_if", "gap is large", "scoring.balance.flag_if", "no rule like this"),
    ("scoring.aggregation.formula", "median", "scoring.aggregation.formula", "only this rule is built"),
    ("scoring.normalisation.likert5.formula", "(x - 1) * 20", "scoring.normalisation.likert5.formula", "only this rule"),
    ("scoring.derived[4].formula", "small < 50 members; middle 40-500; large > 500", "scoring.derived[4].formula", "follow on each other"),
    ("scoring.derived[6].formula", "inc_gold", "scoring.derived[6].formula", "'inc_gold' is no part of income_split"),
    ("scoring.derived[0]", ..., "scoring.derived", "'main_sector_final' is missing"),
    ("scoring.flags[1].if", "inc_gold >= 50", "scoring.flags[1].if", "'inc_gold'"),
    ("scoring.flags[1].if", "when it rains", "scoring.flags[1].if", "no rule like this"),
    ("scoring.flags[0].tags", ["gold"], "scoring.flags[0].tags", "no tag 'gold'"),
    ("scoring.data_quality[1].if", "too fast", "scoring.data_quality[1].if", "no rule like this"),
    ("scoring.eligibility.fits", "all five items fits", "scoring.eligibility.fits", "has 6 items"),
    ("scoring.eligibility.talk", "def_gold is fits_not", "scoring.eligibility.talk", "no item of definition_check 'def_gold'"),
    # feedback, report, research, comparison
    ("feedback.indicators.shared_culture.attention", ..., "feedback.indicators.shared_culture", "'attention' is missing"),
    ("feedback.indicators.shared_culture", ..., "feedback.indicators", "'shared_culture' is missing"),
    ("feedback.indicators.soul", {}, "feedback.indicators", "'soul'"),
    ("feedback.indicators.shared_culture.strong.question", ..., "feedback.indicators.shared_culture.strong.question", "required"),
    ("feedback.indicators.shared_culture.strong.tags.library", ["gold"], "feedback.indicators.shared_culture.strong.tags.library", "no tag"),
    ("feedback.indicators.shared_culture.strong.tags.labs", ["moon"], "feedback.indicators.shared_culture.strong.tags.labs", "no lab"),
    ("feedback.indicators.shared_culture.strong.text.nl", "Hoi {naam}", "feedback.indicators.shared_culture.strong.text.nl", "'naam'"),
    ("feedback.combination.partly", ..., "feedback.combination", "'partly' is missing"),
    ("feedback.flags.key_person", ..., "feedback.flags", "'key_person' is missing"),
    ("feedback.balance_note.en", "Lowest: {low}", "feedback.balance_note.en", "'low'"),
    ("report.matches", "show everything", "report.matches", "no rule like this"),
    ("benchmark.min_n_show", 5, "benchmark.min_n_show", "greater than or equal to 10"),
    ("benchmark.groups_in_order[0].by", ["shoe_size"], "benchmark.groups_in_order[0].by", "'shoe_size'"),
    ("research_export.quasi_identifiers", ["shoe_size"], "research_export.quasi_identifiers", "no question 'shoe_size'"),
    ("research_export.recipe.sector_group.food_land", ["food"], "research_export.recipe.sector_group", "'land_nature' is missing"),
    ("sections[0].questions[2].research.rule.to", "street", f"{Q}[2].research.rule.to", "no derived value 'street'"),
    ("sections[1].questions[5].research.rule.groups.none", ..., "sections[1].questions[5].research.rule.groups", "option 'none'"),
    ("sections[0].questions[6].research.rule.bands[1].min", 2006, f"{Q}[6].research.rule.bands[1]", "does not follow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "value", "place", "reason"), WRONG, ids=[f"{w[0]}={w[1]}"[:90] for w in WRONG]
)
def test_wrong_instrument_is_refused(edited, change, value, place, reason):
    with pytest.raises(InstrumentError) as refused:
        edited({change: value})

    assert refused.value.place == place
    assert reason in refused.value.reason


def test_no_mean_may_fall_on_the_crossover(edited):
    with pytest.raises(InstrumentError) as refused:
        edited(
            {
                "scoring.calibration.anchors.crossover": 60,
                "scoring.calibration.present_if": "membership > 0.5 (score above 60)",
            }
        )

    assert refused.value.place == "scoring.calibration.anchors.crossover"
    assert "can be exactly 60" in refused.value.reason


def test_numbers_in_sentences_are_read(edited):
    definition = edited({"scoring.balance.flag_if": "gap >= 30", "scoring.flags[1].if": "inc_subsidy >= 60"})

    assert definition.scoring.balance.flag_if == "gap >= 30"


def test_retired_questions_options_and_items_are_no_longer_asked(edited):
    retired = {"status": "retired", "retired_in": "2027.1"}
    definition = edited(
        {
            "sections[1].questions[2].status": "retired",
            "sections[0].questions[10].options[6].status": "retired",
            "sections[0].questions[11].options.append": {"code": "moon", "label": {"nl": "De maan"}}
            | retired,
        }
    )

    assert [question.code for question in definition.retired] == ["member_types"]
    assert "member_types" not in [question.code for question in definition.questions]
    assert "ending" not in definition.question("phase").options_by_code
    assert "moon" not in definition.question("geo_scale").options_by_code
    with pytest.raises(KeyError):
        definition.question("member_types")


def test_a_retired_item_is_not_scored(edited):
    with pytest.raises(InstrumentError) as refused:
        edited({"sections[1].questions[6].items[0].status": "retired"})

    assert refused.value.place == "scoring.indicators[5].items[0].item"
