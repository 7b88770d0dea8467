"""A lab's members as its page shows them: cards, filters with their counts, chips; and what only members see of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape  # these are strings: Django's looks at each whether it is a lazy one
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collectievekracht.common.filtering import Chip, Group
from collectievekracht.common.templatetags.ui_formats import format_day
from labs.confirming import Standing, is_away, standing
from labs.filters import MembersFilter, PageForm, choices_of, search
from labs.models import Lab, LabMembership
from labs.queries import FACETS, Facets, Reader, facets
from members.choices import Audience, Region
from members.text import summarise

PAGE_SIZE = 24
SHORT = 280  # signs of somebody's expertise that stand on the card; the rest folds open
PUBLIC_FIELDS = ("organisation", "expertise", "themes", "sectors", "regions", "confirm_by")
NAME_FIELDS = ("user__name", "user__profile__audiences", "user__profile__handle")
MEMBER_FIELDS = ("function", "brings", "website", "absent_from", "absent_until", "user__email")


@dataclass
class LabPage:
    """What was asked of a lab's members, and who there are. With something that can't be read nobody is found."""

    lab: Lab
    query: QueryDict
    reader: Reader
    problems: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        members = LabMembership.objects.in_force().filter(lab_id=self.lab.pk)
        self.filter = MembersFilter(self.query, queryset=members)
        self.page_form = PageForm(self.query)
        self.problems = [
            ("" if name == "pagina" else name, str(message))
            for form in (self.filter.form, self.page_form)
            for name, messages in form.errors.items()
            for message in messages
        ]

    @property
    def readable(self) -> bool:
        """Whether all that was asked could be read."""
        return not self.problems

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
    def is_asked(self) -> bool:
        """Whether anything was asked."""
        return bool(self.q or self.filter.facets_asked)

    @property
    def bare_url(self) -> str:
        """This page without any filter."""
        return self.lab.get_absolute_url()

    def _searched(self, members: QuerySet[LabMembership]) -> Any:
        typed = self.filter.asked.get("q")
        return search(members, typed, to_members=self.reader.is_member) if typed else members

    @cached_property
    def facets(self) -> Facets:
        """The counts; a query."""
        if not self.readable:
            return Facets()
        regions = [one for one in Region.values if self.lab.is_for_flanders or one.startswith("NL-")]
        return facets(self._searched(self.filter.queryset), self.filter.facets_asked, regions)

    @property
    def total(self) -> int:
        """How many members fit."""
        return self.facets.total

    @cached_property
    def page(self) -> Page[SafeString]:
        """The page that was asked, or the last one there is, as cards; a query."""
        paginator: Paginator[SafeString] = Paginator((), PAGE_SIZE)
        paginator.count = self.total
        number = min(
            self.page_form.cleaned_data.get("pagina") or 1 if self.readable else 1, paginator.num_pages
        )
        if not self.total:
            return Page([], number, paginator)
        fields = (*PUBLIC_FIELDS, *NAME_FIELDS, *(MEMBER_FIELDS if self.reader.is_member else ()))
        start = (number - 1) * PAGE_SIZE
        rows = self._searched(self.filter.qs).order_by(Lower("organisation"), "pk").values(*fields)
        cards = _Cards(self.lab, self.reader)
        return Page([cards.html(row) for row in rows[start : start + PAGE_SIZE]], number, paginator)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters; a value that would give nothing is left out, unless it is chosen."""
        return self.filter.groups(self.facets.counts)

    @cached_property
    def chips(self) -> list[Chip]:
        """What is asked now, each with a way to take it away."""
        return self.filter.chips(self._without)

    def _without(self, name: str, value: str) -> str:
        query = self.query.copy()
        query.setlist(name, [] if name == "q" else [one for one in query.getlist(name) if one != value])
        for key in list(query):
            if key not in (*FACETS, "q") or not any(query.getlist(key)):
                del query[key]
        text = query.urlencode()
        return self.bare_url + (f"?{text}" if text else "")


