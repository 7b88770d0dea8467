"""The style page: every component with its states."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from collectievekracht.common import charts
from collectievekracht.common.templatetags.ui_forms import Choice
from collectievekracht.common.templatetags.ui_parts import KINDS
from collectievekracht.pages.second_factor import may_enter

AGREEMENT = (
    ("1", _("Strongly disagree")),
    ("2", _("Disagree")),
    ("3", _("Neither agree nor disagree")),
    ("4", _("Agree")),
    ("5", _("Strongly agree")),
)

SECTIONS = (
    ("kleur", _("Colour")),
    ("letter", _("Type")),
    ("knoppen", _("Buttons")),
    ("kaarten", _("Cards, tags and figures")),
    ("meldingen", _("Notes and notices")),
    ("uitleg", _("Explanations and sharing")),
    ("formulieren", _("Forms")),
    ("voortgang", _("Progress")),
    ("lijsten", _("Lists and tables")),
    ("grafieken", _("Charts")),
)
TONES = (
    ("", _("green: ours")),
    ("sun", _("sun: look here")),
    ("clay", _("clay: wrong, or heavy")),
    ("sky", _("blue: good to know")),
    ("plain", _("sand: quiet")),
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
    """Every component with its states, for a platform admin who showed a second factor; for anyone else it does not
    exist."""
    if not may_enter(request):
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
        "answers": [
            (_("Name"), "Voorbeeldstroom", "#lijsten", _("name")),
            (_("Place"), "Zeist", "#lijsten", _("place")),
        ],
        "tasks": [
            {"title": _("About your collective"), "url": "#voortgang", "state": "done"},
            {
                "title": _("People"),
                "url": "#voortgang",
                "state": "viewed",
                "detail": _("2 questions still open"),
            },
            {"title": _("Direction and culture"), "url": "#voortgang", "state": "started"},
            {"title": _("Money"), "url": "#voortgang", "state": "todo"},
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
        "sections": SECTIONS,
        "tones": TONES,
        "tags": [_("Energy"), _("Housing")],
        "note_kinds": ("brand", "sky", "clay"),
        "kinds": [(code, name) for code, (name, _icon) in KINDS.items()],
        "faq_url": reverse("pages:faq"),
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
    }
    return render(request, "pages/style_guide.html", context)
