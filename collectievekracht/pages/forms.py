"""Writing to the team, and inviting others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import suppressions
from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.form_keys import FormKeyField
from collectievekracht.common.letters import LetterForm
from collectievekracht.common.mail import is_address
from collectievekracht.pages.choices import InvitationKind, LetterSubject

if TYPE_CHECKING:
    from members.models import Collective

AT_ONCE = 5
_BETWEEN = re.compile(r"[\s,;]+")
_WEB_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:nl|be|com|org|net|eu|info|io)\b", re.IGNORECASE)


class TeamLetterForm(LetterForm):
    """A letter to the team."""

    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=LetterSubject.choices, widget=forms.RadioSelect
    )


class AddressesField(PlainTextField):
    """E-mail addresses, one on a line or with a comma between; a list, each mailbox once, in one spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lines=True, **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        found = [one.strip("<>") for one in _BETWEEN.split(text or "") if one.strip("<>")]
        addresses = list(dict.fromkeys(suppressions.normal(one) for one in found))
        if len(addresses) > AT_ONCE:
            message = gettext("Invite at most %(number)s people at once.")
            raise ValidationError(message, code="many", params={"number": AT_ONCE})
        wrong = [one for one in addresses if not is_address(one)]
        if wrong or not addresses:
            message = ngettext(
                "This is no e-mail address: %(wrong)s",
                "These are no e-mail addresses: %(wrong)s",
                len(wrong) or 1,
            )
            shown = ", ".join(one[:60] for one in wrong) or text[:60]
            raise ValidationError(message, code="invalid", params={"wrong": shown})
        return addresses


def _without_links(text: str) -> str:
    """An invitation must not carry links of others: that is what people who fish for passwords do."""
    if _WEB_ADDRESS.search(text):
        raise ValidationError(_("Leave web addresses out: the mail has its own link."), code="link")
    return text


class InviteForm(forms.Form):
    """Inviting people on behalf of a collective; who belongs to several says which, who has no name yet gives it."""

    name = PlainTextField(
        label=_("Your name"),
        help_text=_(
            "It stands in the mail, so that they know who invites them. We keep it with your account."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    addresses = AddressesField(
        label=_("Whom do you want to invite?"),
        help_text=_("One to five e-mail addresses, one on each line."),
        max_length=1400,
        widget=forms.Textarea(
            attrs={"rows": 4, "inputmode": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    kind = forms.ChoiceField(
        label=_("Whom do these addresses belong to?"),
        choices=InvitationKind.choices,
        widget=forms.RadioSelect,
    )
    collective = forms.ChoiceField(
        label=_("On behalf of which collective do you write?"), widget=forms.RadioSelect
    )
    sentence = PlainTextField(
        label=_("A sentence of your own"),
        help_text=_("It stands in the mail as you type it. At most 300 characters, without web addresses."),
        lines=True,
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("In which language should the mail be?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, name: str, collectives: list[Collective], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if name:
            del self.fields["name"]
        self.collectives = {str(one.pk): one for one in collectives}
        self.fields["language"].initial = get_language() or settings.LANGUAGE_CODE
        if len(collectives) > 1:
            choices = [(pk, one.name) for pk, one in self.collectives.items()]
            self.fields["collective"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["collective"]

    def clean_name(self) -> str:
        """It stands in the mail, and in its subject."""
        return _without_links(self.cleaned_data["name"])

    def clean_sentence(self) -> str:
        """It stands in the mail."""
        return _without_links(self.cleaned_data["sentence"])

    @property
    def on_behalf_of(self) -> Collective | None:
        """The collective that was chosen, or the only one; None for who belongs to none."""
        if chosen := self.cleaned_data.get("collective"):
            return self.collectives[chosen]
        return next(iter(self.collectives.values()), None)
