"""Collectives, their consents and pins in the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collectievekracht.common import audit
from collectievekracht.common.admin import HelpedAdmin, ReadOnlyAdmin, SeenAdmin, column
from members import map_cache, models
from members.choices import Activity, ConsentKind, ReviewState
from members.queries_signs import with_last_sign
from members.services.activity import change_activity
from members.services.collectives import correct_contact_email
from members.services.consents import take_back_consent

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


from members.admin.rows import ReadOnlyInline


class HistoryInline(ReadOnlyInline):
    """What was decided about a collective."""

    model = models.StateChange
    fields = ("at", "from_state", "to_state", "decision", "reason", "actor")


class MembershipInline(ReadOnlyInline):
    """Who is in a collective."""

    model = models.Membership
    fields = ("user", "role", "joined_at", "left_at")


class LookedAtFilter(admin.SimpleListFilter):
    """Collectives that gave no sign for long: no scan, no change, no answer to the yearly question."""

    title = _("last looked at")
    parameter_name = "bekeken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("lang", _("more than 18 months ago"))]

    def queryset(self, request: HttpRequest, collectives: Any) -> Any:
        if self.value() is None:
            return collectives
        if self.value() != "lang":
            return collectives.none()
        long_ago = timezone.now() - timedelta(days=548)
        quiet = with_last_sign(models.Collective.objects.filter(state=ReviewState.APPROVED, closed_at=None))
        return collectives.filter(pk__in=quiet.filter(last_sign__lt=long_ago).values("pk"))


CREATED, ONBOARDED = column("created_at", _("Since")), column("onboarded_at", _("Let in"))
THEMES, MERGED = (
    column("focus_themes", _("Themes")),
    column("merged_into", _("Merged with")),
)


@admin.register(models.Collective)
class CollectiveAdmin(SeenAdmin, HelpedAdmin):
    """Collectives; their state changes by a decision in the work queue only."""

    seen_as = "collective.seen"

    field_help: ClassVar[dict[str, Any]] = {
        "activity": _(
            "Is it still at work? Its page and the list say so when it is not. Its people can change it too."
        ),
        "contact_email": _(
            "Mails and messages from visitors go here. Whoever proves this address may act for the collective, so be "
            "sure that it is theirs. It is written down that you changed it."
        ),
    }

    list_display = ("name", "state", "activity", "country", "has_page", CREATED)
    list_filter = ("state", "activity", "country", LookedAtFilter)
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
        """Only what was changed here is written: what somebody decides at the same moment stays."""
        by: models.User = request.user  # type: ignore[assignment]
        if "activity" in form.changed_data:
            change_activity(obj, Activity(obj.activity), by)
        if "contact_email" in form.changed_data:
            correct_contact_email(obj, obj.contact_email, by)

    @admin.display(description=_("public page"), boolean=True)
    def has_page(self, collective: models.Collective) -> bool:
        """Whether everybody can see the page."""
        return collective.state == ReviewState.APPROVED and collective.published_profile_id is not None

    @admin.display(description=_("page"))
    def page_link(self, collective: models.Collective) -> SafeString:
        """The page as its own people and the team see it."""
        return format_html('<a href="{}">{}</a>', collective.get_absolute_url(), _("See the page"))


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
        if form.changed_data:
            obj.save(update_fields=form.changed_data)
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
        """Withdraw what is in force; the page or the pin that hangs on it is gone at once, and a page takes its pin along."""
        by: models.User = request.user  # type: ignore[assignment]
        in_force = list(chosen.filter(withdrawn_at=None).select_related("collective").order_by("pk"))
        for consent in in_force:
            take_back_consent(consent.collective, ConsentKind(consent.kind), by)
        gone = models.Consent.objects.filter(pk__in=[consent.pk for consent in in_force])
        count = gone.exclude(withdrawn_at=None).count()
        words = ngettext("%(n)s consent was withdrawn.", "%(n)s consents were withdrawn.", count)
        messages.success(request, words % {"n": count})
