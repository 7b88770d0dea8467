"""People, collectives and their pages in the admin. A state is never typed: decisions go through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import audit
from collectievekracht.common.admin import HelpedAdmin, ReadOnlyAdmin, column
from members import import_admin, map_cache, models, vocabulary  # noqa: F401 -- registers its own list
from members.choices import ConsentKind, ReviewState
from members.profile_words import VOCABULARY
from members.review import review_join_request, review_profile
from members.services.collectives import legal_form_group, publish
from members.services.consents import withdraw_consent
from members.text import summarise

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


class HistoryInline(ReadOnlyInline):
    """What was decided about a collective."""

    model = models.StateChange
    fields = ("at", "from_state", "to_state", "decision", "reason", "actor")


class MembershipInline(ReadOnlyInline):
    """Who is in a collective."""

    model = models.Membership
    fields = ("user", "role", "joined_at", "left_at")


class EmailInline(ReadOnlyInline):
    """A person's addresses, and whether they were proven."""

    model = EmailAddress
    fields = ("email", "verified", "primary")


CREATED, ONBOARDED = column("created_at", _("Since")), column("onboarded_at", _("Let in"))
THEMES, MERGED, DECIDED = (
    column("focus_themes", _("Themes")),
    column("merged_into", _("Merged with")),
    column("decided_at", _("Decided")),
)


@admin.register(models.Collective)
class CollectiveAdmin(HelpedAdmin):
    """Collectives; their state changes by a decision in the work queue only."""

    field_help: ClassVar[dict[str, Any]] = {
        "activity": _("Is it still at work? This is for the team; the page stays as it is."),
        "contact_email": _(
            "Mails and messages from visitors go here. Whoever proves this address may act for the collective, so be "
            "sure that it is theirs. It is written down that you changed it."
        ),
    }

    list_display = ("name", "state", "activity", "country", "has_page", CREATED)
    list_filter = ("state", "activity", "country")
    search_fields = ("name", "slug", "contact_email")
    list_select_related = ("published_profile",)
    list_per_page = 50
    fields = (
        "name", "slug", "state", "activity", "country", "contact_email", THEMES, CREATED, ONBOARDED, MERGED,
        "page_link",
    )  # fmt: skip
    readonly_fields = (
        "name",
        "slug",
        "state",
        "country",
        THEMES,
        CREATED,
        ONBOARDED,
        MERGED,
        "page_link",
    )
    inlines = (HistoryInline, MembershipInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A collective comes from a self-scan."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing of a collective is thrown away by a click."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Collective, form: Any, change: bool) -> None:
        """What changed is written down: whoever proves the contact address may act for the collective."""
        super().save_model(request, obj, form, change)
        for name in form.changed_data:
            audit.record(
                request.user.pk,
                f"collective.{name}",
                obj,
                before=str(form.initial[name]),
                after=str(getattr(obj, name)),
            )

    @admin.display(description=_("public page"), boolean=True)
    def has_page(self, collective: models.Collective) -> bool:
        """Whether everybody can see the page."""
        return collective.state == ReviewState.APPROVED and collective.published_profile_id is not None

    @admin.display(description=_("page"))
    def page_link(self, collective: models.Collective) -> SafeString:
        """The page as its own people and the team see it."""
        return format_html('<a href="{}">{}</a>', collective.get_absolute_url(), _("See the page"))


class ProfileForm(ProfileBase):
    """The text of a page; what the vocabulary knows is chosen, not typed."""

    class Meta:
        model = models.CollectiveProfile
        fields = (
            "name", "description", "website", "founding_year", "sectors", "main_sector", "legal_form", "geo_scale",
            "target_groups", "impact_areas", "offer_types", "offer_details",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
                "required": old.required,
                "help_text": old.help_text,
            }
            if name.endswith("s"):
                widget = forms.CheckboxSelectMultiple()
                self.fields[name] = forms.MultipleChoiceField(
                    choices=list(known.items()), widget=widget, **common
                )
            else:
                self.fields[name] = forms.ChoiceField(choices=[("", "–"), *known.items()], **common)


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
        (None, {"fields": ("collective", "revision", "state", DECIDED)}),
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
        obj.summary = summarise(obj.description)
        obj.legal_form_group = legal_form_group(obj.legal_form)
        super().save_model(request, obj, form, change)
        if obj.collective.published_profile_id == obj.pk:
            publish(obj.collective)
        audit.record(request.user.pk, "profile.edited", obj)


