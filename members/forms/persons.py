"""The forms of a person's own profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from members.choices import Audience, TermKind
from members.models import PersonalProfile, User
from members.personal_page import FIELDS, LANGUAGES
from members.vocabulary import labels

AUDIENCES = (
    (Audience.NOBODY, _("Nobody")),
    (Audience.MEMBERS, _("Members of the platform")),
    (Audience.EVERYONE, _("Everyone")),
)
MOST_TOPICS = 10


class ProfileForm(forms.Form):
    """What a person tells of themselves, and for each part who may see it (`see_<field>`)."""

    name = PlainTextField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    function = PlainTextField(
        label=_("What you do"),
        help_text=_("For example: treasurer, or researcher at a university."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    about = PlainTextField(
        label=_("About you"),
        help_text=_("What may others ask you? A few sentences are enough."),
        lines=True,
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics you know about or follow"),
        help_text=_("Ten at most."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, profile: PersonalProfile, **kwargs: Any) -> None:
        known = {
            "name": user.name,
            "function": profile.function,
            "about": profile.about,
            "languages": profile.languages,
            "topics": profile.topics,
        }
        known |= {f"see_{field}": profile.audience_of(field) for field in FIELDS}
        super().__init__(*args, **{**kwargs, "initial": known})
        self.use_required_attribute = False
        themes = labels(TermKind.THEME, get_language() or "nl")
        topics = self.fields["topics"]
        assert isinstance(topics, forms.MultipleChoiceField)
        topics.choices = sorted(themes.items(), key=lambda theme: str(theme[1]).lower())
        for field in FIELDS:
            self.fields[f"see_{field}"] = forms.ChoiceField(
                label=self._label_of_audience(field), choices=AUDIENCES, widget=forms.Select
            )

    def _label_of_audience(self, field: str) -> str:
        """The same words everywhere for the eye; who hears them hears of which part they are."""
        part = self.fields[field].label if field in self.fields else ""
        return format_html('{} <span class="visually-hidden">{}</span>', gettext("Who may see this?"), part)

    def clean_topics(self) -> list[str]:
        """Ten at most: whoever follows everything tells nothing."""
        topics: list[str] = self.cleaned_data["topics"]
        if len(topics) > MOST_TOPICS:
            raise forms.ValidationError(_("Choose ten topics at most."))
        return topics

    @property
    def audiences(self) -> dict[str, str]:
        """Who may see each field."""
        return {field: self.cleaned_data[f"see_{field}"] for field in FIELDS}


class PhotoForm(forms.Form):
    """A photo; what it really is, is looked at by `photos.clean_photo`."""

    photo = forms.FileField(
        label=_("Choose a photo"),
        help_text=_(
            "JPG, PNG or WebP, 8 MB at most. We make it smaller and remove the place and the camera."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a photo first."), "invalid": _("Choose a photo first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
