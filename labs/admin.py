"""The partner labs are rows: the team can reword them and add one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import audit
from collectievekracht.common.admin import Light, ReadOnlyAdmin, SeenAdmin
from labs.confirming import ASK_BEFORE, earliest_for_research
from labs.models import Lab, LabMembership, LabMembershipChange
from labs.review import review_lab_membership
from labs.services import lab_was_changed
from members.admin.rows import ReadOnlyInline
from members.choices import Country
from members.services.collectives import RESERVED_SLUGS

if TYPE_CHECKING:
    Form = forms.ModelForm[Lab]
else:
    Form = forms.ModelForm


# A lab with such a code would stand where other pages of the labs do.
RESERVED_CODES = RESERVED_SLUGS | {"bevestigen"}


class LabForm(Form):
    """A lab; its code is its address."""

    def clean_code(self) -> str:
        """No address of the platform's own."""
        code: str = self.cleaned_data["code"]
        if code in RESERVED_CODES:
            raise forms.ValidationError(
                _("This code is kept for an address of the platform. Choose another one.")
            )
        return code


@admin.register(Lab)
class LabAdmin(Light):
    """Labs; one that was shown keeps its code and is never deleted."""

    form = LabForm
    list_display = ("code", "nl", "en", "does_research", "position")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "code",
                    "nl",
                    "en",
                    "purpose_nl",
                    "purpose_en",
                    "countries",
                    "does_research",
                    "position",
                )
            },
        ),
        (_("Its page, in Dutch"), {"fields": ("meets_nl", "gives_nl", "asks_nl", "rules_nl")}),
        (_("Its page, in English"), {"fields": ("meets_en", "gives_en", "asks_en", "rules_en")}),
    )

    def save_model(self, request: HttpRequest, obj: Lab, form: Any, change: bool) -> None:
        """Its page shows it at once."""
        super().save_model(request, obj, form, change)
        lab_was_changed()
        audit.record(request.user.pk, "lab.changed" if change else "lab.made", obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Lab | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Lab | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Countries are chosen, not typed."""
        if db_field.name == "countries":
            return forms.MultipleChoiceField(
                label=db_field.verbose_name, choices=Country.choices, widget=forms.CheckboxSelectMultiple
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ConfirmFilter(admin.SimpleListFilter):
    """How a membership stands to its yearly confirmation."""

    title = _("yearly confirmation")
    parameter_name = "confirm"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("due", _("asked, no answer yet")),
            ("late", _("past the day")),
            ("lapsed", _("closed for research")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LabMembership]) -> QuerySet[LabMembership]:
        today = timezone.localdate()
        before = {"due": today + ASK_BEFORE, "late": today, "lapsed": earliest_for_research(today)}.get(
            self.value() or ""
        )
        if self.value() is None:
            return queryset
        if before is None:
            return queryset.none()
        running = queryset.filter(state="approved", ended_at=None)
        return (
            running.filter(confirm_by__lte=before)
            if self.value() == "due"
            else running.filter(confirm_by__lt=before)
        )


class ChangeInline(ReadOnlyInline):
    """What happened to it, and who did it."""

    model = LabMembershipChange
    fields = ("event", "at", "actor", "reason")
    verbose_name_plural = _("history")


@admin.register(LabMembership)
class LabMembershipAdmin(SeenAdmin, ReadOnlyAdmin):
    """Applications and members; decided on the review page, changed by the member."""

    seen_as = "lab_membership.seen"
    list_display = (
        "user",
        "lab",
        "organisation",
        "state",
        "applied_at",
        "confirm_by",
        "ended_at",
        "review_link",
    )
    list_filter = ("lab", "state", ConfirmFilter, ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("user__name", "user__email", "organisation", "expertise")
    list_select_related = ("user", "lab")
    fields = (
        "user", "lab", "state", "organisation", "function", "website", "expertise", "themes", "sectors", "regions",
        "brings", "capacity", "absent_from", "absent_until", "declaration", "declared_at", "suggested_by", "applied_at",
        "decided_at", "confirmed_at", "confirm_by", "ended_at", "review_link",
    )  # fmt: skip
    inlines = (ChangeInline,)

    def get_urls(self) -> list[URLPattern]:
        review = self.admin_site.admin_view(review_lab_membership)
        return [path("<int:pk>/beoordelen/", review, name="review_lab_membership"), *super().get_urls()]

    @admin.display(description=_("review"))
    def review_link(self, membership: LabMembership) -> SafeString:
        """The page where it is decided."""
        url = reverse("admin:review_lab_membership", args=[membership.pk])
        return format_html('<a href="{}">{}</a>', url, _("Review"))
