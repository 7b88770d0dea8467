"""Rich text: cleaned, kept, and in a form a textarea that becomes an editor where scripts run."""

from __future__ import annotations

import json
import re
from typing import Any

import nh3
from django import forms
from django.db import models
from django.templatetags.static import static
from django.utils.translation import gettext as _

from collectievekracht.common.fields import plain_text

EDITOR = "django_prose_editor/editor.js"
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


# A sign that begins no whole tag or comment is a sign that somebody typed.
_SIGN = re.compile(r"<(?!/?[a-zA-Z][^<>]*>|!--[^<>]*-->)")
# A tag as `clean_html` leaves it; a value in quotes may hold anything.
TAG = re.compile(r"<(/?)(\w+)((?:\"[^\"]*\"|[^\">])*)>")
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote"}
_EMPTY = re.compile(r"<(p|h2|h3|h4|li|ul|ol|blockquote)>(?:\s|<br>|&nbsp;)*</\1>")


def rich_text(value: str) -> str:
    """Clean HTML whose every text stands in a paragraph, a heading or a list.

    What was typed without tags keeps its paragraphs: an empty line begins a new one, a single line end is a `<br>`.
    The same text again gives the same; nothing but space gives "".
    """
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    html = clean_html(_SIGN.sub("&lt;", lines)).strip()
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


def _words() -> dict[str, str]:
    """What the editor's buttons say, by the name of what they do."""
    return {
        "toolbar": _("Layout of the text"),
        "paragraph": _("Text"),
        "h2": _("Heading"),
        "h3": _("Small heading"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "bulletList": _("List"),
        "orderedList": _("Numbered list"),
        "blockquote": _("Quote"),
        "link": _("Link"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "address": _("Address of the link"),
        "addressHint": _("A page of this site begins with /, another one with https://. Leave it empty to remove the link."),
        "place": _("Place the link"),
        "cancel": _("Cancel"),
        "wrong": _("This is no address: begin with https://, / or mailto:."),
    }  # fmt: skip


class RichTextWidget(forms.Textarea):
    """A textarea that `static/js/editor.js` turns into an editor; the form that shows it prints its `media`."""

    @property
    def media(self) -> forms.Media:
        """The editor's script, which fetches the editor itself only where a field asks for it."""
        script: Any = forms.Script("js/editor.js", defer=True)
        return forms.Media(css={"all": ["css/editor.css"]}, js=[script])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-editor": static(EDITOR),
            "data-editor-words": json.dumps(_words(), ensure_ascii=False),
            "rows": 16,
        }
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser can't point at a textarea that is hidden behind the editor."""
        return False


class RichTextFormField(forms.CharField):
    """Rich text, cleaned; an editor's empty paragraph is no text."""

    widget = RichTextWidget

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if isinstance(text, str) and text:
            plain_text(text)
            text = rich_text(text)
        return text


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
        """The form field with the editor; a widget of somebody else's choice (the admin's own) is left out."""
        return super().formfield(
            **{"form_class": RichTextFormField} | kwargs | {"widget": RichTextFormField.widget}
        )
