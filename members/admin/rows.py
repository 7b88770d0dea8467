"""Rows that belong to another, shown on its page in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from members import models

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


class ReadOnlyInline(Inline):
    """Rows that belong to another, to look at."""

    template = "admin/rows.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
