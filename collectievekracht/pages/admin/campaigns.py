"""Campaigns in the admin: the code as a picture and on paper, and how often its address was opened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from collectievekracht.common import audit, charts, storage
from collectievekracht.common.admin import Light
from collectievekracht.common.safe_csv import csv_response
from collectievekracht.common.templatetags.ui_formats import day as day_words
from collectievekracht.common.templatetags.ui_formats import number
from collectievekracht.pages import campaigns
from collectievekracht.pages.choices import PLAIN_CODE
from collectievekracht.pages.models import Campaign
from collectievekracht.pages.services import campaigns as services

CHART_DAYS = 30
TABLE_DAYS = 60
TITLES = {"nl": gettext_lazy("To take along, in Dutch"), "en": gettext_lazy("To take along, in English")}


class CampaignForm(forms.ModelForm):
    """A campaign's code is lower case, so that it reads the same on paper and aloud."""

    class Meta:
        model = Campaign
        fields = ("name", "code", "target", "note")

    def clean_code(self) -> str:
        """The code in small letters; only letters, figures and single hyphens between them."""
        code = str(self.cleaned_data["code"]).lower()
        if not PLAIN_CODE.fullmatch(code):
            raise ValidationError(_("Use letters, figures and hyphens only, such as spring-fair-2026."))
        return code


@admin.register(Campaign)
class CampaignAdmin(Light):
    """Campaigns: made here, ended here, and never deleted once somebody came by one."""

    form = CampaignForm
    list_display = ("name", "short_address", "target", "arrivals", "ended_at", "overview_link")
    search_fields = ("name", "code")
    fields = ("name", "code", "target", "note")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_arrivals()  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        """The code is printed: it stays."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """One by which nobody came may go; any other is ended."""
        return obj is not None and not obj.days.exists()

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Its sheets are promised in the same transaction."""
        super().save_model(request, obj, form, change)
        services.promise_sheets(obj)
        if not change:
            audit.record(request.user.pk, "campaign.made", obj)

    def response_add(
        self, request: HttpRequest, obj: Campaign, post_url_continue: Any = None
    ) -> HttpResponse:
        """After making one: its code and its sheets."""
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(overview_address(obj))

    def response_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_change(request, obj)
        return HttpResponseRedirect(overview_address(obj))

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        own = [
            path("<int:pk>/overzicht/", door(require_safe(overview)), name="campaign_overview"),
            path("<int:pk>/code-<slug:language>.svg", door(require_safe(code_svg)), name="campaign_svg"),
            path("<int:pk>/code-<slug:language>.png", door(require_safe(code_png)), name="campaign_png"),
            path("<int:pk>/<slug:sheet>-<slug:language>.pdf", door(require_safe(sheet_pdf)), name="campaign_pdf"),
            path("<int:pk>/aankomsten.csv", door(require_safe(arrivals_csv)), name="campaign_csv"),
            path("<int:pk>/vellen/", door(require_POST(draw_again)), name="campaign_draw"),
            path("<int:pk>/einde/", door(require_POST(end)), name="campaign_end"),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("short address"), ordering="code")
    def short_address(self, campaign: Campaign) -> str:
        """What is printed below the code."""
        return services.flyer_of(campaign, "nl").short_address

    @admin.display(description=gettext_lazy("arrivals"), ordering="arrivals")
    def arrivals(self, campaign: Any) -> str:
        """How often it was opened so far."""
        return number(campaign.arrivals)

    @admin.display(description=gettext_lazy("code and arrivals"))
    def overview_link(self, campaign: Campaign) -> SafeString:
        """The page with the code, the sheets and the arrivals."""
        return format_html('<a href="{}">{}</a>', overview_address(campaign), _("Code and arrivals"))


def overview_address(campaign: Campaign) -> str:
    """The page of one campaign."""
    return reverse("admin:campaign_overview", args=[campaign.pk])


