"""Forms: one column, label above, hint and error told with the field, the whole answer a target.

`#id_<field name>` is always something that can take the focus (the first choice of a group), so an error
summary can link to it. Strings rather than templates: filters and batteries have hundreds of choices.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template import Library
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from collectievekracht.common.templatetags.ui_formats import number
from collectievekracht.common.templatetags.ui_parts import attributes, icon

register = Library()


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `apart` sets it off from the rest (don't know); `text_name` adds a field for own words."""

    value: str
    label: str
    hint: str = ""
    apart: bool = False
    count: int | None = None
    text_name: str = ""
    text_value: str = ""
    text_label: str = ""
    text_error: str = ""
    attrs: Mapping[str, Any] = data_field(default_factory=dict)


Choices = Iterable[Choice | tuple[Any, ...]]


def _label_text(label: str, optional: bool) -> str:
    mark = format_html(' <span class="optional">({})</span>', _("not required")) if optional else ""
    return format_html("{}{}", label, mark)


def _hint(name: str, hint: str) -> str:
    return format_html('<div class="hint" id="id_{}-hint">{}</div>', name, hint) if hint else ""


def _error(name: str, error: str) -> str:
    if not error:
        return ""
    spoken = format_html('<span class="visually-hidden">{} </span>', _("Error:"))
    return format_html(
        '<p class="error" id="id_{}-error">{}<span>{}{}</span></p>',
        name,
        icon("exclamation-circle"),
        spoken,
        error,
    )


def _described(name: str, hint: str, error: str) -> str | None:
    parts = [f"id_{name}-{part}" for part, there in (("hint", hint), ("error", error)) if there]
    return " ".join(parts) or None


def _aria(name: str, hint: str, error: str, attrs: Mapping[str, Any]) -> SafeString:
    told = {"aria_describedby": _described(name, hint, error), "aria_invalid": "true" if error else None}
    return attributes({**told, **attrs})


def _field_class(error: str, extra: str = "") -> str:
    return "field" + (" field--error" if error else "") + (f" {extra}" if extra else "")


def _control(name: str, label: str, html: str, *, hint: str, error: str, optional: bool) -> SafeString:
    return format_html(
        '<div class="{}"><label class="label" for="id_{}">{}</label>{}{}{}</div>',
        _field_class(error),
        name,
        _label_text(label, optional),
        _hint(name, hint),
        _error(name, error),
        html,
    )


@register.simple_tag
def text_field(
    name: str,
    label: str,
    value: Any = "",
    *,
    hint: str = "",
    error: str = "",
    optional: bool = False,
    type: str = "text",
    width: str = "",
    suffix: str = "",
    **attrs: Any,
) -> SafeString:
    """A one-line field; width is "", "short", "medium" or "wide"; other arguments become attributes of the input."""
    html = format_html(
        '<input class="input{}" type="{}" name="{}" id="id_{}" value="{}"{}>',
        f" input--{width}" if width else "",
        type,
        name,
        name,
        "" if value is None else value,
        _aria(name, hint, error, attrs),
    )
    if suffix:
        html = format_html('<div class="input-with">{}<span>{}</span></div>', html, suffix)
    return _control(name, label, html, hint=hint, error=error, optional=optional)


@register.simple_tag
def text_area(
    name: str,
    label: str,
    value: str | None = "",
    *,
    hint: str = "",
    error: str = "",
    optional: bool = False,
    rows: int = 5,
    **attrs: Any,
) -> SafeString:
    """A field of several lines."""
    html = format_html(
        '<textarea class="input" name="{}" id="id_{}" rows="{}"{}>\n{}</textarea>',
        name,
        name,
        rows,
        _aria(name, hint, error, attrs),
        value or "",
    )
    return _control(name, label, html, hint=hint, error=error, optional=optional)


@register.simple_tag
def select_field(
    name: str,
    label: str,
    choices: Choices,
    value: Any = "",
    *,
    hint: str = "",
    error: str = "",
    optional: bool = False,
    **attrs: Any,
) -> SafeString:
    """A list to choose one from; give it an empty first choice where nothing is chosen yet."""
    chosen = "" if value is None else str(value)
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (choice.value, mark_safe(" selected") if choice.value == chosen else "", _with_count(choice))
            for choice in map(as_choice, choices)
        ),
    )
    html = format_html(
        '<select class="input" name="{}" id="id_{}"{}>{}</select>',
        name,
        name,
        _aria(name, hint, error, attrs),
        options,
    )
    return _control(name, label, html, hint=hint, error=error, optional=optional)


def as_choice(choice: Choice | tuple[Any, ...]) -> Choice:
    """A `Choice`, or (value, label), or (value, label, hint)."""
    if isinstance(choice, Choice):
        return choice
    value, label, *hint = map(str, choice)
    return Choice(value, label, hint[0] if hint else "")


def _with_count(choice: Choice) -> str:
    return choice.label if choice.count is None else f"{choice.label} ({number(choice.count)})"


@register.simple_tag
def choice_group(
    name: str,
    legend: str,
    choices: Choices,
    value: str | Collection[str] | None = "",
    *,
    multiple: bool = False,
    scale: bool = False,
    columns: bool = False,
    hint: str = "",
    error: str = "",
    optional: bool = False,
    **attrs: Any,
) -> SafeString:
    """Radio buttons, or check boxes with `multiple`, in a fieldset; a `scale` lies in a row on a wide page."""
    items = [as_choice(choice) for choice in choices]
    chosen = (
        {str(value)} if isinstance(value, str | int | bool) or value is None else {str(one) for one in value}
    )
    body = (
        _scale(name, items, chosen)
        if scale
        else _choices(name, items, chosen, multiple=multiple, columns=columns)
    )
    return format_html(
        '<div class="{}"><fieldset{}><legend>{}</legend>{}{}{}</fieldset></div>',
        _field_class(error),
        attributes({"aria_describedby": _described(name, hint, error), **attrs}),
        _label_text(legend, optional),
        _hint(name, hint),
        _error(name, error),
        body,
    )


