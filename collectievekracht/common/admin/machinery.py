"""The machinery in the admin: to look at, and to try again what failed."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collectievekracht.common import audit, models, outbox
from collectievekracht.common.admin.rows import ReadOnlyAdmin, SeenAdmin, column, titled

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
class SentMailAdmin(SeenAdmin, ReadOnlyAdmin):
    """The mails that were promised, and what the mail server said; never their text."""

    seen_as = "mail.seen"
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
