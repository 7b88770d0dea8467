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
        help_text=_("For example: I am on the board. Whoever decides reads this."),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SignedInAccessForm(AccessForm):
    """The same from somebody who is signed in: who they are is known."""

    name = None  # type: ignore[assignment]  # Django leaves the field out
    email = None  # type: ignore[assignment]


class NamelessAccessForm(AccessForm):
    """The same from somebody who is signed in and gave no name yet."""

    email = None  # type: ignore[assignment]