class _Cards:
    """Draws members as cards, by hand since a page has many; every part is escaped."""

    def __init__(self, lab: Lab, reader: Reader) -> None:
        self.reader = reader
        self.today, self.language = timezone.localdate(), get_language() or "nl"
        self.words = {facet: dict(choices_of(facet)) for facet in FACETS}
        self.letter = reverse("labs:write", args=[lab.code, "0"]).removesuffix("0/schrijven/")
        self.person = reverse("members:person", args=["0"]).removesuffix("0/")
        self.everywhere, self.more = escape(_("Everywhere")), escape(_("Read on"))
        self.write, self.website = escape(_("Write a message")), escape(_("Website"))
        self.unconfirmed = escape(_("Not confirmed this year"))
        self.audiences = {Audience.EVERYONE, Audience.MEMBERS} if reader.is_member else {Audience.EVERYONE}

    def html(self, row: Mapping[str, Any]) -> SafeString:
        """One member."""
        audiences = row["user__profile__audiences"] or {}
        name = row["user__name"] if audiences.get("name") in self.audiences else ""
        organisation = escape(row["organisation"])
        title, under = self._title(name, row["user__profile__handle"]) or organisation, []
        if name:
            under.append(organisation)
        if self.reader.is_member and row["function"]:
            under.append(escape(row["function"]))
        regions = ", ".join(escape(self.words["region"].get(code, code)) for code in row["regions"])
        under.append(regions or self.everywhere)
        parts = [f'<li class="card entry"><h3>{title}</h3><p class="meta">{" · ".join(under)}</p>']
        parts.append(self._expertise(row["expertise"]))
        parts.append(f'<ul class="tags">{self._tags(row)}</ul>')
        if self.reader.is_member:
            parts.append(self._for_members(row, audiences, name or row["organisation"]))
        return mark_safe("".join([*parts, "</li>"]))  # noqa: S308 -- every part is escaped

    def _title(self, name: str, handle: str | None) -> str:
        """A name that is shown leads to that person's page."""
        return (
            f'<a href="{self.person}{escape(handle)}/">{escape(name)}</a>'
            if name and handle
            else escape(name)
        )

    def _expertise(self, text: str) -> str:
        short = summarise(text, SHORT)
        if len(text) <= SHORT:
            return f"<p>{escape(short)}</p>"
        return (
            f'<p>{escape(short)}</p><details class="details"><summary>{self.more}</summary>'
            f"<p>{escape(text)}</p></details>"
        )

    def _tags(self, row: Mapping[str, Any]) -> str:
        tags = [
            f'<li class="tag">{escape(self.words["theme"].get(code, code))}</li>' for code in row["themes"]
        ]
        tags += [
            f'<li class="tag tag--plain">{escape(self.words["sector"].get(code, code))}</li>'
            for code in row["sectors"]
        ]
        if row["confirm_by"] and standing(row["confirm_by"], self.today) in (
            Standing.UNCONFIRMED,
            Standing.OVER,
        ):
            tags.append(f'<li class="tag tag--clay">{self.unconfirmed}</li>')
        return "".join(tags)

    def _for_members(self, row: Mapping[str, Any], audiences: Mapping[str, str], who: str) -> str:
        parts = [f"<p>{escape(row['brings'])}</p>"]
        if is_away(row["absent_from"], row["absent_until"], self.today):
            until = row["absent_until"]
            away = (
                _("Away until and including %(day)s") % {"day": format_day(until, self.language)}
                if until
                else _("Away")
            )
            parts.append(f'<p><span class="tag tag--sun">{escape(away)}</span></p>')
        links = []
        if row["website"].startswith(("https://", "http://")):
            links.append(f'<a href="{escape(row["website"])}" rel="nofollow noopener">{self.website}</a>')
        if audiences.get("email") in self.audiences:
            address = escape(row["user__email"])
            links.append(f'<a href="mailto:{address}">{address}</a>')
        elif handle := row["user__profile__handle"]:
            hidden = f'<span class="visually-hidden">: {escape(who)}</span>'
            links.append(
                f'<a class="more" href="{self.letter}{escape(handle)}/schrijven/">{self.write}{hidden}</a>'
            )
        return "".join(parts) + (f'<p class="row">{" ".join(links)}</p>' if links else "")
