"""Addresses of the labs."""

from django.urls import path

from labs.views import applying, confirming, letters, mine, pages

app_name = "labs"
urlpatterns = [
    path("labs/", pages.index, name="index"),
    path("labs/bevestigen/<str:token>/", confirming.confirm, name="confirm"),
    path("labs/<slug:code>/", pages.lab, name="lab"),
    path("labs/<slug:code>/aanmelden/", applying.apply, name="apply"),
    path("labs/<slug:code>/leden/<str:handle>/schrijven/", letters.write, name="write"),
    path("mijn/labs/<slug:code>/", mine.mine, name="mine"),
    path("mijn/labs/<slug:code>/bevestigen/", mine.confirm_mine, name="confirm_mine"),
    path("mijn/labs/<slug:code>/einde/", mine.end, name="end"),
]
