"""When a person wants mail about what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from collectievekracht.common import registry
from members.choices import Pace


class PacesForm(forms.Form):
    """A choice of four for every kind of notification that is mailed by itself: others have a mail of their own."""

    def __init__(self, *args: Any, paces: Mapping[str, Pace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in registry.notification_kinds:
            if kind.name and kind.pace != Pace.NEVER:
                self.fields[kind.code] = forms.ChoiceField(
                    label=str(kind.name), choices=Pace.choices, initial=paces[kind.code]
                )

    @property
    def chosen(self) -> dict[str, Pace]:
        """What was chosen, by kind."""
        return {kind: Pace(pace) for kind, pace in self.cleaned_data.items()}
