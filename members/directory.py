"""The directory as a page shows it: cards, filters with their counts, chips, and the way to the next page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape  # these are strings: Django's looks at each whether it is a lazy one
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from collectievekracht.common.filtering import Chip, Group
from members import map_cache
from members.choices import Activity, Region, TermKind
from members.filters import FACETS, DirectoryFilter, ListForm, choices_of
from members.models import Collective, DirectoryEntry, User
from members.queries_directory import Facets, facets
from members.queries_map import has_cells, kept_counts
from members.text import sort_key
from members.vocabulary import labels

PAGE_SIZE = 24
MANY = 2000


class _Size:
    """Whether this process has seen so many collectives that counting them takes long enough to keep what was counted."""

    large = False

    @classmethod
    def note(cls, found: Facets) -> Facets:
        """Remember how many there were."""
        cls.large = found.searched >= MANY
        return found


CARD_TAGS = 3
CARD_FIELDS = ("slug", "name", "place_name", "region", "summary", "sectors")
# Looked up for the rows of one page, after they were sorted; a join would read every collective.
ACTIVITY = Subquery(Collective.objects.filter(pk=OuterRef("collective_id")).values("activity"))


@dataclass(frozen=True)
class Card:
    """One collective in the list."""

    url: str
    name: str
    place: str
    summary: str
    tags: list[str]
    activity: str = ""

    @property
    def html(self) -> SafeString:
        """The card, escaped; put together by hand, since a page has many."""
        tags = "".join(f'<li class="tag">{escape(tag)}</li>' for tag in self.tags)
        if self.activity:
            tags = f'<li class="tag tag--plain">{escape(self.activity)}</li>{tags}'
        return mark_safe(  # noqa: S308 -- every part is escaped
            f'<li class="card card--link entry"><h3><a href="{escape(self.url)}">{escape(self.name)}</a></h3>'
            f'<p class="meta">{escape(self.place)}</p><p>{escape(self.summary)}</p><ul class="tags">{tags}</ul></li>'
        )


def place_line(place: str, region: str) -> str:
    """Where it is: "Zwolle, Overijssel"."""
    return f"{place}, {Region(region).label}" if region in Region.values else place


def cards(rows: Iterable[Mapping[str, Any]]) -> list[Card]:
    """Rows of the directory as cards, in the active language."""
    sectors = labels(TermKind.SECTOR, get_language() or "nl")
    base, regions = reverse("members:directory"), dict(choices_of("region"))
    activities = {code: str(Activity(code).label) for code in (Activity.DORMANT, Activity.STOPPED)}
    return [
        Card(
            url=f"{base}{row['slug']}/",
            name=row["name"],
            place=", ".join(filter(None, (row["place_name"], regions.get(row["region"], "")))),
            summary=row["summary"],
            tags=[sectors.get(code, code) for code in row["sectors"][:CARD_TAGS]],
            activity=activities.get(row["activity"], ""),
        )
        for row in rows
    ]


@dataclass
class Directory:
    """What a visitor asked, and what there is. With something that can't be read nothing is found, never everything."""

    query: QueryDict
    user: User | AnonymousUser
    home: str = "members:directory"  # the page that the chips lead back to
    problems: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.filter = DirectoryFilter(self.query, queryset=DirectoryEntry.objects.visible_to(self.user))
        self.list_form = ListForm(self.query)
        self.problems = [
            ("" if name == "pagina" else name, str(message))  # the page number has no field to go to
            for form in (self.filter.form, self.list_form)
            for name, messages in form.errors.items()
            for message in messages
        ]

    @property
    def readable(self) -> bool:
        """Whether all that was asked could be read."""
        return not self.problems

    @property
    def filter_problems(self) -> list[str]:
        """What of the filters can't be read."""
        return [str(message) for messages in self.filter.form.errors.values() for message in messages]

    @property
    def asked_values(self) -> dict[str, list[str]]:
        """The values that were asked, by filter."""
        return self.filter.facets_asked

    @cached_property
    def facets(self) -> Facets:
        """The counts; a query."""
        if not self.readable:
            return Facets(0, {})
        search, conditions = self.filter.conditions()
        if not _Size.large:
            return _Size.note(facets(search, conditions))
        name = f"facets:{self.asked_values}:{self.filter.asked.get('q')}"
        kept, version = map_cache.recall(name)
        if kept:
            return cast("Facets", kept)
        if not search and has_cells():
            return _kept_facets(self.asked_values)
        found = facets(search, conditions)
        map_cache.remember(name, found, version)
        return found

    @property
    def total(self) -> int:
        """How many collectives fit."""
        return self.facets.total

    @cached_property
    def ordered(self) -> QuerySet[DirectoryEntry]:
        """The entries that fit, in the order that was asked."""
        found: QuerySet[DirectoryEntry] = self.filter.qs
        typed, sort = (
            self.filter.asked.get("q"),
            self.list_form.cleaned_data.get("sort") if self.readable else "",
        )
        if sort == "new":
            return found.order_by(F("since").desc(), "pk")
        if typed and sort != "name":
            likeness = TrigramWordSimilarity(sort_key(typed), "sort_name")
            return found.order_by(likeness.desc(), "sort_name", "pk")
        return found.order_by("sort_name", "pk")

    @cached_property
    def page(self) -> Page[Card]:
        """The page that was asked, or the last one there is; a query."""
        paginator: Paginator[Card] = Paginator((), PAGE_SIZE)
        paginator.count = self.total
        number = min(
            self.list_form.cleaned_data.get("pagina") or 1 if self.readable else 1, paginator.num_pages
        )
        start = (number - 1) * PAGE_SIZE
        rows = (
            self.ordered.values(*CARD_FIELDS, activity=ACTIVITY)[start : start + PAGE_SIZE]
            if self.total
            else ()
        )
        return Page(cards(rows), number, paginator)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters; a value that would give nothing is left out, unless it is chosen."""
        return self.filter.groups(self.facets.counts)

    @cached_property
    def chips(self) -> list[Chip]:
        """What is asked now, each with a way to take it away."""
        return self.filter.chips(self._without)

    @cached_property
    def looser(self) -> list[Chip]:
        """When nothing fits all that was asked: the same without one filter, what finds most first; empty where that
        doesn't help, and where counting would take long. A query per filter."""
        asked = self.filter.asked
        names = [name for name in ("q", *FACETS) if asked.get(name)]
        if not self.readable or self.total or len(names) < 2 or _Size.large:
            return []
        found = []
        for name in names:
            query = self.query.copy()
            query.setlist(name, [])
            if number := Directory(query, self.user, self.home).filter.qs.count():
                found.append((number, self._label_without(name), self.address(query, name=self.home)))
        found.sort(key=lambda one: -one[0])
        return [
            Chip(
                ngettext(
                    "Without “%(filter)s”: %(n)s collective",
                    "Without “%(filter)s”: %(n)s collectives",
                    number,
                )
                % {"filter": label, "n": number},
                url,
            )
            for number, label, url in found
        ]

    def _label_without(self, name: str) -> str:
        """What would be taken away, in words: the word that was typed, or "Province: Overijssel, Utrecht"."""
        if name == "q":
            return str(self.filter.asked["q"])
        names = dict(choices_of(name))
        values = ", ".join(names.get(value, value) for value in self.filter.asked[name])
        return f"{self.filter.filters[name].label}: {values}"

    def _without(self, name: str, value: str) -> str:
        query = self.query.copy()
        query.setlist(name, [one for one in query.getlist(name) if one != value] if name != "q" else [])
        return self.address(query, name=self.home)

    def address(self, query: QueryDict | None = None, *, name: str = "members:directory") -> str:
        """The address of this list (or of the map, or of the download) with these filters, from its first page."""
        kept = (query if query is not None else self.query).copy()
        for key, values in list(kept.lists()):
            kept.setlist(key, [value for value in values if value])
            if key not in (*FACETS, "q", "sort") or not kept.getlist(key):
                del kept[key]
        text = kept.urlencode()
        return reverse(name) + (f"?{text}" if text else "")

    @property
    def list_url(self) -> str:
        """This list."""
        return self.address()

    @property
    def q(self) -> str:
        """What was typed to look for, as it was typed."""
        return self.query.get("q", "")

    @property
    def q_label(self) -> str:
        """What the search field is called."""
        return str(self.filter.filters["q"].label)

    @property
    def q_error(self) -> str:
        """What is wrong with what was typed."""
        return " ".join(map(str, self.filter.form.errors.get("q", ())))

    @property
    def sort(self) -> str:
        """The order that was asked."""
        return self.query.get("sort", "")

    @property
    def map_url(self) -> str:
        """The map with these filters."""
        return self.address(name="members:map")

    @property
    def csv_url(self) -> str:
        """The download of this list."""
        return self.address(name="members:directory_csv")

    @property
    def bare_url(self) -> str:
        """This page without any filter."""
        return reverse(self.home)

    @property
    def by_region(self) -> list[tuple[str, int, str]]:
        """Each province with its number of collectives and the list of these: the map in words."""
        counts, query = self.facets.counts.get("region", {}), self.query.copy()
        rows = []
        for code, label in choices_of("region"):
            if number := counts.get(code):
                query.setlist("region", [code])
                rows.append((label, number, self.address(query)))
        return rows

    @property
    def sorts(self) -> Sequence[tuple[str, str | Promise]]:
        """The orders there are; the first is the usual one."""
        usual = _("Best match") if self.filter.asked.get("q") else _("Name")
        others = [
            choice
            for choice in ListForm.SORTS
            if choice[0] not in ("", "" if self.filter.asked.get("q") else "name")
        ]
        return [("", usual), *others]


def _kept_facets(asked: Mapping[str, Sequence[str]]) -> Facets:
    total, rows = kept_counts(asked)
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, value, number in rows:
        counts[facet][value] = number
    return Facets(total, counts)
