"""The style page: every component with its states."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from collectievekracht.common import charts
from collectievekracht.common.templatetags.ui_forms import Choice

AGREEMENT = (
    ("1", _("Strongly disagree")),
    ("2", _("Disagree")),
    ("3", _("Neither agree nor disagree")),
    ("4", _("Agree")),
    ("5", _("Strongly agree")),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of the collective"), help_text=_("As you write it yourselves."))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    message = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    region = forms.ChoiceField(
        label=_("Region"), choices=[("", "–"), ("NL-UT", "Utrecht"), ("BE-VAN", "Antwerpen")]
    )
    phase = forms.ChoiceField(
        label=_("Phase"),
        choices=[("plan", _("Plan")), ("running", _("Up and running"))],
        widget=forms.RadioSelect,
    )
    sectors = forms.MultipleChoiceField(
        label=_("Areas of work"),
        choices=[("energy", _("Energy")), ("care", _("Care")), ("food", _("Food"))],
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(label=_("Our page may be public"), help_text=_("You can change this later."))


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with its states, for the team; for anyone else it does not exist."""
    if not request.user.is_staff:
        raise Http404
    form = SampleForm(data={"name": "", "email": "geen-adres", "sectors": ["energy"]})
    agreement = [Choice(value, str(label)) for value, label in AGREEMENT]
    context: dict[str, Any] = {
        "form": form,
        "empty_form": SampleForm(prefix="leeg"),
        "has_errors": False,
        "scale": [*agreement, Choice("dk", str(_("I don't know, or it does not fit us")), apart=True)],
        "sectors": [
            Choice("energy", str(_("Energy")), count=61),
            Choice("care", str(_("Care")), hint=str(_("Also living together")), count=12),
            Choice("other", str(_("Something else")), text_name="sectors__other", text_value="Repaircafé"),
        ],
        "page": Paginator(range(500), 25).page(4),
        "figures": [
            ("257", _("citizen collectives")),
            ("168", _("experts in five labs")),
            ("15", _("areas of work")),
        ],
        "facts": [(_("Legal form"), "Coöperatie"), (_("Founded"), "2014"), (_("Region"), "Utrecht")],
        "answers": [(_("Name"), "Voorbeeldstroom", "#", _("name")), (_("Place"), "Zeist", "#", _("place"))],
        "tasks": [
            {"title": _("About your collective"), "url": "#", "state": "done"},
            {"title": _("People"), "url": "#", "state": "viewed", "detail": _("2 questions still open")},
            {"title": _("Direction and culture"), "url": "#", "state": "started"},
            {"title": _("Money"), "url": "#", "state": "todo"},
            {"title": _("Check and send"), "url": "", "state": "blocked"},
        ],
        "steps": [
            (_("Scores"), "done"),
            (_("Profile page"), "done"),
            (_("Report"), "busy"),
            (_("Mail"), "todo"),
            (_("Pin"), "failed"),
        ],
        "columns": [_("Region"), _("Collectives"), _("Share")],
        "rows": [["Utrecht", "31", "12%"], ["Noord-Holland", "48", "19%"], ["Antwerpen", "17", "7%"]],
        "kinds": ["info", "success", "warning", "error"],
        "parts": [
            ("culture", _("Shared direction (heart)"), 80, _("80, strong")),
            ("leadership", _("Leading together"), 75, _("75, strong")),
            ("network", _("Network with partners"), 40, _("40, can grow")),
            ("business", _("Business model"), None, _("too few answers")),
            ("community", _("Involved with the neighbourhood"), 65, _("65, in development")),
        ],
        "today": date(2026, 12, 3),
        "map": charts.region_map(
            settings.BASE_DIR / "members" / "data" / "regions.geojson",
            str(_("Map of the Netherlands and Flanders with collectives")),
            marked=["NL-UT"],
            pins=[(5.1, 52.1), (4.4, 51.2), (6.5, 53.2)],
            clusters=[(4.9, 52.37, 38)],
        ),
        "locator": charts.locator(
            settings.BASE_DIR / "members" / "data" / "regions.geojson",
            str(_("Zeist in the Netherlands")),
            5.23,
            52.09,
        ),
        "crumbs": SimpleNamespace(home="/", directory="/collectieven/"),
    }
    return render(request, "pages/style_guide.html", context)
