"""The filters of a lab's page: what may be asked of its members, and what it means."""

from __future__ import annotations

import operator
from functools import reduce

from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.fields import PlainTextField
from collectievekracht.common.filtering import AskedSet, FacetFilter, SharedFilter
from labs.models import LabMembership
from labs.queries import condition
from members.choices import Audience, TermKind
from members.filters import choices_of as choices_of_directory
from members.filters import words_of
from members.text import sort_key
from members.vocabulary import labels

MOST_PAGES = 100_000


def choices_of(facet: str) -> list[tuple[str, str]]:
    """Each value of a filter with its label, in the active language."""
    if facet == "theme":
        return list(labels(TermKind.THEME, get_language() or "nl").items())
    return choices_of_directory(facet)


def shown_name(*, to_members: bool) -> Q:
    """Members whose name the reader may see: each decides that in their personal profile."""
    audiences = [Audience.EVERYONE, Audience.MEMBERS] if to_members else [Audience.EVERYONE]
    return Q(user__profile__audiences__name__in=audiences)


def search(members: QuerySet[LabMembership], typed: str, *, to_members: bool) -> QuerySet[LabMembership]:
    """Members in whose organisation, expertise, themes or shown name every word occurs; of signs alone none."""
    words = words_of(typed)
    if not words:
        return members.filter(pk=0)
    text = Lower(Unaccent(Concat("organisation", Value(" "), "expertise", output_field=TextField())))
    found = members.alias(searched=text, plain_name=Lower(Unaccent(F("user__name"))))
    named = shown_name(to_members=to_members)
    return found.filter(reduce(operator.and_, (_has_word(word, named) for word in words)))


def _has_word(word: str, named: Q) -> Q:
    plain = Lower(Unaccent(Value(word)))
    found = Q(searched__contains=plain) | (named & Q(plain_name__contains=plain))
    for facet, column in (("theme", "themes"), ("sector", "sectors")):
        codes = [code for code, label in choices_of(facet) if sort_key(word) in sort_key(label)]
        if codes and len(word) > 3:
            found |= Q(**{f"{column}__overlap": codes})
    return found


class _Facet(FacetFilter):
    """A filter on one or more values."""

    def choices(self) -> list[tuple[str, str]]:
        """Each value with its label, in the active language."""
        return choices_of(self.field_name)

    def condition(self, values: list[str]) -> Q:
        """Members with one of these values."""
        return condition(self.field_name, values)


class _Search(SharedFilter):
    """Words; where they are looked for depends on who asks, so the page does it."""

    field_class = PlainTextField

    def filter(self, qs: QuerySet[LabMembership], value: str) -> QuerySet[LabMembership]:
        """Everything: see `search`."""
        return qs


class MembersFilter(AskedSet):
    """What was asked of a lab's members; `pagina` is the page of the list."""

    q = _Search(label=_("Subject or organisation"), max_length=100)
    theme = _Facet(field_name="theme", label=_("Theme"))
    sector = _Facet(field_name="sector", label=_("Field"))
    region = _Facet(field_name="region", label=_("Province"))

    class Meta:
        model = LabMembership
        fields: list[str] = []


class PageForm(forms.Form):
    """Which page of the list."""

    pagina = forms.IntegerField(min_value=1, max_value=MOST_PAGES, required=False)
