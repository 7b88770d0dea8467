"""Addresses of the self-scan."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from selfscan import views


class TokenConverter(StringConverter):
    """What can be a scan's token; anything else never reaches the database."""

    regex = r"[A-Za-z0-9_-]{20,40}"


register_converter(TokenConverter, "token")

app_name = "selfscan"
scan = [
    path("", views.start, name="start"),
    path("vragenlijst.pdf", views.questionnaire, name="questionnaire_pdf"),
    path("hervatten/", views.resume, name="resume"),
    path("bestaat-al/", views.find, name="find"),
    path("plaatsen/", views.places, name="places"),
    path("opnieuw/<slug:slug>/", views.repeat, name="repeat"),
    path("<token:token>/", views.overview, name="overview"),
    path("<token:token>/bewaard/", views.saved, name="saved"),
    path("<token:token>/bestaat-al/", views.duplicate, name="duplicate"),
    path("<token:token>/controle/", views.check, name="check"),
    path("<token:token>/klaar/", views.done, name="done"),
    path("<token:token>/klaar/stappen/", views.steps, name="steps"),
    path("<token:token>/rapport.pdf", views.report, name="report"),
    path("<token:token>/<slug:section>/", views.section_page, name="section"),
    path("<token:token>/<slug:section>/<int:page>/", views.section_page, name="section_page"),
]
urlpatterns = [
    path("zelfscan/", include(scan)),
    path("mijn/collectief/<slug:slug>/ontwikkeling/", views.development, name="development"),
]
