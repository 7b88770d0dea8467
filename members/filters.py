"""The filters of directory and map: what may be asked, and what it means. Never size: a filter tells as much as a field."""

from __future__ import annotations

import operator
import re
import unicodedata
from functools import lru_cache, reduce

from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.filtering import AskedSet, FacetFilter, SharedFilter
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


class _Facet(FacetFilter):
    """A filter on one or more values."""

    def choices(self) -> list[tuple[str, str]]:
        """Each value with its label, in the active language."""
        return choices_of(self.field_name)

    def condition(self, values: list[str]) -> Q:
        """Entries with one of these values."""
        return condition(self.field_name, values)


class _Search(SharedFilter):
    """Words in name, place or description; every word must be there, spelling errors forgiven."""

    field_class = PlainTextField

    def filter(self, qs: QuerySet[DirectoryEntry], value: str) -> QuerySet[DirectoryEntry]:
        """The entries in which every word occurs."""
        return qs.filter(search_condition(value)) if value else qs


class DirectoryFilter(AskedSet):
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

    def conditions(self) -> tuple[Q, dict[str, Q]]:
        """The search as one condition, and each filter that is in use as another."""
        asked = self.asked
        search = search_condition(asked["q"]) if asked.get("q") else Q()
        return search, {facet: condition(facet, values) for facet, values in self.facets_asked.items()}


class ListForm(forms.Form):
    """What only the list asks: its order and its page."""

    SORTS = [("", _("Best match or name")), ("name", _("Name")), ("new", _("Newest first"))]

    sort = forms.ChoiceField(choices=SORTS, required=False)
    pagina = forms.IntegerField(min_value=1, max_value=100_000, required=False)
