"""The form for a collective's pin."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices import PinPrecision
from members.gazetteer import Place

NOT_ON_MAP = "not_on_map"
LATITUDES, LONGITUDES = (49.4, 53.7), (2.5, 7.3)


def _number(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--medium"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=30, widget=widget)


class PinForm(forms.Form):
    """Where the pin stands: nowhere, in the middle of the place, or on a spot given by two numbers."""

    precision = forms.ChoiceField(
        label=_("May we put you on the map?"),
        help_text=_("Do people live or stay at your address? Then it is better to choose the place."),
        choices=[
            (PinPrecision.PLACE, _("Yes, in the middle of our place")),
            (PinPrecision.EXACT, _("Yes, at our exact spot")),
            (NOT_ON_MAP, _("No, not on the map")),
        ],
        widget=forms.RadioSelect,
    )
    latitude = _number(
        _("North to south"), _("Only for an exact spot. For example 52.0907 for the Dom tower in Utrecht.")
    )
    longitude = _number(_("West to east"), _("Only for an exact spot. For example 5.1214 for the Dom tower."))

    def __init__(self, *args: Any, middle: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._middle = middle
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("precision") == PinPrecision.PLACE:
            if self._middle is None:
                self.add_error(
                    "precision", _("We don't know the place on your page. Choose your place there first.")
                )
            else:
                given |= {"latitude": self._middle.latitude, "longitude": self._middle.longitude}
        elif given.get("precision") == PinPrecision.EXACT:
            for name, (low, high) in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
                if name in self.errors:
                    continue
                number = _coordinate(given.get(name, ""))
                if number is None or not low <= number <= high:
                    words = _("Fill in a number from %(low)s to %(high)s.") % {"low": low, "high": high}
                    self.add_error(name, words)
                given[name] = number
        return given


def _coordinate(typed: str) -> float | None:
    """The number as people copy it from a map, with a point or a comma."""
    if not re.fullmatch(r"[0-9]{1,2}([.,][0-9]{1,15})?", typed.strip(), re.ASCII):
        return None
    return round(float(typed.strip().replace(",", ".")), 6)
