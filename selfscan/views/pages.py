"""A page of a scan as the views see it: which questions it holds, how they stand, and what was changed elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from members.gazetteer import Place
from selfscan import paging
from selfscan.answers import Checked, Problem, check_answers, fields_of, read_fields
from selfscan.conditions import is_answered
from selfscan.forms import QuestionForm, question_form
from selfscan.instrument import Definition, Question, Section
from selfscan.models import Response
from selfscan.places import choices_for, gazetteer
from selfscan.repeat import base_of, is_unchanged, still_offered
from selfscan.services import definition_of, draft_answers
from selfscan.views.notes import notes_of


@dataclass(frozen=True)
class ScanPage:
    """Some questions of one section of a draft."""

    scan: Response
    section: Section
    questions: tuple[Question, ...]
    language: str

    @cached_property
    def definition(self) -> Definition:
        return definition_of(self.scan.instrument)

    @cached_property
    def draft(self) -> dict[str, Any]:
        """What is stored, what was typed and isn't valid yet included."""
        return draft_answers(self.scan)

    @cached_property
    def offered(self) -> dict[str, Any]:
        """What the scan before says of the questions here that nobody answered yet, to be confirmed."""
        open_ones = {
            question.code
            for question in self.questions
            if not any(base_of(key) == question.code for key in self.draft)
        }
        if not open_ones or not self.scan.proposals:
            return {}
        return still_offered(
            self.definition,
            self.scan.proposals,
            self.scan.answers,
            open_ones,
            year=timezone.localdate().year,
            gazetteer=gazetteer,
        )

    def without_unchanged(self, data: QueryDict) -> ScanPage:
        """The page without the questions whose proposal is posted as it was: nobody confirmed these yet."""
        return replace(
            self,
            questions=tuple(
                question
                for question in self.questions
                if not is_unchanged(self.definition, question, self.offered, data)
            ),
        )

    @property
    def keys(self) -> set[str]:
        """The keys of the draft that belong to these questions."""
        codes = {question.code for question in self.questions}
        return {key for key in self.draft if key.partition("__")[0] in codes}

    @property
    def seen(self) -> str:
        """A mark of what is stored for these questions: the same as long as nobody changes them."""
        return _mark({key: self.draft[key] for key in self.keys})

    @property
    def shown(self) -> str:
        """The codes of the questions, for the form to say what it showed."""
        return " ".join(question.code for question in self.questions)

    def posted(self, data: QueryDict) -> dict[str, Any]:
        """The draft as it would be with what was posted, in the form in which it would be stored."""
        raw = read_fields(self.definition, self.questions, data)
        checked = self.check({**self.scan.answers, **raw}, complete=False)
        wrong = {problem.question for problem in checked.problems}
        kept = {key: value for key, value in self.draft.items() if key not in self.keys}
        mine = {
            key: value for key, value in raw.items() if key.partition("__")[0] in wrong and is_answered(value)
        }
        codes = {question.code for question in self.questions}
        valid = {key: value for key, value in checked.answers.items() if key.partition("__")[0] in codes}
        return {**kept, **valid, **mine}

    def check(self, answers: Mapping[str, Any], *, complete: bool) -> Checked:
        """These questions' answers, checked."""
        return check_answers(
            self.definition,
            answers,
            year=timezone.localdate().year,
            gazetteer=gazetteer,
            questions={question.code for question in self.questions},
            complete=complete,
        )

    def problems(self, *, complete: bool) -> tuple[Problem, ...]:
        """What is wrong with what is stored; what is missing too where it must be complete."""
        return tuple(self.check(self.draft, complete=complete).problems)

    def forms(
        self, problems: Iterable[Problem] = (), draft: Mapping[str, Any] | None = None
    ) -> list[QuestionForm]:
        """The questions, filled in."""
        messages: dict[str, str] = {}
        for problem in problems:
            messages.setdefault(problem.field, str(problem.message))
        notes: Mapping[str, str] = {}
        if draft is None:
            draft = {**self.draft, **self.offered}
            notes = notes_of(self.scan, self.offered, self.questions, self.definition, self.language)
        return [
            question_form(
                self.definition,
                question,
                self.scan.answers,
                draft,
                language=self.language,
                problems=messages,
                places=_places(draft) if question.type == "place" else (),
                note=notes.get(question.code, ""),
            )
            for question in self.questions
        ]


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def shape_of(forms: Iterable[QuestionForm]) -> str:
    """A mark of which fields and options a page shows."""
    return _mark([form.shape for form in forms])


def _places(draft: Mapping[str, Any]) -> tuple[Place, ...]:
    """The places that the typed name may mean, when they are several."""
    place, country = draft.get("place"), draft.get("country")
    if not isinstance(place, Mapping) or not isinstance(country, str):
        return ()
    return choices_for(country, str(place.get("name") or ""))


def differing(page: ScanPage, data: QueryDict) -> list[str]:
    """The codes of the questions for which something else is stored than was posted."""
    mine, stored = page.posted(data), page.draft
    return [question.code for question in page.questions if _of(question, mine) != _of(question, stored)]


def _of(question: Question, draft: Mapping[str, Any]) -> str:
    return _mark({key: value for key, value in draft.items() if key.partition("__")[0] == question.code})


def hidden_fields(page: ScanPage, data: QueryDict) -> list[tuple[str, str]]:
    """What was posted for these questions, to be carried along in a form."""
    names = {name for question in page.questions for name in fields_of(question)}
    return [(name, value) for name in data if name in names for value in data.getlist(name)]


def page_url(scan: Response, section: Section, number: int) -> str:
    """The address of a section's page; its first has no number."""
    if number <= 1:
        return reverse("selfscan:section", args=[scan.token, section.code])
    return reverse("selfscan:section_page", args=[scan.token, section.code, number])


def page_of(definition: Definition, section: Section, answers: Mapping[str, Any], code: str) -> int:
    """The number of the page on which a question stands; the first when it is hidden."""
    for number, questions in enumerate(paging.pages(definition, section, answers), start=1):
        if any(question.code == code for question in questions):
            return number
    return 1


def question_url(
    scan: Response, definition: Definition, code: str, field: str = "", *, back: bool = False
) -> str:
    """The address of a question, with the way back to the check page if asked."""
    section = definition.section_of(code)
    url = page_url(scan, section, page_of(definition, section, scan.answers, code))
    return f"{url}{'?terug=controle' if back else ''}#id_{field or code}"


def language_of(request: HttpRequest) -> str:
    """The language of the page, as the instrument has it."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def minutes_left(definition: Definition, scan: Response) -> int:
    """Whole minutes for what has no answer yet, at least one as long as something is left."""
    seconds = paging.seconds_left(definition, scan.answers, set(scan.answers))
    return max(1, round(seconds / 60)) if seconds > 0 else 0


def next_url(page: ScanPage) -> str:
    """The page after this one: in its section, else the next section's first, else the check page."""
    order = [question.code for question in page.section.questions]
    last = max(order.index(question.code) for question in page.questions)
    for number, questions in enumerate(
        paging.pages(page.definition, page.section, page.scan.answers), start=1
    ):
        if order.index(questions[0].code) > last:
            return page_url(page.scan, page.section, number)
    sections = page.definition.sections
    following = sections[sections.index(page.section) + 1 :]
    if following:
        return page_url(page.scan, following[0], 1)
    return reverse("selfscan:check", args=[page.scan.token])
