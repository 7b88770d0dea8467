"""People in the admin."""

from __future__ import annotations

from collections.abc import Callable
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
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collectievekracht.common import audit
from collectievekracht.common.admin import HelpedAdmin, SeenAdmin
from members import emails, models
from members.services import sessions
from members.services.work import release_all
from members.signals import person_changed

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ProfileBase = forms.ModelForm[models.CollectiveProfile]
else:
    Inline, ProfileBase = admin.TabularInline, forms.ModelForm


from members.admin.rows import ReadOnlyInline


def _yes_or_no(value: bool) -> str:
    return str(value).lower()


# What may be changed of a person, and what the trail keeps of it: an address as its hash, of a name nothing.
KEPT_OF_CHANGE: dict[str, Callable[[Any], str]] = {
    "email": str,
    "name": lambda name: "",
    "language": str,
    "is_active": _yes_or_no,
    "is_staff": _yes_or_no,
    "is_superuser": _yes_or_no,
}


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
    """A person; the address keeps its own case rules. Nobody sets another one's password: it would open the account."""

    password: Any = None

    class Meta(UserChangeForm.Meta):
        model = models.User
        field_classes: ClassVar[dict[str, Any]] = {}
        labels: ClassVar[dict[str, Any]] = {"is_superuser": _("every right")}


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
        (None, {"fields": ("email",)}),
        (_("Person"), {"fields": ("name", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )
    inlines = (EmailInline,)
    actions = ("reset_second_factor",)

    def get_urls(self) -> list[URLPattern]:
        """Without the page that gives somebody else another password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A person leaves by erasing, which keeps the rules of privacy, not by a click here."""
        return False

    def save_model(self, request: HttpRequest, obj: models.User, form: Any, change: bool) -> None:
        """Every change is written down; only what was changed is written, so that no other one is undone by it."""
        by = request.user.pk
        if not change:
            super().save_model(request, obj, form, change)
            audit.record(by, "user.made", obj)
            return
        changed = [name for name in KEPT_OF_CHANGE if name in form.changed_data]
        if not changed:
            return
        obj.save(update_fields=changed)
        for name in changed:
            kept_of = KEPT_OF_CHANGE[name]
            before, after = kept_of(form.initial[name]), kept_of(getattr(obj, name))
            audit.record(by, f"user.{name}", obj, before=before, after=after)
        if not (obj.is_active and obj.is_staff):
            release_all(obj)
        person_changed.send(sender=models.User, user_id=obj.pk)

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
