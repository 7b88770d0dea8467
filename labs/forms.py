"""What applicants and members of a lab fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField, SeveralField
from collectievekracht.common.form_keys import FormKeyField
from collectievekracht.common.letters import LetterForm
from labs import declaration
from labs.models import LabMembership
from labs.services.applications import Application
from labs.services.memberships import Details
from members.choices import Region, TermKind
from members.vocabulary import labels

MOST_A_MONTH = 20
PUBLIC = _("Everybody sees this on the lab's page.")
FOR_MEMBERS = _("Members of the platform see this on the lab's page.")


def _terms(kind: TermKind) -> Any:
    """The words of the vocabulary in the active language, asked when the form is made."""
    return lambda: list(labels(kind, get_language() or "nl").items())


class _Expertise(forms.Form):
    """What somebody knows and brings."""

    use_required_attribute = False

    function = PlainTextField(label=_("Your function"), help_text=FOR_MEMBERS, max_length=120, required=False)
    expertise = PlainTextField(
        label=_("What do you know about?"),
        help_text=_(
            "In plain words, so that a collective recognises its question. Everybody sees this on the lab's page."
        ),
        lines=True,
        min_length=20,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    themes = SeveralField(
        label=_("On which themes can you think along?"),
        help_text=_("Choose at least one. Everybody sees this on the lab's page."),
        choices=_terms(TermKind.THEME),
        error_messages={"required": _("Choose at least one theme.")},
    )
    sectors = SeveralField(
        label=_("Do you know these fields well?"),
        help_text=_("Choose nothing if it makes no difference to you."),
        choices=_terms(TermKind.SECTOR),
        required=False,
    )
    regions = SeveralField(
        label=_("In which provinces?"),
        help_text=_("Choose nothing if you can think along everywhere."),
        choices=Region.choices,
        required=False,
    )
    brings = PlainTextField(
        label=_("What do you bring?"),
        help_text=_(
            "Answers, research, a network, time to think along. Members of the platform see this on the lab's page."
        ),
        lines=True,
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    capacity = forms.IntegerField(
        label=_("How many questions a month can you answer at most?"),
        help_text=_("One is fine, and you can change it at any time. With 0 you get none for now."),
        min_value=0,
        max_value=MOST_A_MONTH,
        widget=forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric"}),
    )


class ApplicationForm(_Expertise):
    """An application for a lab; who has no name yet gives it."""

    name = PlainTextField(
        label=_("Your name"),
        help_text=_(
            "The team sees it. It is on the lab's page only if you show it in your personal profile."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = PlainTextField(
        label=_("Which organisation do you work for?"),
        help_text=_("Your own name is fine if you work for yourself. Everybody sees this on the lab's page."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.URLField(
        label=_("Website"),
        help_text=_("Where we can read who you are. Members of the platform see this on the lab's page."),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    declared = forms.BooleanField(
        label=declaration.WORDS,
        error_messages={"required": _("Only people who agree to this can take part in a lab.")},
    )
    form_key = FormKeyField()

    field_order = (
        "name", "organisation", "function", "website", "expertise", "themes", "sectors", "regions", "brings", "capacity",
        "declared",
    )  # fmt: skip

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name:
            del self.fields["name"]

    @property
    def application(self) -> Application:
        """What was filled in."""
        given = self.cleaned_data
        return Application(**{name: given[name] for name in Application.__dataclass_fields__})


def as_filled_in(membership: LabMembership | None) -> dict[str, Any]:
    """What an earlier application said, to begin with; the declaration is always given anew."""
    if membership is None:
        return {"capacity": 1}
    return {name: getattr(membership, name) for name in Application.__dataclass_fields__}


class MembershipForm(_Expertise):
    """What a member changes themselves."""

    absent_from = forms.DateField(
        label=_("Away from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    absent_until = forms.DateField(
        label=_("Away until and including"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    show_email = forms.BooleanField(
        label=_("Show my e-mail address to members of the platform"),
        help_text=_("Otherwise they write to you by a form, and see your address only when you answer."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # a field for dates would drop what was typed and is none
            for name in ("absent_from", "absent_until"):
                self.fields[name].widget.input_type = "text"

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("absent_from"), given.get("absent_until")
        if first and last and last < first:
            self.add_error("absent_until", _("The last day can't be before the first."))
        return given

    @property
    def details(self) -> Details:
        """What was filled in."""
        given = self.cleaned_data
        return Details(**{name: given[name] for name in Details.__dataclass_fields__})


class LabLetterForm(LetterForm):
    """A letter of a member to a lab member: the address is the one of the writer's account."""

    email = None  # type: ignore[assignment]
