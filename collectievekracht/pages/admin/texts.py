"""The team's own texts in the admin: pages and questions, in both languages side by side, with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_POST
from simple_history.admin import SimpleHistoryAdmin

from collectievekracht.common import audit
from collectievekracht.common.admin import Light, Unseen
from collectievekracht.common.fields import plain_text, single_line
from collectievekracht.common.rich_text import RichTextFormField
from collectievekracht.pages import choices, starter, texts
from collectievekracht.pages.models import FaqEntry, Page
from collectievekracht.pages.views.texts import draw_page, draw_questions
from members.services.collectives import RESERVED_SLUGS

if TYPE_CHECKING:
    Form = forms.ModelForm[Any]
else:
    Form = forms.ModelForm

LANGUAGES = (("nl", _("Preview in Dutch")), ("en", _("Preview in English")))


class TextForm(Form):
    """A text in two languages; what is missing is asked for in words that say which."""

    # When the text was saved that this form began with: what another admin saved meanwhile isn't overwritten unseen.
    began_with = forms.CharField(required=False, widget=Unseen)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["began_with"].initial = _moment(self.saved())
        for field in self.fields.values():
            if field.required:
                field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}

    def clean_code(self) -> str:
        """The code: lower-case letters, digits and hyphens, and none that is an address already."""
        code: str = self.cleaned_data["code"]
        if not choices.PLAIN_CODE.fullmatch(code):
            raise ValidationError(_("Use lower-case letters, digits and hyphens only, such as “our-plans”."))
        if code in RESERVED_SLUGS:
            raise ValidationError(_("This code is kept for an address of the platform. Choose another one."))
        return code

    def clean(self) -> dict[str, Any]:
        """One line stays one line, without characters that break things."""
        cleaned = super().clean() or self.cleaned_data
        began_with = cleaned.get("began_with")
        if began_with and self.instance.pk and began_with != _moment(self.saved()):
            self.add_error(None, ValidationError(_(
                "Somebody changed this text while you had it open. Copy what you typed, open the text again, "
                "and look at its history.")))  # fmt: skip
        for name, field in self.fields.items():
            value = cleaned.get(name)
            if (
                isinstance(field, forms.CharField)
                and isinstance(value, str)
                and not isinstance(field, RichTextFormField)
            ):
                try:
                    plain_text(value)
                    single_line(value)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def saved(self) -> Any:
        """The text as it stands in the database now."""
        return self._meta.model._default_manager.filter(pk=self.instance.pk).first()


class RowForm(Form):
    """What is changed on the list itself: each field says of which row it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


def _moment(row: Any) -> str:
    return row.changed_at.isoformat() if row and row.changed_at else ""


