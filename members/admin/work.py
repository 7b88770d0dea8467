"""The team's work and what is decided there, in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.admin import ReadOnlyAdmin, SeenAdmin
from members import models
from members.review import review_join_request

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


@admin.register(models.JoinRequest)
class JoinRequestAdmin(SeenAdmin, ReadOnlyAdmin):
    """Who asked for access; decided on the review page."""

    seen_as = "join_request.seen"
    list_display = ("name", "email", "collective", "state", "created_at", "review_link")
    list_filter = ("state",)
    search_fields = ("name", "email", "collective__name")
    list_select_related = ("collective",)
    fields = ("name", "email", "collective", "message", "state", "created_at", "review_link")

    def get_urls(self) -> list[URLPattern]:
        review = self.admin_site.admin_view(review_join_request)
        return [path("<int:pk>/beoordelen/", review, name="review_join_request"), *super().get_urls()]

    @admin.display(description=_("review"))
    def review_link(self, request: models.JoinRequest) -> SafeString:
        """The page where it is decided."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:review_join_request", args=[request.pk]), _("Review")
        )


class PassedFilter(admin.SimpleListFilter):
    """Small corrections of pages that passed without waiting: here the team reads them afterwards."""

    title = _("passed at once, being small")
    parameter_name = "klein"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("yes"))]

    def queryset(self, request: HttpRequest, items: Any) -> Any:
        if self.value() is None:
            return items
        return items.filter(facts__small=True) if self.value() == "ja" else items.none()


@admin.register(models.WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """All work, also what was decided; the front page shows what waits."""

    list_display = (
        "title",
        "kind",
        "opened_at",
        "due_at",
        "claimed_by",
        "decision",
        "decided_by",
        "decided_at",
    )
    list_filter = ("kind", "decision", PassedFilter, "decided_by")
    search_fields = ("title",)
    list_select_related = ("claimed_by", "decided_by")
    fields = (
        "title",
        "kind",
        "collective",
        "opened_at",
        "due_at",
        "claimed_by",
        "decision",
        "decided_by",
        "decided_at",
    )
