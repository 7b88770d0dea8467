"""The form in which a collective changes the text of its page: the questions of the self-scan, as far as they are public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField, plain_text
from members import vocabulary
from members.choices import Country, TermKind
from members.gazetteer import AmbiguousPlace, PlaceElsewhere, PlaceProblem, gazetteer
from members.profile_words import VOCABULARY
from members.services.collectives import ProfileFacts

OTHER = "other"
OWN_WORDS = (
    "sectors",
    "legal_form",
    "target_groups",
)  # where "something else" may be said in one's own words
NOTHING_ELSE = {"impact_areas": "too_early", "offer_types": "none_now"}  # answers that stand alone
MOST = {"sectors": 6, "target_groups": 4, "impact_areas": 4}
COUNTRY_OF_FORM = {"nl_": Country.NL, "be_": Country.FLANDERS}
CHOSEN_BY = (("sectors", True), ("target_groups", True), ("impact_areas", False), ("offer_types", False))


def _own_words(label: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=120, required=False)


def _several(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple, required=False
    )


class PageForm(forms.Form):
    """All public fields of a collective; `facts()` gives what was filled in."""

    name = PlainTextField(
        label=_("What is your collective called?"),
        help_text=_("The name people around you know."),
        min_length=2,
        max_length=120,
    )
    description = PlainTextField(
        label=_("What do you do, and for whom?"),
        help_text=_(
            "Two or three sentences a neighbour would understand at once. Don't name any persons. The first lines stand "
            "in the list and in search engines."
        ),
        lines=True,
        min_length=40,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    website = forms.URLField(
        label=_("Do you have a website?"),
        help_text=_("A social media page is fine too."),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(
        label=_("Where are you active?"), choices=Country.choices, widget=forms.RadioSelect
    )
    place_name = PlainTextField(
        label=_("In which place are you most active?"),
        help_text=_("More than one? Choose the main one."),
        max_length=80,
    )
    place_id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    founding_year = forms.IntegerField(
        label=_("In which year did you start?"),
        help_text=_("The year of your first activity, even if you were formally founded later."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
    )
    sectors = _several(
        _("In which fields are you active?"), _("Choose six at most. Choose what you actually do now.")
    )
    sectors__other = _own_words(_("Something else: which field?"))
    main_sector = forms.ChoiceField(
        label=_("Which field is the most important to you?"),
        help_text=_("It has to be one of the fields that you chose above."),
        required=False,
    )
    legal_form = forms.ChoiceField(label=_("What is your legal form?"), required=False)
    legal_form__other = _own_words(_("Something else: which legal form?"))
    geo_scale = forms.ChoiceField(
        label=_("How large is the area you work in?"), required=False, widget=forms.RadioSelect
    )
    target_groups = _several(_("Whom do you mainly do it for?"), _("Choose four at most."))
    target_groups__other = _own_words(_("Others: who?"))
    impact_areas = _several(_("What do people notice most of your work?"), _("Choose four at most."))
    offer_types = _several(_("What can you offer others?"), _("Choose all that apply. It needn't be big."))
    offer_details = PlainTextField(
        label=_("What exactly?"),
        help_text=_("For example: room for 40 people, or: we know a lot about articles of association."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, text: Mapping[str, Any], **kwargs: Any) -> None:
        self._text = text
        initial = dict(text) | {
            f"{name}__other": text.get("other_texts", {}).get(name, "") for name in OWN_WORDS
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, kind in VOCABULARY.items():
            self._offer(name, kind)
        self._offer_places()

    def _offer(self, name: str, kind: TermKind) -> None:
        """What may be chosen: the vocabulary's words, and what stands there already."""
        known = dict(vocabulary.labels(kind, get_language() or "nl"))
        value = self._text.get(name) or []
        known |= {code: code for code in ([value] if isinstance(value, str) else value) if code not in known}
        field: Any = self.fields[name]
        if isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
            field.choices = list(known.items())
        elif name == "legal_form":
            field.choices = [("", "–"), *_by_country(known)]
        else:
            field.choices = [("", "–"), *known.items()]

    def _offer_places(self) -> None:
        """Where several places have the name that was typed, these to choose from."""
        given: Mapping[str, Any] = self.data if self.is_bound else self.initial
        try:
            gazetteer.resolve(
                str(given.get("country") or ""), str(given.get("place_name") or ""), given.get("place_id")
            )
        except AmbiguousPlace as several:
            self.fields["place_id"] = forms.ChoiceField(
                label=_("Which place do you mean?"),
                choices=[("", "–"), *((str(place.geonames_id), place.label) for place in several.choices)],
                error_messages={"required": _("There are several places with this name. Choose yours.")},
            )
        except PlaceProblem:
            pass

    def clean_website(self) -> str:
        """Only what a browser opens."""
        address: str = self.cleaned_data["website"]
        plain_text(address)
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("A web address begins with https:// or http://."))
        return address

    def clean_founding_year(self) -> int | None:
        """A year in which something can have begun."""
        year: int | None = self.cleaned_data["founding_year"]
        if year is not None and not 1200 <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("Fill in a year from 1200 to this year."))
        return year

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, own in CHOSEN_BY:
            self._check_choices(name, given.get(name) or [], own=own)
        if "legal_form" in given:
            self._check_form(given)
        main, sectors = given.get("main_sector"), given.get("sectors") or []
        if main and "sectors" in given and main not in sectors:
            self.add_error("main_sector", _("Choose one of the fields that you chose above."))
        if "place_name" in given and given.get("country") and "place_id" not in self.errors:
            self._resolve(given)
        return given

    def _check_choices(self, name: str, chosen: list[str], *, own: bool) -> None:
        if name in self.errors:
            return
        most, alone = MOST.get(name, 0), NOTHING_ELSE.get(name)
        if name in ("sectors", "target_groups") and not chosen and self._text.get(name):
            self.add_error(name, _("Choose at least one."))
        elif most and len(chosen) > most:
            words = ngettext("Choose %(n)s at most.", "Choose %(n)s at most.", most) % {"n": most}
            self.add_error(name, words)
        elif alone in chosen and len(chosen) > 1:
            self.add_error(name, _("Choose this answer alone, or leave it out."))

    def _check_form(self, given: Mapping[str, Any]) -> None:
        country = COUNTRY_OF_FORM.get(given["legal_form"][:3])
        if country and given.get("country") and country != given["country"]:
            self.add_error("legal_form", _("This legal form is of the other country. Choose one of yours."))

    def _resolve(self, given: dict[str, Any]) -> None:
        """The place by the gazetteer, as in the self-scan; one that was known by another name before may stay."""
        name, country = given["place_name"], given["country"]
        try:
            place = gazetteer.resolve(country, name, given.get("place_id"))
        except AmbiguousPlace:
            self.add_error("place_id", _("There are several places with this name. Choose yours."))
        except PlaceElsewhere:
            self.add_error(
                "place_name", _("This place is in the other country. Check the country and the place.")
            )
        except PlaceProblem:
            if (name, country) == (self._text.get("place_name"), self._text.get("country")):
                given |= {"place_id": self._text.get("place_id"), "region": self._text.get("region", "")}
                return
            self.add_error(
                "place_name",
                _("We don't know this place. Check the spelling, or fill in a larger place nearby."),
            )
        else:
            given |= {"place_name": place.name, "place_id": place.geonames_id, "region": place.region}

    def facts(self) -> ProfileFacts:
        """What was filled in, as a text of the page."""
        given = self.cleaned_data
        sectors: list[str] = given["sectors"]
        kept = {
            name: words for name, words in self._text.get("other_texts", {}).items() if name not in OWN_WORDS
        }
        own = {name: given[f"{name}__other"] for name in OWN_WORDS if OTHER in _listed(given[name])}
        return ProfileFacts(
            name=given["name"],
            description=given["description"],
            country=given["country"],
            place_name=given["place_name"],
            place_id=given["place_id"] or None,
            region=given.get("region", ""),
            website=given["website"],
            founding_year=given["founding_year"],
            sectors=sectors,
            main_sector=given["main_sector"] or (sectors[0] if len(sectors) == 1 else ""),
            legal_form=given["legal_form"],
            geo_scale=given["geo_scale"],
            target_groups=given["target_groups"],
            impact_areas=given["impact_areas"],
            offer_types=given["offer_types"],
            offer_details=given["offer_details"],
            other_texts=kept | {name: words for name, words in own.items() if words},
        )


def _listed(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]


def _by_country(forms_known: Mapping[str, str]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Legal forms in groups: of the Netherlands, of Flanders, and of both."""
    groups: dict[Any, list[tuple[str, str]]] = {label: [] for _code, label in Country.choices}
    both: list[tuple[str, str]] = []
    for code, label in forms_known.items():
        country = COUNTRY_OF_FORM.get(code[:3])
        (groups[Country(country).label] if country else both).append((code, label))
    return [(label, rows) for label, rows in (*groups.items(), (_("Everywhere"), both)) if rows]
