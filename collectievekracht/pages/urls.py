"""Addresses of the pages that read several apps."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import path
from django.views.generic import TemplateView

from collectievekracht.pages.style_guide import style_guide
from collectievekracht.pages.views import (
    collective,
    contact,
    dashboard,
    found,
    home,
    invitations,
    reciprocity,
    texts,
    unsubscribe,
    ways_in,
)

app_name = "pages"


def text(template: str) -> Callable[..., HttpResponseBase]:
    """A page that is only text, and the same for everybody."""
    return TemplateView.as_view(template_name=f"pages/{template}.html", http_method_names=["get", "head"])


urlpatterns = [
    path("", home.home, name="home"),
    path("over/", texts.page, {"code": "over"}, name="about"),
    path("over/<slug:code>/", texts.more, name="more"),
    path("veelgestelde-vragen/", texts.faq, name="faq"),
    path("contact/", contact.contact, name="contact"),
    path("privacy/", texts.page, {"code": "privacy"}, name="privacy"),
    path("cookies/", texts.page, {"code": "cookies"}, name="cookies"),
    path("gebruiksvoorwaarden/", texts.page, {"code": "gebruiksvoorwaarden"}, name="terms"),
    path("toegankelijkheid/", texts.page, {"code": "toegankelijkheid"}, name="accessibility"),
    path("aanmelden/", ways_in.choice, name="signup_choice"),
    path("aanmelden/<str:code>/", ways_in.arrive, name="arrive"),
    path("woordenlijst/", text("glossary"), name="glossary"),
    path("mijn/", dashboard.dashboard, name="dashboard"),
    path("mijn/collectief/<slug:slug>/", collective.collective, name="collective"),
    path("mijn/stappen/<slug:key>/weg/", dashboard.put_away, name="put_away"),
    path("mijn/wederkerigheid/", reciprocity.reciprocity, name="reciprocity"),
    path("mijn/wederkerigheid/<int:year>.pdf", reciprocity.receipt, name="my_receipt"),
    path("mijn/wederkerigheid/<slug:slug>/<int:year>.pdf", reciprocity.receipt, name="receipt"),
    path("mijn/uitnodigen/", invitations.invite, name="invite"),
    path("uitnodiging/<str:token>/", invitations.invitation, name="invitation"),
    path("afmelden/<str:token>/", unsubscribe.turn_off, name="turn_off"),
    path("stijlgids/", style_guide, name="style_guide"),
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap_index, name="sitemap"),
    path("sitemap-<slug:code>.xml", found.sitemap_section, name="sitemap_section"),
]
