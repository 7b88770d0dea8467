"""The forms on a collective's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.letters import LetterForm


class ContactForm(LetterForm):
    """A message to a collective."""


class AccessForm(LetterForm):
    """Asking for access to a collective that is here already."""

    message = PlainTextField(
        label=_("What is your part in this collective?"),
        help_text=_("For example: I am on the board. The team uses this to check your request."),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
