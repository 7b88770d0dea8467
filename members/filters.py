"""The filters of directory and map: what may be asked, and what it means. Never size: a filter tells as much as a field."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Mapping
from copy import copy
from functools import lru_cache, reduce
from typing import Any, Self

import django_filters
from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from members.choices import AGE_YEARS, Age, LegalFormGroup, Region, TermKind
from members.models import DirectoryEntry
from members.vocabulary import labels

FACETS = ("sector", "region", "legal_form", "age", "area")
MAX_WORDS = 8


def words_of(typed: str) -> list[str]:
    """The words to look for, in order of typing; marks and signs only part them."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", typed).replace("_", " "))[:MAX_WORDS]


def _has_word(word: str) -> Q:
    """A word like this one, by trigrams; a short one, which has too few, must begin a word."""
    plain = Lower(Unaccent(Value(word)))
    if len(word) > 3:
        return Q(search__trigram_word_similar=plain)
    return Q(search__contains=Lower(Unaccent(Value(f" {word}"))))


def condition(facet: str, values: list[str]) -> Q:
    """Collectives that have one of these values."""
    match facet:
        case "sector":
            return Q(sectors__overlap=values)
        case "region":
            return Q(region__in=values)
        case "legal_form":
            return Q(legal_form_group__in=values)
        case "age":
            return reduce(operator.or_, (Q(founding_year__range=AGE_YEARS[value]) for value in values))
    return Q(geo_scale__in=values)


@lru_cache(maxsize=16)
def _fixed_choices(facet: str, language: str) -> list[tuple[str, str]]:
    """The values that the code knows, once per language."""
    fixed = {"region": Region, "legal_form": LegalFormGroup, "age": Age}[facet]
    with override(language):
        return [(str(value), str(label)) for value, label in fixed.choices]


def choices_of(facet: str) -> list[tuple[str, str]]:
    """Each value of a filter with its label, in the active language."""
    language = get_language() or "nl"
    if facet in ("sector", "area"):
        kind = TermKind.SECTOR if facet == "sector" else TermKind.SCALE
        return list(labels(kind, language).items())
    return _fixed_choices(facet, language)


def search_condition(typed: str) -> Q:
    """Every word must be there; of signs alone nothing is found."""
    words = words_of(typed)
    return reduce(operator.and_, map(_has_word, words)) if words else Q(pk=0)


class _Values(forms.MultipleChoiceField):
    """Several values of one filter; an unknown one is refused, and never means everything."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _("We don't know the choice “%(value)s”.")}

    def clean(self, value: Any) -> list[str]:
        """The values, each once."""
        return list(dict.fromkeys(super().clean(value)))


class _Shared:
    """A filter that holds nothing of a request, so that a shallow copy is enough for each: a deep one takes long."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copy(self)


class _Facet(_Shared, django_filters.Filter):
    """A filter on one or more values."""

    field_class = _Values

    @property
    def field(self) -> forms.Field:
        """The form field, with the choices of this moment and language."""
        name = self.field_name
        return _Values(label=self.label, required=False, choices=lambda: choices_of(name))

    def filter(self, qs: QuerySet[DirectoryEntry], value: list[str]) -> QuerySet[DirectoryEntry]:
        """The entries with one of the values."""
        return qs.filter(condition(self.field_name, value)) if value else qs


class _Search(_Shared, django_filters.Filter):
    """Words in name, place or description; every word must be there, spelling errors forgiven."""

    field_class = PlainTextField

    def filter(self, qs: QuerySet[DirectoryEntry], value: str) -> QuerySet[DirectoryEntry]:
        """The entries in which every word occurs."""
        return qs.filter(search_condition(value)) if value else qs


class DirectoryFilter(django_filters.FilterSet):
    """What the visitor asked of directory or map; `sort` and `pagina` count for the list only."""

    q = _Search(label=_("Name, place or subject"), max_length=100)
    sector = _Facet(field_name="sector", label=_("Field"))
    region = _Facet(field_name="region", label=_("Province"))
    legal_form = _Facet(field_name="legal_form", label=_("Legal form"))
    age = _Facet(field_name="age", label=_("Started"))
    area = _Facet(field_name="area", label=_("Area of work"))

    class Meta:
        model = DirectoryEntry
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[DirectoryEntry]:
        """What was asked for; nothing when it can't be read. (Django-filter itself would give everything.)"""
        if self.is_bound and not self.form.is_valid():
            return self.queryset.none()
        found: QuerySet[DirectoryEntry] = super().qs
        return found

    @property
    def asked(self) -> Mapping[str, Any]:
        """The checked values by name of the filter; empty when something can't be read."""
        return self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}

    def conditions(self) -> tuple[Q, dict[str, Q]]:
        """The search as one condition, and each filter that is in use as another."""
        asked = self.asked
        search = search_condition(asked["q"]) if asked.get("q") else Q()
        return search, {facet: condition(facet, asked[facet]) for facet in FACETS if asked.get(facet)}


class ListForm(forms.Form):
    """What only the list asks: its order and its page."""

    SORTS = [("", _("Best match or name")), ("name", _("Name")), ("new", _("Newest first"))]

    sort = forms.ChoiceField(choices=SORTS, required=False)
    pagina = forms.IntegerField(min_value=1, max_value=100_000, required=False)
