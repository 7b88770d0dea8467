"""The audit trail in the admin: who did what, and who saw what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collectievekracht.common import models
from collectievekracht.common.admin.rows import ReadOnlyAdmin, column, exported
from collectievekracht.common.audit_words import action_words, code_words, kind_words

MOST_PEOPLE = 200  # whose rows one search finds
PIECE = 500
AT = column("at", gettext_lazy("When"))


def people_of(events: Iterable[models.AuditEvent]) -> dict[int, str]:
    """The names of who did these, as far as they still have an account."""
    pks = {event.actor for event in events if event.actor}
    return {pk: str(person) for pk, person in get_user_model()._base_manager.in_bulk(pks).items()}


def names_of(events: Iterable[models.AuditEvent]) -> dict[tuple[str, int], str]:
    """The names of the things, of kinds that have any; one query for each kind."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.target_type].add(event.target)
    found: dict[tuple[str, int], str] = {}
    for kind, pks in wanted.items():
        app, _point, name = kind.partition(".")
        model = apps.all_models.get(app, {}).get(name)
        if model and any(field.name == "name" for field in model._meta.concrete_fields):
            rows = model._base_manager.filter(pk__in=pks).values_list("pk", "name")
            found |= {(kind, pk): words for pk, words in rows if words}
    return found


def before_and_after(event: models.AuditEvent) -> str:
    """The codes between which it went; of a text only that it became another one."""
    if not event.before and not event.after:
        return ""
    codes = [str(code_words(code)) for code in (event.before, event.after)]
    return " → ".join(codes) if event.before else codes[1]


class Trail(ChangeList):
    """A page of events, with the names that belong to them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        events = list(self.result_list)
        people, names = people_of(events), names_of(events)
        for event in events:
            event.who = people.get(event.actor)
            event.thing = names.get((event.target_type, event.target))
        self.result_list = events


class Team(admin.SimpleListFilter):
    """Events of one of the team; of anybody else by searching for the name or address."""

    title = gettext_lazy("Who of the team")
    parameter_name = "wie"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        team = get_user_model()._base_manager.filter(is_staff=True).order_by("pk")
        return [(str(person.pk), str(person)) for person in team[:50]]

    def queryset(
        self, request: HttpRequest, events: QuerySet[models.AuditEvent]
    ) -> QuerySet[models.AuditEvent]:
        chosen = self.value() or ""
        if not chosen:
            return events
        return events.filter(actor=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else events.none()


def worded(field: str, label: Any, words: Any) -> type[admin.AllValuesFieldListFilter]:
    """A filter on a code that shows it in words."""

    class Worded(admin.AllValuesFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = label

        def choices(self, changelist: ChangeList) -> Iterator[Any]:
            for choice in super().choices(changelist):
                code = str(choice["display"])
                shown = words(code) if "." in code else code
                extra = f" ({code})" if field == "action" and "." in code else ""
                yield choice | {"display": f"{shown}{extra}"}

    return Worded


@admin.register(models.AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what and who saw what, when; only ever added to."""

    change_list_template = "admin/trail.html"
    list_display = (AT, "who", "did", "kind", "thing", "change")
    list_filter = (
        Team,
        ("action", worded("action", gettext_lazy("What"), action_words)),
        ("target_type", worded("target_type", gettext_lazy("Kind"), kind_words)),
    )
    date_hierarchy = "at"
    fields = ("moment", "who", "did", "kind", "thing", "change")
    search_fields = ("action",)
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Trail

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("logboek.csv", export, name="audit_csv"), *super().get_urls()]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        event = super().get_object(request, object_id, from_field)
        if event:
            event.who = people_of([event]).get(event.actor or 0)
            event.thing = names_of([event]).get((event.target_type, event.target))
        return event

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[models.AuditEvent], search_term: str
    ) -> tuple[QuerySet[models.AuditEvent], bool]:
        """By the name or address of who did it, by the number of the thing, or by a part of the code."""
        term = search_term.strip()
        if not term:
            return queryset, False
        people = get_user_model()._base_manager.filter(Q(name__icontains=term) | Q(email__icontains=term))
        wanted = Q(actor__in=list(people.values_list("pk", flat=True)[:MOST_PEOPLE])) | Q(
            action__icontains=term
        )
        if term.isdecimal() and len(term) < 19:
            wanted |= Q(target=int(term))
        return queryset.filter(wanted), False

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The events that fit the filters, as a file; that it was downloaded is an event too."""
        return exported(self, request, "logboek.csv", trail_rows, action="trail.exported")

    @admin.display(description=gettext_lazy("When"))
    def moment(self, event: Any) -> str:
        """The day and the time, to the second."""
        return date_format(timezone.localtime(event.at), "j F Y, H:i:s")

    @admin.display(description=gettext_lazy("Who"))
    def who(self, event: Any) -> str | SafeString:
        """The person, or what is left of them."""
        if event.actor is None:
            return _("the platform itself")
        address = _address_of(get_user_model()._meta.label_lower, event.actor)
        words = event.who or _("somebody who is gone (%(number)s)") % {"number": event.actor}
        return format_html('<a href="{}">{}</a>', address, words) if event.who and address else words

    @admin.display(description=gettext_lazy("Did"), ordering="action")
    def did(self, event: Any) -> str:
        """The action in words."""
        return str(action_words(event.action))

    @admin.display(description=gettext_lazy("Kind"), ordering="target_type")
    def kind(self, event: Any) -> str:
        """What kind of thing."""
        return str(kind_words(event.target_type))

    @admin.display(description=gettext_lazy("Thing"))
    def thing(self, event: Any) -> str | SafeString:
        """The thing itself, and the way to it."""
        if not event.target:
            return "–"
        words = event.thing or str(event.target)
        address = _address_of(event.target_type, event.target)
        return format_html('<a href="{}">{}</a>', address, words) if address else words

    @admin.display(description=gettext_lazy("Before and after"), empty_value="–")
    def change(self, event: Any) -> str:
        """The codes before and after."""
        return before_and_after(event)


def _address_of(kind: str, pk: int) -> str:
    try:
        return reverse(f"admin:{kind.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""


def trail_rows(events: QuerySet[models.AuditEvent]) -> Iterator[tuple[Any, ...]]:
    """The events as rows of a file, newest first, read in pieces."""
    yield (
        _("When"), _("Who (number)"), _("Who"), _("Code"), _("What"), _("Kind"), _("Number"), _("Before"), _("After"),
    )  # fmt: skip
    piece: list[models.AuditEvent] = []
    for event in events.order_by("-pk").iterator(chunk_size=PIECE):
        piece.append(event)
        if len(piece) == PIECE:
            yield from _rows(piece)
            piece = []
    yield from _rows(piece)


def _rows(events: list[models.AuditEvent]) -> Iterator[tuple[Any, ...]]:
    people = people_of(events)
    for event in events:
        moment = f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"
        person, kind = people.get(event.actor or 0, ""), kind_words(event.target_type)
        words = action_words(event.action)
        yield (
            moment, event.actor or "", person, event.action, words, kind, event.target, event.before, event.after,
        )  # fmt: skip
