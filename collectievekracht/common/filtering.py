"""What lists with filters share: values that may be chosen several at once, and a set that never shows all by mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from collectievekracht.common.fields import SeveralField
from collectievekracht.common.templatetags.ui_forms import Choice


class SharedFilter(django_filters.Filter):
    """A filter that holds nothing of a request, so that a shallow copy is enough for each: a deep one takes long."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copy(self)


class FacetFilter(SharedFilter):
    """A filter on one or more values; whose list it is says which there are, and what they mean."""

    def choices(self) -> list[tuple[str, str]]:
        """Each value with its label, in the active language."""
        raise NotImplementedError

    def condition(self, values: list[str]) -> Q:
        """What has one of these values."""
        raise NotImplementedError

    @property
    def field(self) -> forms.Field:
        """The form field, with the choices of this moment and language."""
        return SeveralField(label=self.label, required=False, choices=self.choices)

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """What has one of the values."""
        return qs.filter(self.condition(value)) if value else qs


class AskedSet(django_filters.FilterSet):
    """What was asked of a list."""

    @property
    def qs(self) -> QuerySet[Any]:
        """What was asked for; nothing when it can't be read. (Django-filter itself would give everything.)"""
        if self.is_bound and not self.form.is_valid():
            return self.queryset.none()
        found: QuerySet[Any] = super().qs
        return found

    @property
    def asked(self) -> Mapping[str, Any]:
        """The checked values by name of the filter; empty when something can't be read."""
        return self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}

    @property
    def facets_asked(self) -> dict[str, list[str]]:
        """The values that were asked, by filter."""
        return {name: self.asked[name] for name in self.facets if self.asked.get(name)}

    @property
    def facets(self) -> dict[str, FacetFilter]:
        """The filters on values, by name, in their order."""
        return {name: one for name, one in self.filters.items() if isinstance(one, FacetFilter)}

    def groups(self, counts: Mapping[str, Mapping[str, int]]) -> list[Group]:
        """The filters with these counts; a value that would give nothing is left out, unless it is chosen."""
        result = []
        for name, facet in self.facets.items():
            chosen, counted = self.asked.get(name) or [], counts.get(name, {})
            choices = [
                Choice(value, label, count=counted.get(value, 0))
                for value, label in facet.choices()
                if value in counted or value in chosen
            ]
            result.append(Group(name, str(facet.label), choices, chosen))
        return result

    def chips(self, without: Callable[[str, str], str]) -> list[Chip]:
        """What is asked now; `without` gives the address of the list without a filter's value."""
        found = []
        if typed := self.asked.get("q"):
            found.append(Chip(f"“{typed}”", without("q", typed)))
        for name, chosen in self.facets_asked.items():
            labels = dict(self.facets[name].choices())
            found += [Chip(labels.get(value, value), without(name, value)) for value in chosen]
        return found


@dataclass(frozen=True)
class Group:
    """One filter, with what may be chosen and how many that gives."""

    name: str
    label: str
    choices: list[Choice]
    chosen: list[str]


@dataclass(frozen=True)
class Chip:
    """Something that was asked, with the address of the same list without it."""

    label: str
    url: str
