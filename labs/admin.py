"""The partner labs are rows: the team can reword them and add one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collectievekracht.common.admin import Light
from labs.models import Lab
from labs.services import lab_was_changed
from members.choices import Country


@admin.register(Lab)
class LabAdmin(Light):
    """Labs; one that was shown keeps its code and is never deleted."""

    list_display = ("code", "nl", "en", "position")
    fieldsets = (
        (None, {"fields": ("code", "nl", "en", "purpose_nl", "purpose_en", "countries", "position")}),
        (_("Its page, in Dutch"), {"fields": ("meets_nl", "gives_nl", "asks_nl")}),
        (_("Its page, in English"), {"fields": ("meets_en", "gives_en", "asks_en")}),
    )

    def save_model(self, request: HttpRequest, obj: Lab, form: Any, change: bool) -> None:
        """Its page shows it at once."""
        super().save_model(request, obj, form, change)
        lab_was_changed()

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
