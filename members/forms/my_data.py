"""The forms of a person's own data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField


class AboutMeForm(forms.Form):
    """How we call somebody, and in which language we write to them."""

    name = PlainTextField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of our mails"),
        choices=[("nl", _("Dutch")), ("en", _("English"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class EraseForm(forms.Form):
    """Somebody says that they know what goes."""

    sure = forms.BooleanField(
        label=_("I know that my account and my data will be deleted."),
        error_messages={"required": _("Tick the box if you want your account to be deleted.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
