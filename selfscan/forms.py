"""How a question stands on a page: what the component tags need, made from the instrument and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.templatetags.ui_forms import Choice
from members.gazetteer import Place, fold, gazetteer
from selfscan.answers import write_fields
from selfscan.conditions import visible_options
from selfscan.instrument import Definition, Option, Question, ScaleOption, text

COLUMNS_FROM = 9  # options; a longer list of short labels stands in columns on a wide page
LONGEST_SCALE = 5  # options that lie in a row on a wide page
SEARCH_FROM = {"single": 9, "multiple": 20}  # options; a longer list gets a box to search in, with JavaScript
INPUTS: Mapping[str, Mapping[str, str]] = {
    "url": {"type": "url", "inputmode": "url", "autocomplete": "url"},
    "email": {"type": "email", "autocomplete": "email"},
    "integer": {"inputmode": "numeric", "width": "short"},
    "year": {"inputmode": "numeric", "width": "short"},
}
UNCHOSEN = "\0"  # nobody's value: the empty choice of a matrix is not ticked beforehand
NONE: Mapping[str, str] = {}
AUTOCOMPLETE = {"org_name": "organization", "postcode": "postal-code"}


@dataclass(frozen=True)
class FieldForm:
    """One field: a line, an area, or a group of choices."""

    name: str
    kind: Literal["text", "area", "choice"]
    label: str
    value: str | tuple[str, ...] = ""
    hint: str = ""
    error: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    scale: bool = False
    columns: bool = False
    searchable: bool = False
    type: str = "text"
    width: str = ""
    suffix: str = ""
    words: str = ""
    inputmode: str | None = None
    autocomplete: str | None = None

    def answer(self) -> str:
        """What is filled in, in words."""
        if self.kind != "choice":
            return self.words or (f"{self.value} {self.suffix}".strip() if self.value else "")
        chosen = {self.value} if isinstance(self.value, str) else set(self.value)
        return "; ".join(
            f"{one.label}: {one.text_value}" if one.text_value else one.label
            for one in self.choices
            if one.value in chosen and one.value
        )


@dataclass(frozen=True)
class GroupForm:
    """Fields that belong together under a title of their own, as a row of a matrix."""

    title: str
    fields: tuple[FieldForm, ...]


@dataclass(frozen=True)
class QuestionForm:
    """A question on a page; with a heading of its own where it has several fields."""

    code: str
    kind: str
    title: str
    hint: str
    error: str
    optional: bool
    groups: tuple[GroupForm, ...]
    heading: bool = False

    @property
    def pinned(self) -> bool:
        """Whether a pin of one's own was put down, or went wrong."""
        return any((one.value or one.error) for one in self.fields if one.name.endswith(("_lat", "_lon")))

    @property
    def fields(self) -> tuple[FieldForm, ...]:
        """Every field, in the order of the page."""
        return tuple(one for group in self.groups for one in group.fields)

    @property
    def first(self) -> str:
        """The name of its first field, to go to."""
        return self.fields[0].name if self.fields else self.code

    @property
    def shape(self) -> str:
        """Changes when other fields or options are shown; what is filled in does not count."""
        parts = [self.code, self.kind]
        # The places to choose from change with every letter of the name; that is no other question.
        for one in self.fields if self.kind != "place" else ():
            parts += [one.name, *(choice.value for choice in one.choices)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]

    def target(self, name: str) -> str:
        """The field that a message about `name` leads to: one that is on the page and takes the focus."""
        return name if any(one.name == name for one in self.fields) or self.holds_text(name) else self.first

    def holds_text(self, name: str) -> bool:
        """Whether this is the field for own words beside one of the options."""
        return any(choice.text_name == name for one in self.fields for choice in one.choices)

    def label_of(self, name: str) -> str:
        """What a field is called, with its row in a matrix; the question's own words for any other name."""
        for group in self.groups:
            for one in group.fields:
                if one.name == name:
                    return f"{group.title}: {one.label}" if group.title else one.label
        return self.title

    def answers(self) -> tuple[tuple[str, str], ...]:
        """What is filled in, as (statement, answer); the statement is empty for a question of one field."""
        if not self.heading:
            first = self.fields[0]
            return tuple(
                ("" if one is first else f"{one.label}:", words)
                for one in self.fields
                if (words := one.answer())
            )
        return tuple(
            (f"{group.title}: {one.label}" if group.title else one.label, words)
            for group in self.groups
            for one in group.fields
            if (words := one.answer())
        )