def _campaign(pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.with_arrivals(), pk=pk)


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: its code to take along, its sheets, and its arrivals."""
    campaign = _campaign(pk)
    found = dict(campaign.days.values_list("day", "arrivals"))
    context = {
        "campaign": campaign,
        "total": number(campaign.arrivals),  # type: ignore[attr-defined]
        "flyers": [
            (language, title, services.flyer_of(campaign, language)) for language, title in TITLES.items()
        ],
        "sheets": services.sheets_state(campaign),
        "chart": _chart(campaign, found) if found else "",
        "rows": [(day_words(day), number(found[day])) for day in sorted(found, reverse=True)[:TABLE_DAYS]],
        "columns": (_("Day"), _("Arrivals")),
        "more_days": max(len(found) - TABLE_DAYS, 0),
        "has_permission": True,
        "user": request.user,
    }
    return render(request, "admin/campaign_overview.html", context)


def _chart(campaign: Campaign, found: dict[date, int]) -> SafeString:
    """The last thirty days that it counted, a column for each."""
    last = max(*found, _last_day(campaign)) if found else _last_day(campaign)
    days = [last - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    values = [found.get(day, 0) for day in days]
    total = sum(values)
    words = ngettext("%(n)s arrival", "%(n)s arrivals", total) % {"n": number(total)}
    title = _("Arrivals by day, %(first)s to %(last)s") % {
        "first": day_words(days[0]),
        "last": day_words(last),
    }
    return charts.columns(title, values, f"{words}. {_('The table gives each day.')}")


def _last_day(campaign: Campaign) -> date:
    today = timezone.localdate()
    return min(timezone.localdate(campaign.ended_at), today) if campaign.ended_at else today


def _flyer(pk: int, language: str) -> campaigns.Flyer:
    if language not in campaigns.LANGUAGES:
        raise Http404
    return services.flyer_of(_campaign(pk), language)


def _download(content: bytes | str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def code_svg(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The code as SVG: for whoever makes the paper."""
    flyer = _flyer(pk, language)
    return _download(
        campaigns.svg(flyer.address, flyer.short_address), "image/svg+xml", f"qr-{flyer.code}-{language}.svg"
    )


def code_png(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The code as PNG, sharp enough for print."""
    flyer = _flyer(pk, language)
    return _download(campaigns.png(flyer.address), "image/png", f"qr-{flyer.code}-{language}.png")


def sheet_pdf(request: HttpRequest, pk: int, sheet: str, language: str) -> HttpResponse:
    """A sheet that the worker drew; 404 until it did."""
    if sheet not in campaigns.SHEETS or language not in campaigns.LANGUAGES:
        raise Http404
    campaign = _campaign(pk)
    try:
        content = storage.read(services.sheet_file(campaign, sheet, language))
    except FileNotFoundError as error:
        raise Http404 from error
    return _download(content, "application/pdf", f"{sheet}-{campaign.code}-{language}.pdf")


def arrivals_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every day from the first to the last arrival, those without any too."""
    campaign = _campaign(pk)
    found = dict(campaign.days.values_list("day", "arrivals"))
    first, last = min(found, default=timezone.localdate()), max(found, default=None)
    length = (last - first).days + 1 if last else 0
    days = (first + timedelta(days=number) for number in range(length))
    rows = ((day.isoformat(), found.get(day, 0)) for day in days)
    return csv_response(f"{campaign.code}.csv", [(_("Day"), _("Arrivals")), *rows])


def draw_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Promise the sheets, where they were never made as they look now or went missing."""
    campaign = _campaign(pk)
    if services.sheets_state(campaign) == "missing":
        services.promise_sheets(campaign)
    return redirect("admin:campaign_overview", pk)


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it, or let it count again."""
    campaign = _campaign(pk)
    if request.POST.get("act") == "reopen":
        if services.reopen_campaign(campaign, request.user):  # type: ignore[arg-type]
            messages.success(request, _("The campaign counts again."))
    elif services.end_campaign(campaign, request.user, timezone.now()):  # type: ignore[arg-type]
        messages.success(
            request, _("The campaign has ended. Its address still leads on, and is not counted.")
        )
    return redirect("admin:campaign_overview", pk)
