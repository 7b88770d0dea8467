"""The form to report that something is not right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import form_keys, limits
from collectievekracht.common.fields import PlainTextField
from members.choices import AbuseReason
from members.services.abuse import Thing, thing_at


class AbuseForm(forms.Form):
    """Which page, what is wrong, and for who isn't signed in an address for the answer."""

    pagina = PlainTextField(
        label=_("Which page is it about?"),
        help_text=_("The address of the page, as you see it at the top of your browser."),
        max_length=300,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=AbuseReason.choices, widget=forms.RadioSelect
    )
    text = PlainTextField(
        label=_("Tell us more"),
        help_text=_("What do you see there, and why is it not right?"),
        lines=True,
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only for our answer. Nobody else gets to see it. Without it, we can't answer you."),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = limits.HoneypotField()
    form_key = form_keys.FormKeyField()

    thing: Thing

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if signed_in:
            del self.fields["email"]

    def clean_pagina(self) -> str:
        """A path of this site; a whole address of this site is cut to it."""
        path: str = self.cleaned_data["pagina"].removeprefix(settings.SITE_URL)
        thing = thing_at(path)
        if thing is None:
            raise forms.ValidationError(
                _("This is no public page of CollectieveKracht. Copy its whole address.")
            )
        self.thing = thing
        return path
