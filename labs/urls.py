"""Addresses of the labs."""

from django.urls import path

from labs import views

app_name = "labs"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.lab, name="lab"),
]
