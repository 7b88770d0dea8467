"""The machinery in the admin: to look at, and to try again what failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collectievekracht.common import audit, models, outbox

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


TASK, TARGET, VERSION = (
    column("task", _("Task")),
    column("target", _("Number")),
    column("version", _("Version")),
)
STATE, ATTEMPTS, ERROR = (
    column("state", _("State")),
    column("attempts", _("Attempts")),
    column("last_error", _("Last error")),
)
DUE, FINISHED = column("due_at", _("Due")), column("finished_at", _("Finished"))


@admin.register(models.Promise)
class PromiseAdmin(ReadOnlyAdmin):
    """What was promised and whether it is done; a failed one can be tried again."""

    list_display = (TASK, TARGET, VERSION, STATE, ATTEMPTS, ERROR, DUE, FINISHED)
    list_filter = (
        ("state", titled(_("State"), admin.ChoicesFieldListFilter)),
        ("task", titled(_("Task"), admin.AllValuesFieldListFilter)),
    )
    fields = list_display
    search_fields = ("task", "=target")
    ordering = ("-pk",)
    actions = ("try_again",)

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        """Every admin may."""
        return True

    @admin.action(description=_("Try again"), permissions=["try_again"])
    def try_again(self, request: HttpRequest, promises: QuerySet[models.Promise]) -> None:
        """Open the failed ones again, with all their attempts."""
        renewed = 0
        for promise in promises.filter(state=models.PromiseState.FAILED):
            if outbox.renew(promise.task, promise.target, version=promise.version):
                audit.record(request.user.pk, "promise.retried", promise)
                renewed += 1
        text = ngettext("%(n)s task will be tried again.", "%(n)s tasks will be tried again.", renewed)
        self.message_user(request, text % {"n": renewed}, messages.SUCCESS if renewed else messages.WARNING)


TO, TEMPLATE, ANSWER = (
    column("to", _("To")),
    column("template", _("Mail")),
    column("answer", _("Answer of the server")),
)
PROMISED, ACCEPTED = column("created_at", _("Promised")), column("accepted_at", _("Sent"))


@admin.register(models.SentMail)
class SentMailAdmin(ReadOnlyAdmin):
    """The mails that were promised, and what the mail server said; never their text."""

    list_display = (TO, TEMPLATE, STATE, ANSWER, PROMISED, ACCEPTED)
    list_filter = (
        ("state", titled(_("State"), admin.ChoicesFieldListFilter)),
        ("template", titled(_("Mail"), admin.AllValuesFieldListFilter)),
    )
    fields = (
        TO,
        column("reply_to", _("Answers go to")),
        TEMPLATE,
        column("language", _("Language")),
        STATE,
        ANSWER,
        PROMISED,
        ACCEPTED,
    )
    search_fields = ("to", "key")
    ordering = ("-pk",)


AT, ACTION, KIND = column("at", _("When")), column("action", _("What")), column("target_type", _("Kind"))
ACTOR, BEFORE, AFTER = (
    column("actor", _("Person (number)")),
    column("before", _("Before")),
    column("after", _("After")),
)


@admin.register(models.AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, when."""

    list_display = (AT, ACTION, KIND, TARGET, ACTOR, BEFORE, AFTER)
    list_filter = (
        ("action", titled(_("What"), admin.AllValuesFieldListFilter)),
        ("target_type", titled(_("Kind"), admin.AllValuesFieldListFilter)),
    )
    fields = list_display
    search_fields = ("action", "=target", "=actor")
    ordering = ("-pk",)
    show_full_result_count = False
