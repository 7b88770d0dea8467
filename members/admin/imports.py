"""Imports in the admin: the list, and the way to the pages of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from collectievekracht.common.admin import ReadOnlyAdmin
from members import import_pages
from members.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """Imports: a file is looked at, brought in, and can be undone."""

    list_display = ("file_name", "state", "made_at", "made_by", "applied_at", "undone_at")
    list_filter = ("state",)
    list_select_related = ("made_by",)
    search_fields = ("file_name",)
    fields = ("file_name", "state", "made_at", "made_by", "applied_at", "undone_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Every admin may bring a file."""
        return True

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        own = [
            path("<int:pk>/overzicht/", door(require_safe(import_pages.overview)), name="import_overview"),
            path("<int:pk>/verslag.csv", door(require_safe(import_pages.report)), name="import_report"),
            path("<int:pk>/inbrengen/", door(require_POST(import_pages.bring_in)), name="import_apply"),
            path("<int:pk>/weggooien/", door(require_POST(import_pages.discard)), name="import_discard"),
            path("<int:pk>/ongedaan/", door(require_POST(import_pages.undo)), name="import_undo"),
            path("sjabloon.csv", door(require_safe(import_pages.template_file)), {"kind": "csv"}, name="import_csv"),
            path("sjabloon.xlsx", door(require_safe(import_pages.template_file)), {"kind": "xlsx"}, name="import_xlsx"),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The page on which a file is chosen."""
        return import_pages.new_import(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one import."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return import_pages.overview(request, found.pk)
