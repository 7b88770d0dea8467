"""Fields for what people type: plain text without characters that break things, and web addresses."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Marks that turn the direction of the text after them: a name could then read as another one.
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff{_BIDI}]")
_LINE = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")


def plain_text(value: str) -> None:
    """Refuse NUL, control characters, half characters and marks that turn the direction of text."""
    if _CONTROL.search(value):
        raise ValidationError(
            _("This text holds a character that can't be used. Type it again, without pasting."),
            code="control",
        )


def single_line(value: str) -> None:
    """Refuse a line break: for names, subjects and everything that may stand in the head of a mail."""
    if _LINE.search(value):
        raise ValidationError(_("Keep this text on one line."), code="line_break")


def tidy(value: str) -> str:
    """The same text in one spelling: composed characters, line ends as newlines, no space around it."""
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()


class PlainTextField(forms.CharField):
    """One line of text, or several with `lines=True`; the text is kept as typed when it is refused."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        if lines:
            kwargs.setdefault("widget", forms.Textarea)
        self.lines = lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if isinstance(text, str) and text:
            plain_text(text)
            text = tidy(text)
            if not self.lines:
                single_line(text)
        return text


class SeveralField(forms.MultipleChoiceField):
    """Several values of those that there are; an unknown one is refused, and never means everything."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _("We don't know the choice “%(value)s”.")}

    def clean(self, value: Any) -> list[str]:
        """The values, each once."""
        return list(dict.fromkeys(super().clean(value)))


class WebAddressField(models.URLField):
    """A web address; typed without a scheme it is taken for https. To the database it is Django's own field."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