def question_form(
    definition: Definition,
    question: Question,
    answers: Mapping[str, Any],
    draft: Mapping[str, Any],
    *,
    language: str,
    problems: Mapping[str, str] = NONE,
    places: Sequence[Place] = (),
    note: str = "",
) -> QuestionForm:
    """One question as it stands on a page.

    `answers` are the valid ones, on which it depends what may be chosen; `draft` also holds what was typed and isn't
    valid (yet). `problems` are messages by field name; `places` those among which the typed name leaves a choice;
    `note` says of an earlier answer whose it is.
    """
    values = write_fields(definition, question, draft)
    make = _Maker(definition, question, answers, values, problems, language, places, note)
    return QuestionForm(
        code=question.code,
        kind=question.type,
        title=text(question.text, language),
        hint=make.hint(),
        error=problems.get(question.code, ""),
        optional=not question.required,
        groups=make.groups(),
        heading=question.is_battery,
    )


class _Maker:
    """Makes the fields of one question."""

    def __init__(
        self,
        definition: Definition,
        question: Question,
        answers: Mapping[str, Any],
        values: Mapping[str, Any],
        problems: Mapping[str, str],
        language: str,
        places: Sequence[Place],
        note: str,
    ) -> None:
        self.definition, self.question, self.answers = definition, question, answers
        self.values, self.problems, self.language, self.places = values, problems, language, places
        self.note = note

    def groups(self) -> tuple[GroupForm, ...]:
        question = self.question
        if question.type == "scale_0_4_matrix":
            return tuple(
                GroupForm(
                    self.say(item.text),
                    tuple(
                        self.scale(f"{question.code}.{item.code}.{column.code}", self.say(column.label))
                        for column in question.columns
                    ),
                )
                for item in question.items
            )
        return (GroupForm("", self._fields()),)

    def _fields(self) -> tuple[FieldForm, ...]:
        question, code = self.question, self.question.code
        if question.type == "likert5":
            return tuple(self.scale(f"{code}.{item.code}", self.say(item.text)) for item in question.items)
        if question.type == "percentage_split":
            return tuple(
                self.line(
                    f"{code}.{part.code}",
                    self.say(part.label),
                    inputmode="numeric",
                    width="short",
                    suffix="%",
                )
                for part in question.parts
            )
        if question.items:
            return tuple(self.choice(f"{code}.{item.code}", self.say(item.text)) for item in question.items)
        if question.type in ("single", "multiple", "yes_no"):
            return (self.choice(code, self.say(question.text), own=True),)
        if question.type == "place":
            return self.place()
        attrs = dict(INPUTS.get(question.type, {}))
        if code in AUTOCOMPLETE:
            attrs["autocomplete"] = AUTOCOMPLETE[code]
        if code == "postcode":
            attrs["width"] = "short"
        kind: Literal["text", "area"] = "area" if question.type == "long_text" else "text"
        return (self.line(code, self.say(question.text), kind=kind, own=True, **attrs),)

    def say(self, value: Mapping[str, str] | None) -> str:
        return text(value, self.language)

    def hint(self) -> str:
        """The help, the bounds that a person should know beforehand, and whose an earlier answer is."""
        rules, extra = self.question.validation, ""
        if self.question.type == "integer":
            extra = _("A whole number, in digits.")
        elif self.question.type == "year":
            extra = _("Four digits, such as 2014.")
        elif self.question.type == "long_text" and rules.min_length and rules.max_length:
            extra = _("At least %(least)s and at most %(most)s characters.") % {
                "least": rules.min_length,
                "most": rules.max_length,
            }
        elif self.question.type == "long_text" and rules.max_length:
            extra = _("At most %(most)s characters.") % {"most": rules.max_length}
        help_text = " ".join(filter(None, [self.say(self.question.help), extra]))
        if not self.note:
            return help_text
        return format_html('{} <strong class="from-before">{}</strong>', help_text, self.note)

    def _common(self, name: str, *, own: bool) -> dict[str, Any]:
        """Hint, error and mark of the field; a question of one field gives it its own."""
        return {
            "hint": self.hint() if own else "",
            "error": self.problems.get(name, ""),
            "optional": own and not self.question.required,
        }

    def line(
        self,
        name: str,
        label: str,
        *,
        kind: Literal["text", "area"] = "text",
        own: bool = False,
        **attrs: Any,
    ) -> FieldForm:
        value = self.values.get(name)
        shown = "" if value is None else str(value)
        return FieldForm(name, kind, label, shown, **self._common(name, own=own), **attrs)

    def choice(self, name: str, label: str, *, own: bool = False) -> FieldForm:
        choices = self.choices()
        return FieldForm(
            name,
            "choice",
            label,
            self.chosen(name),
            choices=choices,
            multiple=self.question.type == "multiple",
            scale=self.question.is_battery and len(choices) <= LONGEST_SCALE,
            columns=len(choices) >= COLUMNS_FROM and max(len(one.label) for one in choices) < 40,
            searchable=len(choices) >= SEARCH_FROM.get(self.question.type, 99),
            **self._common(name, own=own),
        )

    def scale(self, name: str, label: str) -> FieldForm:
        choices = [
            Choice(str(one.value), self.say(one.label), apart=one.missing) for one in self.question.scale
        ]
        if not any(one.apart for one in choices):
            # A radio button can't be undone; a row of a matrix may stay empty.
            choices.append(Choice("", _("No answer"), apart=True))
        return FieldForm(
            name,
            "choice",
            label,
            self.chosen(name),
            choices=tuple(choices),
            scale=True,
            **self._common(name, own=False),
        )

    def chosen(self, name: str) -> str | tuple[str, ...]:
        value = self.values.get(name)
        if self.question.type == "multiple":
            many: Sequence[Any] = value if isinstance(value, list | tuple) else [value] if value else []
            return tuple(str(one) for one in many)
        return UNCHOSEN if value in (None, "") else str(value)

    def choices(self) -> tuple[Choice, ...]:
        if self.question.type == "yes_no":
            return (Choice("yes", _("Yes")), Choice("no", _("No")))
        options: tuple[Option | ScaleOption, ...] = visible_options(
            self.definition, self.question, self.answers
        )
        return tuple(self._choice(option) for option in options if isinstance(option, Option))

    def _choice(self, option: Option) -> Choice:
        name = f"{self.question.code}__{option.code}" if option.free_text else ""
        return Choice(
            option.code,
            self.say(option.label),
            apart=option.missing or option.exclusive,
            text_name=name,
            text_value=str(self.values.get(name) or "") if name else "",
            text_error=self.problems.get(name, "") if name else "",
        )

    def place(self) -> tuple[FieldForm, ...]:
        """The name, the choice where it stands more than once, and a pin of one's own."""
        code = self.question.code
        chosen = gazetteer.get(self.values.get(f"{code}_id"))
        typed = str(self.values.get(code) or "")
        words = chosen.label if chosen and fold(chosen.name) == fold(typed) else ""
        fields = [self.line(code, self.say(self.question.text), own=True, autocomplete="off", words=words)]
        if self.places:
            fields.append(place_choice(self.places, str(self.values.get(f"{code}_id") or ""), code=code))
        for part, label in (("lat", _("Latitude")), ("lon", _("Longitude"))):
            fields.append(self.line(f"{code}_{part}", label, inputmode="decimal", width="medium"))
        return tuple(fields)


def place_choice(places: Iterable[Place], chosen: str = "", *, code: str = "place") -> FieldForm:
    """The places that a name may mean, to choose one from."""
    return FieldForm(
        f"{code}_id",
        "choice",
        _("Which place do you mean?"),
        chosen or UNCHOSEN,
        choices=tuple(
            Choice(str(place.geonames_id), place.label, attrs={"data-name": place.name}) for place in places
        ),
    )


class LinkForm(forms.Form):
    """The address to which the link of an unfinished scan is mailed."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Fill in your e-mail address."),
            "invalid": gettext_lazy("Fill in an e-mail address, like name@example.nl."),
        },
    )


class FindForm(forms.Form):
    """A name to look for among the collectives with a public page."""

    use_required_attribute = False

    q = PlainTextField(
        label=gettext_lazy("Name of your collective"),
        max_length=120,
        error_messages={"required": gettext_lazy("Type a name to search for.")},
    )
