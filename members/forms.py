"""The forms on a collective's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.form_keys import FormKeyField
from collectievekracht.common.limits import HoneypotField


class _Letter(forms.Form):
    """Somebody who writes: who they are, and what they want to say."""

    name = PlainTextField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = HoneypotField()
    form_key = FormKeyField()

    field_order = ("name", "email", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class ContactForm(_Letter):
    """A message to a collective."""

    message = PlainTextField(
        label=_("Your message"),
        lines=True,
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AccessForm(_Letter):
    """Asking for access to a collective that is here already."""

    message = PlainTextField(
        label=_("What is your part in this collective?"),
        help_text=_("For example: I am on the board. The team uses this to check your request."),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
