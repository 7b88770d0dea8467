"""Letters: a form by which a visitor writes to somebody, once per rendered form and not too often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collectievekracht.common import form_keys, limits
from collectievekracht.common.fields import PlainTextField

AN_HOUR = 5  # of one visitor, to anybody
NAME, ADDRESS = gettext_lazy("Your name"), gettext_lazy("Your e-mail address")


class LetterForm(forms.Form):
    """Somebody who writes: who they are, and what they want to say. A form of this kind may ask for a `subject`, or
    have a `message` of its own; draw it with `components/letter_fields.html`."""

    name = PlainTextField(label=NAME, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=ADDRESS, max_length=200, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    message = PlainTextField(
        label=gettext_lazy("Your message"),
        lines=True,
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    website = limits.HoneypotField()
    form_key = form_keys.FormKeyField()

    field_order = ("name", "email", "subject", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class _TooMany(Exception):
    """This visitor, or this reader, had enough letters for now; its text says which."""


def letter_page(
    request: HttpRequest,
    form_class: type[LetterForm],
    template: str,
    context: Mapping[str, Any],
    *,
    to: str,
    a_day: int,
    send: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """The page of a letter: the form, what is wrong with it, or where it says that the letter is on its way.

    `send` gets what was filled in, in one transaction with its key, which is that of this very letter. `to` names the
    reader, who gets at most `a_day` letters a day. The template gets `form`, `sent` and the context.
    """
    person = request.user
    known = {"name": person.name, "email": person.email} if person.is_authenticated else {}
    form = form_class(request.POST or None, initial=known)
    shown = {**context, "form": form, "sent": request.GET.get("verstuurd") == "ja"}
    if request.method != "POST" or not form.is_valid():
        return render(request, template, shown)

    given = {**form.cleaned_data, form_keys.NAME: form_keys.of(form.cleaned_data)}

    def act() -> bool:
        if not limits.hit("letters-from", limits.client_ip(request), AN_HOUR, 3600):
            raise _TooMany(_("You have sent several messages in a short time. Try again in an hour."))
        if not limits.hit("letters-to", to, a_day, 86400):
            raise _TooMany(_("Many messages were sent to this address today. Try again tomorrow."))
        send(given)
        return True

    try:
        form_keys.run_once(given[form_keys.NAME], act, scope=f"{template}:{to}")
    except _TooMany as problem:
        form.add_error(None, str(problem))
        return render(request, template, shown, status=429)
    return redirect(f"{request.path}?verstuurd=ja")
