"""A form that is sent twice is done once: every rendered form carries a key, and a repeat gets the first answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from django import forms
from django.db import transaction

from collectievekracht.common.models import FormKey

Answer = TypeVar("Answer")
NAME = "form_key"


def new() -> str:
    """A key for a form that is about to be rendered, for a hidden field named `form_key`."""
    return str(uuid4())


def read(value: Any) -> UUID | None:
    """The key in posted data, or None when it is missing or no key."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


class FormKeyField(forms.Field):
    """A hidden field with a key of its own for each rendered form. A key that is missing or wrong is a new one:
    such a form is simply not protected against repeats."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("initial", new)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> UUID:
        return read(value) or uuid4()


def of(given: Mapping[str, Any]) -> UUID:
    """The key of what was filled in, the form's own included: other words in the same rendered form are another act.

    Whoever goes back in the browser to correct an address, or to write once more, gets that form again, key and all.
    """
    typed = repr(sorted((name, str(value)) for name, value in given.items() if name != NAME))
    return uuid5(given[NAME], typed)


def run_once(key: str | UUID | None, act: Callable[[], Answer], *, scope: str = "") -> Answer:
    """What `act` answers, in one transaction with it; for a key that was used the first answer again.

    The answer must be JSON (a pk, an address). Of requests at the same moment the first acts and the others wait
    for its answer. When `act` raises nothing is kept, so that the form may be sent again. Without a usable key
    `act` simply runs. Include who asks in `scope` when the answer is personal: a key of one scope is new in another.
    """
    used = read(key)
    if used is None:
        with transaction.atomic():
            return act()
    with transaction.atomic():
        FormKey.objects.bulk_create([FormKey(key=used, scope=scope[:100])], ignore_conflicts=True)
        row = FormKey.objects.select_for_update().get(key=used)
        if row.scope != scope[:100]:
            return act()
        if row.answer is not None:
            return row.answer["answer"]
        answer = act()
        FormKey.objects.filter(key=used).update(answer={"answer": answer})
        return answer
