"""Asking for the newsletter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.form_keys import FormKeyField
from collectievekracht.common.limits import HoneypotField


class SubscribeForm(forms.Form):
    """An address, and the language to read in."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=_("In which language do you want to read it?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    website = HoneypotField()
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
