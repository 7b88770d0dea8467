"""The forms about the people of a collective."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import form_keys
from collectievekracht.common.fields import PlainTextField, tidy


class InviteForm(forms.Form):
    """The address of a colleague, and the language of the mail."""

    email = forms.EmailField(
        label=_("E-mail address of your colleague"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=[("nl", _("Dutch")), ("en", _("English"))], initial="nl"
    )
    form_key = form_keys.FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class CloseForm(forms.Form):
    """A collective stops: whoever does it types its name."""

    name = PlainTextField(
        label=_("Type the name of the collective"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.expected = expected

    def clean_name(self) -> str:
        """The very name, but for capitals and spaces."""
        name: str = self.cleaned_data["name"]
        if _plain(name) != _plain(self.expected):
            raise forms.ValidationError(_("This is another name. Type the name as you see it above."))
        return name


def _plain(name: str) -> str:
    return " ".join(tidy(name).casefold().split())
