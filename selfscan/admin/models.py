"""What of scans may be looked up in the admin; none of it is typed there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from collectievekracht.common.admin import ReadOnlyAdmin, SeenAdmin, column
from selfscan import eligibility, models
from selfscan.admin import review
from selfscan.report.words import answer_sections
from selfscan.services import definition_of


class FitsFilter(admin.SimpleListFilter):
    """Scans by what their answers say about the definition."""

    title = _("fits the definition")
    parameter_name = "eligibility"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(words)) for code, words in eligibility.FITS_WORDS.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[models.Response]
    ) -> QuerySet[models.Response]:
        return queryset.filter(eligibility=self.value()) if self.value() else queryset


@admin.register(models.Response)
class ResponseAdmin(SeenAdmin, ReadOnlyAdmin):
    """Scans, to look up; opening one shows its answers, and that is written down."""

    seen_as = "response.answers_seen"
    list_display = (
        "__str__",
        "collective",
        "state",
        "fits",
        "completed_at",
        "language",
        "review_link",
    )
    list_filter = ("state", FitsFilter, "language", "instrument")
    search_fields = ("reference", "collective__name")
    list_select_related = ("collective", "instrument")
    date_hierarchy = "completed_at"
    fields = (
        "reference", "collective", "instrument", "state", "language", "started_at", "saved_at", "completed_at",
        "fits", "return_reason", "review_link", "answers_in_words",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        own = [
            path("<int:pk>/beoordelen/", site.admin_view(review.review_response), name="review_response"),
            path("<int:pk>/opnieuw/", site.admin_view(require_POST(review.retry_step)), name="review_retry"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("fits the definition"), ordering="eligibility")
    def fits(self, response: models.Response) -> str:
        """What the answers say about the definition."""
        verdict = eligibility.verdict(response.eligibility)
        return verdict[0] if verdict else "–"

    @admin.display(description=_("review"))
    def review_link(self, response: models.Response) -> str | SafeString:
        """The page where it is decided; there is none before it was sent."""
        if response.completed_at is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:review_response", args=[response.pk]), _("Review")
        )

    @admin.display(description=_("answers"))
    def answers_in_words(self, response: models.Response) -> SafeString:
        """Every answer under its question."""
        language = get_language() or "nl"
        sections = answer_sections(definition_of(response.instrument), response.answers, language)
        return mark_safe(render_to_string("admin/answers.html", {"sections": sections}))  # noqa: S308


@admin.register(models.Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    """The questionnaires that were loaded; a new one is loaded from a file."""

    list_display = ("version", "scoring_version", "loaded_at")
    fields = (
        column("code", _("Code")),
        "version",
        "scoring_version",
        "loaded_at",
        column("sha256", "SHA-256"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the long text."""
        return super().get_queryset(request).defer("text")


SIZE = column("size", _("Size in bytes"))


@admin.register(models.Report)
class ReportAdmin(ReadOnlyAdmin):
    """The reports that were built."""

    list_display = ("response", "version", "language", SIZE, "built_at")
    list_filter = ("language", "version")
    search_fields = ("response__reference", "response__collective__name")
    list_select_related = ("response",)
    fields = ("response", "version", "language", SIZE, "built_at")


@admin.register(models.BenchmarkSnapshot)
class BenchmarkSnapshotAdmin(ReadOnlyAdmin):
    """The frozen quarters."""

    list_display = ("quarter", "taken_at")
    fields = ("quarter", "taken_at")
