"""People in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collectievekracht.common import audit
from collectievekracht.common.admin import HelpedAdmin, SeenAdmin
from members import emails, models
from members.services import sessions

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


from members.admin.rows import ReadOnlyInline


class EmailInline(ReadOnlyInline):
    """A person's addresses, and whether they were proven."""

    model = EmailAddress
    fields = ("email", "verified", "primary")


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
class UserAdmin(SeenAdmin, HelpedAdmin, StockUserAdmin):
    """People, with the e-mail address as name."""

    seen_as = "user.seen"
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
                sessions.end_all_sessions(user)
                emails.send_second_step_removed(to=user.email, occasion=uuid4().hex, language=user.language)
                audit.record(request.user.pk, "user.second_factor_removed", user)
                done += 1
        text = ngettext(
            "The second step of %(n)s person was removed.",
            "The second step of %(n)s people was removed.",
            done,
        )
        self.message_user(request, text % {"n": done}, messages.SUCCESS if done else messages.WARNING)
