"""The form for one service on offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import form_keys
from collectievekracht.common.fields import PlainTextField
from members.choices import OfferKind, Region
from members.models import ServiceOffer


class OfferForm(forms.Form):
    """What a collective offers for hire, where and for how many; `facts()` gives the columns."""

    kind = forms.ChoiceField(
        label=_("What do you offer?"), choices=OfferKind.choices, widget=forms.RadioSelect
    )
    title = PlainTextField(
        label=_("In a few words"), help_text=_("For example: village hall with a kitchen."), max_length=120
    )
    details = PlainTextField(
        label=_("What exactly?"),
        help_text=_(
            "What should the team know? For example the price, days on which it is possible, access for wheelchairs."
        ),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    regions = forms.MultipleChoiceField(
        label=_("Where do you offer this?"),
        help_text=_("For a venue: where it is. For the rest: where you come, or deliver."),
        choices=Region.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one province.")},
    )
    capacity = forms.IntegerField(
        label=_("For how many people?"),
        help_text=_("At most, in one go."),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
    )
    email = forms.EmailField(
        label=_("Which address may the team ask?"),
        help_text=_("Leave it empty for the collective's own address."),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    form_key = form_keys.FormKeyField()

    def __init__(
        self, *args: Any, offer: ServiceOffer | None = None, region: str = "", **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"regions": [region] if region else []}
        if offer:
            initial = {name: getattr(offer, name) for name in self.base_fields if name != form_keys.NAME}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def facts(self) -> dict[str, Any]:
        """What was filled in, by column."""
        return {name: value for name, value in self.cleaned_data.items() if name != form_keys.NAME}
