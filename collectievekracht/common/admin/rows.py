"""What all lists and forms of the admin share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import HiddenInput, Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from collectievekracht.common import audit
from collectievekracht.common.safe_csv import csv_response

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin

SLUG_MAKERS = ("xregexp.js", "xregexp.min.js", "urlify.js", "prepopulate.js")


class Light(Base):
    """The admin's own scripts, less those that make a slug of a title: a quarter of what a page weighs, and never used."""

    @property
    def media(self) -> Media:
        stock: Any = super().media
        scripts: Media = Media(js=[file for file in stock._js if not str(file).endswith(SLUG_MAKERS)])
        return scripts + stock["css"]


def column(name: str, label: Any) -> Any:
    """A field under a name of its own, for lists and pages: for models whose fields are named in English only."""

    def show(row: Any) -> Any:
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    show.__name__ = name
    return admin.display(description=label, ordering=name, empty_value="–")(show)


def titled(title: Any, kind: type[admin.FieldListFilter]) -> type[admin.FieldListFilter]:
    """A filter of this kind under a title of its own."""

    class Titled(kind):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


class Unseen(HiddenInput):
    """A hidden field, whose label stands for nothing: a label is for what can be seen."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""


class HelpedAdmin(Light):
    """A form whose fields say what a change of them does: `field_help`, by name."""

    field_help: ClassVar[Mapping[str, Any]] = {}

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        given: dict[str, Any] = {"change": change, "help_texts": self.field_help} | kwargs
        return super().get_form(request, obj, **given)


class ReadOnlyAdmin(Light):
    """Rows to look up: nobody adds, changes or deletes one here."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields or [field.name for field in self.model._meta.fields]


class SeenAdmin(Light):
    """Rows of what is somebody's own: who opens one is written down, as `seen_as`."""

    seen_as: ClassVar[str]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().change_view(request, object_id, *args, **kwargs)
        # The row itself and not the address, in which a number can be written in more than one way.
        if shown := (getattr(answer, "context_data", None) or {}).get("original"):
            audit.record(request.user.pk, self.seen_as, shown)
        return answer


def exported(
    rows: Base,
    request: HttpRequest,
    name: str,
    lines: Callable[[Any], Iterable[Sequence[Any]]],
    *,
    action: str,
) -> HttpResponseBase:
    """What the filters of a list leave, as a file for who may see the list; that it was downloaded is written down."""
    if not rows.has_view_permission(request):
        raise PermissionDenied
    try:
        found = rows.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        return HttpResponse(_("These filters can't be read."), "text/plain", 400)
    audit.record(request.user.pk, action, (rows.model._meta.label_lower, 0))
    return csv_response(name, lines(found))