class TextAdmin(Light, SimpleHistoryAdmin):
    """What pages and questions share: a preview of what isn't saved yet, a history, and being seen at once."""

    form = TextForm
    change_form_template = "admin/text_form.html"
    object_history_template = "admin/text_history.html"
    object_history_form_template = "admin/text_history_form.html"
    object_history_list_template = "admin/text_history_list.html"
    save_on_top = True
    actions: Any = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once made, a text keeps its code: others link to it."""
        return ("code",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        history = f"{self.opts.app_label}_{self.opts.model_name}_simple_history"
        view = self.admin_site.admin_view(require_POST(self.preview))
        own = [
            path("voorbeeld/<str:language>/", view, name=f"{name}_new"),
            path("<int:pk>/voorbeeld/<str:language>/", view, name=name),
            # In place of the library's pattern, which takes anything for a number.
            path(
                "<int:object_id>/history/<int:version_id>/",
                self.admin_site.admin_view(self.history_form_view),
                name=history,
            ),
        ]
        return [*own, *(url for url in super().get_urls() if url.name != history)]

    def preview(self, request: HttpRequest, language: str, pk: int | None = None) -> HttpResponse:
        """The page as it would be with what stands in the form now; nothing is saved."""
        row = self.get_object(request, str(pk)) if pk else None
        if language not in starter.LANGUAGES or (pk and row is None):
            return render(request, "admin/text_preview_wrong.html", {"missing": True}, status=404)
        form = self.get_form(request, row)(request.POST, instance=row)
        if not form.is_valid():
            return render(request, "admin/text_preview_wrong.html", {"form": form}, status=422)
        with override(language):
            request.LANGUAGE_CODE = language
            return self.drawn(request, form.instance)

    def drawn(self, request: HttpRequest, text: Any) -> HttpResponse:
        """The page of this text, with a note that it is a preview."""
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["previews"] = self._previews(context.get("original"))
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The history; what is no number of a text is not found."""
        if self.get_object(request, object_id) is None:
            raise Http404
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def render_history_view(self, request: HttpRequest, template: str, context: Any, **kwargs: Any) -> Any:
        """The history, and an older version of the text, which can be looked at before it is put back."""
        if template == self.object_history_form_template:
            context["previews"] = self._previews(context["original"])
        return super().render_history_view(request, template, context, **kwargs)

    def _previews(self, row: Any) -> list[tuple[str, Any]]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
        return [
            (reverse(name, args=[row.pk, code]) if row else reverse(f"{name}_new", args=[code]), label)
            for code, label in LANGUAGES
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        texts.was_changed()
        self._write_down(request, obj, "changed" if change else "made")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._write_down(request, obj, "removed")
        super().delete_model(request, obj)
        texts.was_changed()

    def _write_down(self, request: HttpRequest, obj: Any, act: str) -> None:
        audit.record(request.user.pk, f"{self.opts.model_name}.{act}", obj)

    @admin.display(description=_("title"))
    def title(self, row: Any) -> str:
        """In the language of the reader."""
        return str(row)


@admin.register(Page)
class PageAdmin(TextAdmin):
    """Pages of text."""

    list_display = ("title", "address", "changed_at")
    search_fields = ("code", "title_nl", "title_en", "body_nl", "body_en")
    fieldsets = (
        (None, {"fields": ("code", "began_with")}),
        (_("Title and summary"), {"fields": (("title_nl", "title_en"), ("summary_nl", "summary_en"))}),
        (_("Text"), {"fields": (("body_nl", "body_en"),), "description": _(
            "Leave an empty line between two paragraphs. Where [e-mail] stands, the page shows the team's address. "
            "In the English text, a link to a page of this site begins with /en/.")}),
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The pages that the platform itself links to stay."""
        return obj is None or (obj.code not in choices.FIXED_PAGES and obj.code not in starter.pages())

    @admin.display(description=_("address"), ordering="code")
    def address(self, row: Page) -> str:
        """Where it stands."""
        return row.get_absolute_url()

    def drawn(self, request: HttpRequest, text: Page) -> HttpResponse:
        reading = texts.read(text)
        if text.code == texts.QUESTIONS:
            return draw_questions(request, reading, texts.by_group(texts.questions()), is_preview=True)
        return draw_page(request, reading, is_preview=True)


@admin.register(FaqEntry)
class FaqEntryAdmin(TextAdmin):
    """Questions with their answers."""

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The row's form on the list."""
        return super().get_changelist_form(request, **{"form": RowForm} | kwargs)

    list_display = ("title", "group", "position", "is_shown", "changed_at")
    list_editable = ("position", "is_shown")
    list_filter = ("group", "is_shown")
    list_per_page = 200
    # The parts in the order of the page.
    ordering = (
        Case(*(When(group=code, then=number) for number, code in enumerate(choices.FaqGroup.values))),
        "position",
        "code",
    )
    search_fields = ("code", "question_nl", "question_en", "answer_nl", "answer_en")
    fieldsets = (
        (None, {"fields": ("code", ("group", "position", "is_shown"), "began_with")}),
        (_("Question"), {"fields": (("question_nl", "question_en"),)}),
        (_("Answer"), {"fields": (("answer_nl", "answer_en"),), "description": _(
            "Leave an empty line between two paragraphs. Keep it short: three or four sentences.")}),
    )  # fmt: skip

    def drawn(self, request: HttpRequest, text: FaqEntry) -> HttpResponse:
        page = texts.find(texts.QUESTIONS)
        assert page is not None  # the platform starts with one
        return draw_questions(request, texts.read(page), texts.by_group([text]), is_preview=True)