def _input(name: str, index: int, choice: Choice, chosen: set[str], *, multiple: bool = False) -> str:
    identity = escape(name) if index == 0 else f"{escape(name)}-{index}"
    return (
        f'<input type="{"checkbox" if multiple else "radio"}" name="{escape(name)}" id="id_{identity}"'
        f' value="{escape(choice.value)}"{" checked" if choice.value in chosen else ""}{attributes(choice.attrs)}>'
    )


def _choices(
    name: str, items: list[Choice], chosen: set[str], *, multiple: bool, columns: bool
) -> SafeString:
    parts = [f'<div class="choices{" choices--columns" if columns else ""}">']
    for index, choice in enumerate(items):
        hint = f'<span class="choice__hint">{escape(choice.hint)}</span>' if choice.hint else ""
        count = f' <span class="meta">({number(choice.count)})</span>' if choice.count is not None else ""
        parts.append(
            f'<label class="choice{" choice--apart" if choice.apart else ""}">'
            f"{_input(name, index, choice, chosen, multiple=multiple)}"
            f"<span>{conditional_escape(choice.label)}{count}{hint}</span></label>"
        )
        if choice.text_name:
            parts.append(_own_words(choice))
    parts.append("</div>")
    return mark_safe("".join(parts))  # noqa: S308


def _own_words(choice: Choice) -> str:
    label = choice.text_label or _("Namely")
    return format_html(
        '<div class="choice__text {}"><label for="id_{}">{}</label>{}'
        '<input class="input" type="text" name="{}" id="id_{}" value="{}"{}></div>',
        _field_class(choice.text_error),
        choice.text_name,
        label,
        _error(choice.text_name, choice.text_error),
        choice.text_name,
        choice.text_name,
        choice.text_value,
        attributes({"aria_describedby": _described(choice.text_name, "", choice.text_error)}),
    )


def _scale(name: str, items: list[Choice], chosen: set[str]) -> SafeString:
    size = sum(not choice.apart for choice in items)
    parts = [f'<div class="scale scale--{size}">']
    for index, choice in enumerate(items):
        css = ' class="scale__apart"' if choice.apart else ""
        parts.append(
            f"<label{css}>{_input(name, index, choice, chosen)}"
            f"<span>{conditional_escape(choice.label)}</span></label>"
        )
    parts.append("</div>")
    return mark_safe("".join(parts))  # noqa: S308


@register.simple_tag
def checkbox(
    name: str,
    label: str,
    checked: bool = False,
    *,
    value: str = "on",
    hint: str = "",
    error: str = "",
    **attrs: Any,
) -> SafeString:
    """One check box on its own: a consent, a yes."""
    return format_html(
        '<div class="{}">{}<label class="choice"><input type="checkbox" name="{}" id="id_{}" value="{}"{}{}>'
        "<span>{}{}</span></label></div>",
        _field_class(error),
        _error(name, error),
        name,
        name,
        value,
        mark_safe(" checked") if checked else "",
        _aria(name, "", error, attrs),
        label,
        format_html('<span class="choice__hint">{}</span>', hint) if hint else "",
    )


@register.simple_tag
def field(
    bound: BoundField, *, label: str = "", hint: str = "", scale: bool = False, columns: bool = False
) -> SafeString:
    """A Django form field as a component: label, hint, error, and the widget as it should look here."""
    widget = bound.field.widget
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308
    name, text = bound.html_name, label or str(bound.label)
    hint = hint or str(bound.help_text or "")
    error = " ".join(str(message) for message in bound.errors)
    optional = not bound.field.required
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        choices = [
            Choice(str(option.data["value"]), str(option.data["label"]), attrs=_extra(option.data["attrs"]))
            for option in bound.subwidgets
        ]
        chosen = [str(option.data["value"]) for option in bound.subwidgets if option.data["selected"]]
        multiple = isinstance(widget, forms.CheckboxSelectMultiple)
        return choice_group(
            name,
            text,
            choices,
            chosen,
            multiple=multiple,
            scale=scale,
            columns=columns,
            hint=hint,
            error=error,
            optional=optional and not multiple,
        )
    if isinstance(widget, forms.CheckboxInput):
        return checkbox(name, text, bool(bound.value()), hint=hint, error=error)
    css = " ".join(filter(None, ["input", widget.attrs.get("class", "")]))
    html = bound.as_widget(
        attrs={
            "class": css,
            "id": f"id_{name}",
            "aria-describedby": _described(name, hint, error) or "",
            "placeholder": False,  # libraries repeat the label there
        }
    )
    html = mark_safe(html.replace(' aria-describedby=""', ""))  # noqa: S308
    return _control(name, text, html, hint=hint, error=error, optional=optional)


def _extra(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attrs.items() if key not in {"id", "checked", "required"}}


@register.simple_tag
def form_fields(form: forms.BaseForm) -> SafeString:
    """All fields of a form one under another, hidden ones too."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    form: forms.BaseForm | None = None, problems: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """What is wrong, as links to the fields: from a form's errors, or from (field name, message) pairs; nothing if fine."""
    found = [(name, message) for name, message in problems]
    if form and form.is_bound:
        for name, messages in form.errors.items():
            if name in form.fields and not form[name].is_hidden:
                bound = form[name]
                label = str(bound.label)
                named = label if label.endswith("?") else f"{label}:"
                found += [(bound.html_name, f"{named} {message}") for message in messages]
            else:
                found += [("", str(message)) for message in messages]
    return {"problems": found}
