"""Reports of abuse in the admin; decided on the review page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.admin import ReadOnlyAdmin, SeenAdmin
from members import models
from members.review_abuse import review_abuse


@admin.register(models.AbuseReport)
class AbuseReportAdmin(SeenAdmin, ReadOnlyAdmin):
    """What was reported, by whom, and what the team answered."""

    seen_as = "abuse.seen"
    list_display = ("address", "reason", "state", "made_at", "review_link")
    list_filter = ("state", "reason")
    search_fields = ("address", "text")
    fields = ("address", "reason", "text", "state", "answer", "made_at", "review_link")

    def get_urls(self) -> list[URLPattern]:
        review = self.admin_site.admin_view(review_abuse)
        return [path("<int:pk>/beoordelen/", review, name="review_abuse"), *super().get_urls()]

    @admin.display(description=_("review"))
    def review_link(self, report: models.AbuseReport) -> SafeString:
        """The page where it is decided."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:review_abuse", args=[report.pk]), _("Review")
        )
