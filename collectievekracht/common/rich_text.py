"""Rich text in a form: a textarea that becomes an editor where scripts run, and stays one where they don't."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext as _

from collectievekracht.common.fields import plain_text, rich_text

EDITOR = "django_prose_editor/editor.js"


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
