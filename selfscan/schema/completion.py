"""Fills in what a question takes from elsewhere in its instrument, and takes out what is no longer asked."""

from __future__ import annotations

from selfscan.errors import InstrumentError
from selfscan.schema.checks import require
from selfscan.schema.definition import Definition
from selfscan.schema.questionnaire import Option, Question, Section


def complete(definition: Definition) -> Definition:
    """The same definition, with every question's options, scale and columns filled in."""
    found: dict[str, Question] = {}
    sections = []
    for s, section in enumerate(definition.sections):
        questions = []
        for q, question in enumerate(section.questions):
            whole = _complete_question(definition, question, found, f"sections[{s}].questions[{q}]")
            found.setdefault(whole.code, whole)
            questions.append(whole)
        sections.append(section.changed(questions=tuple(questions)))
    return definition.changed(sections=tuple(sections))


def without_retired(definition: Definition) -> Definition:
    """The same definition, with what is no longer asked taken out of the questionnaire."""
    retired: list[Question] = []
    sections: list[Section] = []
    for section in definition.sections:
        asked = []
        for question in section.questions:
            if question.status == "retired":
                retired.append(question)
                continue
            options = tuple(option for option in question.options if option.status == "active")
            items = tuple(item for item in question.items if item.status == "active")
            asked.append(question.changed(options=options, items=items))
        sections.append(section.changed(questions=tuple(asked)))
    result = definition.changed(sections=tuple(sections))
    result._retired = tuple(retired)
    return result


def _complete_question(
    definition: Definition, question: Question, found: dict[str, Question], place: str
) -> Question:
    sources = [bool(question.options), bool(question.options_from), bool(question.options_from_vocabulary)]
    require(place, sum(sources) <= 1, "options, options_from and options_from_vocabulary exclude each other")
    require(
        f"{place}.extra_options",
        not question.extra_options or bool(question.options_from_vocabulary),
        "these go with options_from_vocabulary only",
    )
    if question.options_from:
        source = found.get(question.options_from)
        if source is None or source.type != "multiple":
            raise InstrumentError(
                f"{place}.options_from", f"'{question.options_from}' is no earlier question of type multiple"
            )
        plain = {"free_text": False, "exclusive": False, "show_if": None}
        options = tuple(option.changed(**plain) for option in source.options)
        return question.changed(options=options)
    if question.options_from_vocabulary:
        vocabulary = {"tags": definition.vocabularies.tags, "labs": definition.vocabularies.labs}.get(
            question.options_from_vocabulary
        )
        if vocabulary is None:
            raise InstrumentError(
                f"{place}.options_from_vocabulary",
                f"there is no vocabulary '{question.options_from_vocabulary}'",
            )
        options = tuple(Option(code=code, label=label) for code, label in vocabulary.items())
        return question.changed(options=options + question.extra_options)
    if question.option_set:
        option_set = definition.option_sets.get(question.option_set)
        if option_set is None:
            raise InstrumentError(f"{place}.option_set", f"there is no option set '{question.option_set}'")
        require(
            f"{place}.option_set", option_set.scale == question.type, f"that set is for {option_set.scale}"
        )
        return question.changed(scale=option_set.options, columns=option_set.columns)
    return question
