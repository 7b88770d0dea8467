"""Fields for what people type: plain text without characters that break things, and clean HTML."""

import re
import unicodedata
from typing import Any

import nh3
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


RICH_TAGS = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "a", "hr"}


def clean_html(value: str) -> str:
    """Only the tags of our own texts; links to https and mail only; no images, styles, classes or handlers."""
    return nh3.clean(
        value,
        tags=RICH_TAGS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe"},
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener nofollow ugc",
        strip_comments=True,
    )


# A tag as `clean_html` leaves it; a value in quotes may hold anything.
TAG = re.compile(r"<(/?)(\w+)((?:\"[^\"]*\"|[^\">])*)>")
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote"}
_EMPTY = re.compile(r"<(p|h2|h3|h4|li|ul|ol|blockquote)>(?:\s|<br>|&nbsp;)*</\1>")


def rich_text(value: str) -> str:
    """Clean HTML whose every text stands in a paragraph, a heading or a list.

    What was typed without tags keeps its paragraphs: an empty line begins a new one, a single line end is a `<br>`.
    The same text again gives the same; nothing but space gives "".
    """
    html = clean_html(value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    parts, loose, depth, end = [], "", 0, 0
    for tag in TAG.finditer(html):
        between, end = html[end : tag.start()], tag.end()
        if tag[2] not in _BLOCKS and tag[2] != "hr":
            between, tag_text = between + tag[0], ""
        else:
            tag_text = tag[0]
        if depth:
            parts.append(between)
        else:
            loose += between
        if tag_text:
            parts += [*_paragraphs(loose), tag_text]
            loose = ""
            depth += {"": 1, "/": -1}[tag[1]] if tag[2] != "hr" else 0
    parts += _paragraphs(loose + html[end:])
    return _without_empty(clean_html("".join(parts))).strip()


def _paragraphs(text: str) -> list[str]:
    pieces = (piece.strip().replace("\n", "<br>") for piece in re.split(r"\n[^\S\n]*\n", text))
    return [f"<p>{piece}</p>" for piece in pieces if piece]


def _without_empty(html: str) -> str:
    """Without what holds no text, as an editor leaves it behind."""
    while (shorter := _EMPTY.sub("", html)) != html:
        html = shorter
    return html


class SafeHtmlField(models.TextField):
    """Rich text that is cleaned whenever it is saved, however it came; in forms it gets the editor."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            value = rich_text(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return rich_text(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        """A field of `common/rich_text.py`; a widget of somebody else's choice (the admin's own) is left out."""
        from collectievekracht.common.rich_text import RichTextFormField  # noqa: PLC0415 -- it imports this module

        return super().formfield(
            **{"form_class": RichTextFormField} | kwargs | {"widget": RichTextFormField.widget}
        )


class WebAddressField(models.URLField):
    """A web address; typed without a scheme it is taken for https. To the database it is Django's own field."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
