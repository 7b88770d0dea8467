"""The texts of collectives' pages, and the words of the vocabulary, in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import audit
from collectievekracht.common.admin import HelpedAdmin, Unseen, column
from members import models, page_text, vocabulary
from members.choices import ReviewState
from members.profile_words import VOCABULARY
from members.review import review_profile
from members.services.collectives import legal_form_group, publish
from members.services.holding import hold
from members.services.revisions import facts_of
from members.text import summarise

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


CREATED, DECIDED = column("created_at", _("Since")), column("decided_at", _("Decided"))
SEEN = "seen"


class ProfileForm(ProfileBase):
    """The text of a page; what the vocabulary knows is chosen, not typed."""

    # The text that this form began with: what the collective changed meanwhile isn't overwritten unseen.
    seen = forms.CharField(required=False, widget=Unseen)

    class Meta:
        model = models.CollectiveProfile
        fields = (
            "name", "description", "website", "founding_year", "sectors", "main_sector", "legal_form", "geo_scale",
            "target_groups", "impact_areas", "offer_types", "offer_details",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SEEN].initial = self._mark()
        for name, kind in VOCABULARY.items():
            if name not in self.fields:
                continue
            old = self.fields[name]
            known = dict(vocabulary.labels(kind, get_language() or "nl"))
            value = getattr(self.instance, name) or []
            known |= {
                code: code for code in ([value] if isinstance(value, str) else value) if code not in known
            }
            common: dict[str, Any] = {
                "label": old.label,
                "required": old.required and bool(value),  # a file of an import may have brought none
                "help_text": old.help_text,
            }
            if name.endswith("s"):
                widget = forms.CheckboxSelectMultiple()
                self.fields[name] = forms.MultipleChoiceField(
                    choices=list(known.items()), widget=widget, **common
                )
            else:
                self.fields[name] = forms.ChoiceField(choices=[("", "–"), *known.items()], **common)

    def _mark(self) -> str:
        now = models.CollectiveProfile.objects.filter(pk=self.instance.pk).first()
        return page_text.mark(facts_of(now))

    def clean(self) -> dict[str, Any]:
        """Somebody who changed the text meanwhile isn't overwritten."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get(SEEN) and cleaned[SEEN] != self._mark():
            changed = _(
                "Somebody changed this text while you had it open. Open it again, and correct what is there."
            )
            raise forms.ValidationError(changed)
        return cleaned


@admin.register(models.CollectiveProfile)
class CollectiveProfileAdmin(HelpedAdmin):
    """Revisions of pages: the waiting one can be corrected, and an approved text too; each change is written down."""

    field_help: ClassVar[dict[str, Any]] = {
        "name": _("As it stands above the page and in the list."),
        "description": _("The text of the page. The first lines stand in the list and in search engines."),
        "website": _("In full, such as https://www.example.nl. Leave it empty when there is none."),
        "offer_details": _("One or two sentences, in the collective's own words."),
        "founding_year": _("Four digits. The filter “Started” uses it."),
        "main_sector": _("The field that comes first. It has to be one of the fields below."),
    }

    form = ProfileForm
    list_display = ("name", "collective", "revision", "state", "place_name", CREATED)
    list_filter = ("state", "country", "region")
    search_fields = ("name", "collective__name", "place_name")
    list_select_related = ("collective",)
    readonly_fields = ("collective", "revision", "state", "country", "place_name", "region", DECIDED)
    fieldsets = (
        (None, {"fields": ("collective", "revision", "state", DECIDED, SEEN)}),
        (_("Text"), {"fields": ("name", "description", "website", "offer_details")}),
        (
            _("Facts"),
            {"fields": ("country", "place_name", "region", "founding_year", "legal_form", "geo_scale")},
        ),
        (
            _("Choices"),
            {"fields": ("main_sector", "sectors", "target_groups", "impact_areas", "offer_types")},
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        review = self.admin_site.admin_view(review_profile)
        return [path("<int:pk>/beoordelen/", review, name="review_profile"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A text comes from a self-scan."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The history of a page is kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A refused text stays what it was."""
        refused = isinstance(obj, models.CollectiveProfile) and obj.state == ReviewState.REFUSED
        return not refused and super().has_change_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: models.CollectiveProfile, form: Any, change: bool
    ) -> None:
        """Keep the text and what is cut from it; a text that is public changes on the page at once."""
        changed = [name for name in form.changed_data if name != SEEN]
        hold(obj.collective)
        obj.summary = summarise(obj.description)
        obj.legal_form_group = legal_form_group(obj.legal_form)
        obj.save(update_fields=[*changed, "summary", "legal_form_group"])  # never what is decided meanwhile
        obj.collective.refresh_from_db()
        if obj.collective.published_profile_id == obj.pk:
            publish(obj.collective)
        if changed:
            audit.record(request.user.pk, "profile.edited", obj)


@admin.register(models.Term)
class TermAdmin(HelpedAdmin):
    """The words that the questionnaire brought; reworded or retired, never deleted."""

    field_help: ClassVar[dict[str, Any]] = {
        "nl": _("As Dutch pages and filters show it."),
        "en": _("As English pages and filters show it."),
        "position": _("Lower numbers come first in lists."),
        "retired": _("For a word that newer questionnaires don't use any more."),
    }

    list_display = ("code", "kind", "nl", "en", "retired")
    list_filter = ("kind", "retired")
    search_fields = ("code", "nl", "en")
    fields = ("kind", "code", "nl", "en", "group", "position", "retired")
    readonly_fields = ("kind", "code", "group")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: models.Term, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        vocabulary.forget()
        if form.changed_data:
            audit.record(request.user.pk, "term.changed", obj)