@admin.register(models.MapPin)
class MapPinAdmin(HelpedAdmin):
    """Pins: moved here, made and removed by consent only."""

    field_help: ClassVar[dict[str, Any]] = {
        "latitude": _("North to south, in degrees: about 52.1 for Utrecht."),
        "longitude": _("West to east, in degrees: about 5.1 for Utrecht."),
    }

    list_display = ("collective", "latitude", "longitude", "precision")
    list_filter = ("precision",)
    search_fields = ("collective__name",)
    list_select_related = ("collective",)
    fields = ("collective", "latitude", "longitude", "precision")
    readonly_fields = ("collective", "precision")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: models.MapPin, form: Any, change: bool) -> None:
        """A moved pin is elsewhere on the map at once."""
        super().save_model(request, obj, form, change)
        map_cache.forget()
        audit.record(request.user.pk, "pin.moved", obj)


@admin.register(models.Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """What collectives agreed to. They decide on it: the team withdraws it when they ask, and gives nothing."""

    actions = ("withdraw",)
    list_display = ("collective", "kind", "detail", "text_version", "given_at", "withdrawn_at")
    list_filter = ("kind", "text_version")
    search_fields = ("collective__name",)
    list_select_related = ("collective",)

    @admin.action(description=_("Withdraw (the collective asked for it)"), permissions=["view"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[models.Consent]) -> None:
        """Withdraw what is in force; the page or the pin that hangs on it is gone at once."""
        in_force = chosen.filter(withdrawn_at=None).select_related("collective")
        count = 0
        for consent in in_force:
            withdraw_consent(consent.collective, ConsentKind(consent.kind))
            audit.record(request.user.pk, "consent.withdrawn", consent)
            count += 1
        words = ngettext("%(n)s consent was withdrawn.", "%(n)s consents were withdrawn.", count)
        messages.success(request, words % {"n": count})


@admin.register(models.JoinRequest)
class JoinRequestAdmin(ReadOnlyAdmin):
    """Who asked for access; decided on the review page."""

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
    list_filter = ("kind", "decision", "decided_by")
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


class NewUserForm(AdminUserCreationForm):
    """A person by e-mail address."""

    class Meta(AdminUserCreationForm.Meta):
        model = models.User
        fields = ("email",)
        field_classes: ClassVar[dict[str, Any]] = {}

    def clean_email(self) -> str:
        """One address, one person, whatever its case."""
        email: str = self.cleaned_data["email"].lower()
        if models.User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is a person with this address already."))
        return email


class UserForm(UserChangeForm):
    """A person; the address keeps its own case rules."""

    class Meta(UserChangeForm.Meta):
        model = models.User
        field_classes: ClassVar[dict[str, Any]] = {}


@admin.register(models.User)
class UserAdmin(HelpedAdmin, StockUserAdmin):
    """People, with the e-mail address as name."""

    field_help: ClassVar[dict[str, Any]] = {
        "email": _(
            "The person signs in with it. Another address gives no access to other collectives by itself."
        ),
        "language": _("The language of mails that the person gets."),
        "is_active": _("Off: this person can't sign in. Nothing is lost."),
        "is_staff": _(
            "On: this person enters the admin, after setting up a second step. For members of the team."
        ),
        "is_superuser": _("Every right in the admin. Turn it on together with “platform admin”."),
    }

    form = UserForm
    add_form = NewUserForm
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )
    inlines = (EmailInline,)
    actions = ("reset_second_factor",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A person leaves by erasing, which keeps the rules of privacy, not by a click here."""
        return False

    def save_model(self, request: HttpRequest, obj: models.User, form: Any, change: bool) -> None:
        """A change of rights is written down."""
        super().save_model(request, obj, form, change)
        for right in ("is_staff", "is_superuser", "is_active"):
            if not change or right in form.changed_data:
                audit.record(request.user.pk, f"user.{right}", obj, after=str(getattr(obj, right)).lower())

    @admin.action(description=_("Remove the second step (when it was lost)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[models.User]) -> None:
        """The person signs in with the password alone once, and sets up a new second step before entering the admin."""
        done = 0
        for user in users:
            removed, _rows = Authenticator.objects.filter(user=user).delete()
            if removed:
                audit.record(request.user.pk, "user.second_factor_removed", user)
                done += 1
        text = ngettext(
            "The second step of %(n)s person was removed.",
            "The second step of %(n)s people was removed.",
            done,
        )
        self.message_user(request, text % {"n": done}, messages.SUCCESS if done else messages.WARNING)
